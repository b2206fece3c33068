import { describe, expect, test } from 'vitest';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { INNER_COLUMNS } from '#core/model/inner-bars.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { innerBars } from './inner-bars.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const [HOUR, HALF, DAY, MONTH, FOUR] = ['1h', '30m', '1d', '1mo', '4h'].map((name) => parseTimeframe(name)!) as [
  Timeframe,
  Timeframe,
  Timeframe,
  Timeframe,
  Timeframe,
];

/** Rows of minutes since the start, open, high, low, close. */
function columnsOf(...rows: readonly (readonly number[])[]): Columns {
  const columns = sharedColumns(rows.length);
  for (const [at, [minute, open, high, low, close]] of rows.entries()) {
    columns.time[at] = START + minute! * MINUTE;
    columns.open[at] = open!;
    columns.high[at] = high!;
    columns.low[at] = low!;
    columns.close[at] = close!;
    columns.volume[at] = at + 1;
  }
  return columns;
}

const hours = columnsOf([0, 10, 14, 8, 12], [60, 12, 15, 11, 13]);
const whole = [
  [0, 10, 14, 9, 9],
  [30, 9, 12, 8, 12],
  [60, 12, 13, 11, 12],
  [90, 12, 15, 12, 13],
];

function endsOf(bars: Columns, timeframe: Timeframe, finer: readonly (readonly number[])[], finerTimeframe = HALF): readonly number[] {
  const inner = innerBars({ columns: bars, timeframe }, { columns: columnsOf(...finer), timeframe: finerTimeframe }, 'finer.csv');
  for (const name of INNER_COLUMNS.slice(1, -2)) expect(inner[name]).toHaveLength(inner.ends.at(-1) ?? 0);
  return [...inner.ends];
}

describe('the finer bars that a bar is made of', () => {
  test('are those that open and end within it', () => {
    const inner = innerBars({ columns: hours, timeframe: HOUR }, { columns: columnsOf(...whole), timeframe: HALF }, 'finer.csv');
    expect([...inner.ends]).toEqual([2, 4]);
    expect(INNER_COLUMNS.slice(1, -2).map((name) => [...inner[name]])).toEqual([
      [0, 30, 60, 90].map((minute) => START + minute * MINUTE),
      [10, 9, 12, 12],
      [14, 12, 13, 15],
      [9, 8, 11, 12],
      [9, 12, 12, 13],
      [1, 2, 3, 4],
    ]);
  });

  test.each([
    ['the first', whole.slice(1), [0, 2]],
    ['the last', whole.slice(0, 3), [2, 2]],
    ['one with the low', whole.toSpliced(1, 1, [30, 9, 12, 9, 12]), [0, 2]],
    ['one with the high', whole.toSpliced(3, 1, [90, 12, 14, 12, 13]), [2, 2]],
    ['all', [], [0, 0]],
  ])('are none where they do not have its prices: %s is missing', (_, finer, ends) => {
    expect(endsOf(hours, HOUR, finer)).toEqual(ends);
  });

  test('leave alone what lies before, between and behind the bars', () => {
    const gap = columnsOf([0, 10, 14, 8, 12], [120, 12, 15, 11, 13]);
    const moved = whole.map(([minute, ...prices]) => [minute! >= 60 ? minute! + 60 : minute!, ...prices]);
    expect(
      endsOf(gap, HOUR, [[-30, 99, 99, 99, 99], ...moved.slice(0, 2), [60, 99, 99, 99, 99], ...moved.slice(2), [180, 1, 1, 1, 1]]),
    ).toEqual([2, 4]);
  });

  test('are none where one reaches over the end of the bar', () => {
    const off = columnsOf([60, 10, 14, 8, 12]);
    expect(
      endsOf(
        off,
        DAY,
        [
          [0, 10, 14, 9, 9],
          [1440, 9, 12, 8, 12],
        ],
        FOUR,
      ),
    ).toEqual([0]);
  });

  test('fill months, which have no fixed length', () => {
    const month = columnsOf([0, 10, 14, 8, 12], [31 * 1440, 12, 15, 11, 13]);
    const days = [
      [0, 10, 14, 8, 9],
      [30 * 1440, 9, 12, 9, 12],
      [31 * 1440, 12, 15, 11, 13],
    ];
    expect(endsOf(month, MONTH, days, DAY)).toEqual([2, 3]);
  });

  test.each([
    ['above', [30, 9, 14.5, 8, 12], '8 to 14.5'],
    ['below', [30, 9, 12, 7.5, 12], '7.5 to 12'],
  ])('may not leave its range: %s', (_, row, range) => {
    expect(() => endsOf(hours, HOUR, whole.toSpliced(1, 1, row))).toThrow(
      new RegExp(
        `finer\\.csv.*its 30m bar of 2024-01-01 00:30 trades from ${range}, outside of the 1h bar of 2024-01-01 00:00, which trades from 8 to 14\\.`,
      ),
    );
  });
});
