import { describe, expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import { errorText } from './error-text.ts';
import { exitCodeOf } from './exit-code.ts';

describe('an error on the terminal', () => {
  test('is one line when the message has put the cause into words, else the cause follows', () => {
    const cause = new Error("ENOENT: no such file or directory, open 'x'");
    expect(errorText(new StratError('FILE_UNREADABLE', { file: 'x', reason: 'there is no such file' }, { cause }))).not.toContain('ENOENT');
    expect(errorText(new StratError('SANDBOX_CRASHED', { reason: 'no rows' }, { cause }))).toMatch(/\n {2}because: ENOENT/);
  });

  test('keeps the lines of a list, and makes one line of a name with line breaks', () => {
    const list = '  a.csv:1: first\n  a.csv:2: second';
    expect(errorText(new StratError('DATA_INVALID', { file: 'a.csv', count: 2, list })).split('\n')).toHaveLength(3);
    expect(errorText(new StratError('FILE_UNREADABLE', { file: 'a\nb', reason: 'gone' })).split('\n')).toHaveLength(1);
  });

  test('lets nothing act on the terminal, neither of a list nor of a cause', () => {
    const list = '  a.csv:1: open is "\u001b[2J"';
    expect(errorText(new StratError('DATA_INVALID', { file: 'a.csv', count: 1, list }))).not.toContain('\u001b');
    expect(errorText(new StratError('SANDBOX_CRASHED', { reason: 'x' }, { cause: new Error('\u009b31m') }))).not.toContain('\u009b');
  });

  test('says of what nobody foresaw that it is a fault of strat, without a stack', () => {
    const text = errorText(new TypeError('x is not a function'));
    expect(text).toMatch(/^A fault of strat itself: x is not a function\nPlease report/);
    expect(text).not.toMatch(/^\s+at /m);
  });
});

test('the exit code tells wrong usage, wrong input, faults and Ctrl-C apart', () => {
  const codes = [
    new StratError('USAGE', { reason: 'x', hint: 'y' }),
    new StratError('DATA_EMPTY', { file: 'x', reason: 'y' }),
    new StratError('SANDBOX_CRASHED', { reason: 'x' }),
    new StratError('SANDBOX_CANCELLED', { bars: 1, total: 2 }),
    new TypeError('x'),
  ].map(exitCodeOf);
  expect(codes).toEqual([2, 1, 3, 130, 3]);
});
