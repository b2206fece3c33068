import { describe, expect, test } from 'vitest';
import { readBarTable } from './bar-table.ts';

const HOUR = 3_600_000;
const read = (text: string): ReturnType<typeof readBarTable> => readBarTable(text, 0, HOUR);

/** Bars as `hour: open high low close volume`. */
function barsOf(text: string): readonly string[] {
  const table = read(text);
  if (!table.ok) throw new Error(table.error.map(({ message }) => message).join('\n'));
  const { time, open, high, low, close, volume } = table.value.columns;
  return Array.from(time, (at, i) => `${at / HOUR}: ${open[i]} ${high[i]} ${low[i]} ${close[i]} ${volume[i]}`);
}

describe('a table of bars', () => {
  test.for([
    ['a close is all of a bar', '101', ['0: 101 101 101 101 100']],
    ['four numbers are a candle, a fifth the volume', '1 3 0.5 2\n2 2 2 2 7', ['0: 1 3 0.5 2 100', '1: 2 2 2 2 7']],
    ['comments and empty lines are nothing', '# a\n\n  1 # b\n', ['0: 1 1 1 1 100']],
    ['cells may stand between bars', '| 1 | 3 | 0.5 | 2 |', ['0: 1 3 0.5 2 100']],
    ['flat', 'flat 5 x 2\nflat 6', ['0: 5 5 5 5 100', '1: 5 5 5 5 100', '2: 6 6 6 6 100']],
    ['flat with highs and lows', 'flat 5 +-1 x 1', ['0: 5 6 4 5 100']],
    ['a line ends where it says', 'line 100 to 103 in 3', ['0: 101 101 101 101 100', '1: 102 102 102 102 100', '2: 103 103 103 103 100']],
    ['missing bars take their time', '1\nmissing x 2\n2', ['0: 1 1 1 1 100', '3: 2 2 2 2 100']],
    ['a heading says what rows hold', 'close volume\n5 9', ['0: 5 5 5 5 9']],
    ['the high of an open and a close is the higher one', 'open close\n5 9\n9 5', ['0: 5 9 5 9 100', '1: 9 9 5 5 100']],
    ['times', 'time close\n1970-01-01T02:00 5\n1970-01-02 6', ['2: 5 5 5 5 100', '24: 6 6 6 6 100']],
  ] as const)('%s', ([, text, bars]) => expect(barsOf(text)).toEqual(bars));

  test('a random stretch goes on where the one before ended, and is the same for its seed', () => {
    const [one, two] = [barsOf('flat 50\nrandom 30 seed 3'), barsOf('flat 50\nrandom 30 bars seed 3 from 50')];
    expect(one).toEqual(two);
    expect(one).toHaveLength(31);
    expect(one[1]).toMatch(/^1: 50 /);
    expect(barsOf('flat 50\nrandom 30 seed 4')).not.toEqual(one);
  });

  test('further columns are na where nothing stands', () => {
    const table = read('close funding_rate\n5 -0.01\n6 -');
    expect(table.ok && [...table.value.further]).toEqual([['funding_rate', Float64Array.of(-0.01, Number.NaN)]]);
  });

  test.for([
    ['nothing', '# nothing', 0, /no bars/],
    ['a word', 'flat 1\nflta 3', 1, /begins with "flta"/, /did you mean flat/],
    ['an unknown column', 'close volum\n1 2', 0, /no column "volum"/, /did you mean volume/],
    ['a column twice', 'close close', 0, /twice/],
    ['a heading without a close', 'open high', 0, /no close/],
    ['two numbers', '1 2', 0, /2 numbers/],
    ['a row of another length', 'open close\n1', 1, /1 values under a heading of 2/],
    ['a high below', '2 1 1 1', 0, /high 1 is not the highest/],
    ['a low above', '1 3 2 3', 0, /low 2 is not the lowest/],
    ['zero', '0', 0, /above zero/],
    ['a range below zero', 'flat 1 +-1 x 2', 0, /not above zero/],
    ['no number', 'close\n1e5', 1, /begins with "1e5"/],
    ['a time that does not rise', 'time close\n1970-01-02 1\n1970-01-02 1', 2, /not after/],
    ['no time', 'time close\n1970-13-02 1', 1, /no time/],
    ['no count', 'flat 1 x 0', 0, /no number of bars/],
    ['far too many', 'flat 1 x 100001', 0, /more than 100000/],
    ['half a line', 'line 1 to 2', 0, /a line goes/],
    ['half a random', 'random 5', 0, /a seed/],
  ] as const)('%s is told at its line', ([, text, line, message, hint]) => {
    const table = read(text);
    expect(table.ok).toBe(false);
    const [fault] = table.ok ? [] : table.error;
    expect(fault).toMatchObject({ line, message: expect.stringMatching(message) });
    expect(fault?.hint).toMatch(hint ?? /./);
  });

  test('shows nothing that a terminal obeys', () => {
    const table = read('\u001b[31mred');
    expect(JSON.stringify(table)).not.toContain('\\u001b');
  });
});
