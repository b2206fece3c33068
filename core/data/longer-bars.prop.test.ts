import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { type BarGrid, sessionGrid, utcGrid } from './bar-grid.ts';
import { type LongerBar, LongerBars, type Merging } from './longer-bars.ts';

const HOUR = 3_600_000;
const of = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail(name);

interface Row {
  readonly bar: Bar;
  readonly close: number;
  readonly values: readonly number[];
}

const price = fc.integer({ min: 1, max: 100_000 }).map((x) => x / 100);
const value = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
/** Hours with gaps, on the grid or off it, over two years with four changes of the clocks. */
const rows: fc.Arbitrary<readonly Row[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 17_000 }),
    fc.constantFrom(0, 0, HOUR / 2, HOUR / 4),
    fc.array(
      fc.record({
        skip: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) }),
        prices: fc.tuple(price, price, price, price),
        volume: price,
        values: fc.tuple(value, value),
      }),
      { minLength: 1, maxLength: 150 },
    ),
  )
  .map(([first, offset, list]) => {
    let slot = first;
    return list.map(({ skip, prices, volume, values }) => {
      slot += skip;
      const time = Date.UTC(2023, 0, 1) + slot * HOUR + offset;
      const [open, close] = prices;
      return { bar: { time, open, high: Math.max(...prices), low: Math.min(...prices), close, volume }, close: time + HOUR, values };
    });
  });

const MERGINGS: readonly Merging[] = ['sum', 'last'];

/** Every longer bar, the last one although it may not have ended. */
function made(grid: BarGrid, list: readonly Row[]): LongerBar[] {
  const longer = new LongerBars(grid, MERGINGS);
  const bars = list.map(({ bar, close, values }) => longer.add(bar, close, values));
  return [...bars, longer.forming()].filter((bar) => bar !== null);
}

const NEW_YORK = { opensAt: 570, closesAt: 960, zone: 'America/New_York' };
const CHICAGO_NIGHT = { opensAt: 17 * 60, closesAt: 16 * 60, zone: 'America/Chicago' };
const KOLKATA = { opensAt: 555, closesAt: 930, zone: 'Asia/Kolkata' };

const dateIn = (zone: string, shiftHours: number): ((time: number) => string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (time) => {
    if (shiftHours === 0) return format.format(time);
    // The day of an evening is the next one: by the wall clock, not by elapsed hours.
    const wall = new Date(
      Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDateTime().toString() + 'Z',
    ).getTime();
    return new Date(wall + shiftHours * HOUR).toISOString().slice(0, 10);
  };
};
const mondayOf = (date: string): string => {
  const time = Date.parse(date);
  return new Date(time - ((new Date(time).getUTCDay() + 6) % 7) * 24 * HOUR).toISOString().slice(0, 10);
};

describe('longer bars', () => {
  test.for([
    { name: '4h', grid: utcGrid(of('4h')), key: (end: number) => String(Math.floor((end - 1) / (4 * HOUR))) },
    { name: '1d of UTC', grid: utcGrid(of('1d')), key: (end: number) => new Date(end - 1).toISOString().slice(0, 10) },
    { name: '1d of New York', grid: sessionGrid(of('1d'), NEW_YORK), key: (end: number) => dateIn(NEW_YORK.zone, 0)(end - 1) },
    { name: '1w of New York', grid: sessionGrid(of('1w'), NEW_YORK), key: (end: number) => mondayOf(dateIn(NEW_YORK.zone, 0)(end - 1)) },
    {
      name: '1mo of New York',
      grid: sessionGrid(of('1mo'), NEW_YORK),
      key: (end: number) => dateIn(NEW_YORK.zone, 0)(end - 1).slice(0, 7),
    },
    { name: '1d of Kolkata', grid: sessionGrid(of('1d'), KOLKATA), key: (end: number) => dateIn(KOLKATA.zone, 0)(end - 1) },
    {
      name: '1d of a night session',
      grid: sessionGrid(of('1d'), CHICAGO_NIGHT),
      key: (end: number) => dateIn(CHICAGO_NIGHT.zone, 7)(end - 1),
    },
    {
      name: '1w of a night session',
      grid: sessionGrid(of('1w'), CHICAGO_NIGHT),
      key: (end: number) => mondayOf(dateIn(CHICAGO_NIGHT.zone, 7)(end - 1)),
    },
    {
      name: '4h of New York is that of UTC',
      grid: sessionGrid(of('4h'), NEW_YORK),
      key: (end: number) => String(Math.floor((end - 1) / (4 * HOUR))),
    },
  ])('$name: what ends on one day is one bar', ({ grid, key }) => {
    fc.assert(
      fc.property(rows, (list) => {
        const groups = [...Map.groupBy(list, ({ close }) => key(close)).values()];
        const bars = made(grid, list);
        expect(bars.map(({ bar: { open, high, low, close, volume }, values }) => [{ open, high, low, close, volume }, ...values])).toEqual(
          groups.map((group) => [
            {
              open: group[0]!.bar.open,
              high: Math.max(...group.map(({ bar }) => bar.high)),
              low: Math.min(...group.map(({ bar }) => bar.low)),
              close: group.at(-1)!.bar.close,
              volume: group.reduce((sum, { bar }) => sum + bar.volume, 0),
            },
            group.reduce((sum, { values }) => sum + values[0]!, 0),
            group.findLast(({ values }) => !Number.isNaN(values[1]!))?.values[1] ?? Number.NaN,
          ]),
        );
        // Its ends are those of its day, and hold all that is in it: nothing of what comes later.
        for (const [at, { bar, end }] of bars.entries()) {
          expect(key(bar.time + 1)).toBe(key(end));
          expect(key(end + 1)).not.toBe(key(end));
          expect(key(bar.time)).not.toBe(key(bar.time + 1));
          expect(groups[at]!.every(({ close }) => close > bar.time && close <= end)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('are given when they end by the grid, whether their last part is there or not, and never before', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(utcGrid(of('4h')), sessionGrid(of('1d'), NEW_YORK)), (list, grid) => {
        const longer = new LongerBars(grid, MERGINGS);
        const given: LongerBar[] = [];
        const from = list[0]!.bar.time;
        let next = 0;
        for (let now = from; now <= list.at(-1)!.close; now += HOUR / 4) {
          for (; next < list.length && list[next]!.close <= now; next += 1) {
            const { bar, close, values } = list[next]!;
            const ended = longer.add(bar, close, values);
            if (ended !== null) given.push(ended);
          }
          const ended = longer.endedBy(now);
          if (ended !== null) given.push(ended);
          expect(given).toEqual(made(grid, list.slice(0, next)).filter(({ end }) => end <= now));
        }
      }),
      { numRuns: 10 },
    );
  });
});

test('Monday of a night session begins on Sunday evening, in winter and in summer', () => {
  const grid = sessionGrid(of('1w'), CHICAGO_NIGHT);
  const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
  expect(iso(grid.open(Date.parse('2024-01-10T12:00Z')))).toBe('2024-01-07T23:00');
  expect(iso(grid.open(Date.parse('2024-07-10T12:00Z')))).toBe('2024-07-07T22:00');
  expect(iso(grid.end(Date.parse('2024-03-08T12:00Z')))).toBe('2024-03-10T22:00');
});
