import { expect, test } from 'vitest';
import { MESSAGES } from './messages.ts';
import { StratError } from './strat-error.ts';

test('a StratError fills every slot of its message from its data', () => {
  const error = new StratError('FILE_UNREADABLE', { file: 'a.csv', reason: 'it is a folder' });
  expect(error.message).toBe('Cannot read "a.csv": it is a folder. Check the path and its permissions');
  expect(error).toMatchObject({ name: 'StratError', code: 'FILE_UNREADABLE', data: { file: 'a.csv', reason: 'it is a folder' } });
  expect(error).toBeInstanceOf(Error);
});

test('a slot value that looks like a slot or a pattern stays as it is', () => {
  const error = new StratError('FILE_UNREADABLE', { file: '{reason}', reason: '$& $1' });
  expect(error.message).toContain('Cannot read "{reason}": $& $1.');
});

test('the cause is kept', () => {
  const cause = new Error('EACCES');
  expect(new StratError('INTERNAL', { reason: 'x' }, { cause }).cause).toBe(cause);
  expect('cause' in new StratError('INTERNAL', { reason: 'x' })).toBe(false);
});

test('a slot left out, or one that the message does not have, is a compile error', () => {
  // @ts-expect-error reason is missing
  expect(new StratError('FILE_UNREADABLE', { file: 'a.csv' }).message).toContain('undefined');
  // @ts-expect-error no such slot
  expect(new StratError('INTERNAL', { reason: 'x', other: 1 }).message).toContain('x');
});

test.for(Object.keys(MESSAGES))('%s is an upper-case name', (code) => {
  expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
});
