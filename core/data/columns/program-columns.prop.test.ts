import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import type { Chart, ChartColumn, ColumnRef } from '#core/model/chart-column.ts';
import { type Columns, COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';
import { nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { resampleColumns } from '../resample.ts';
import type { SessionHours } from '../calendar/session-clock.ts';
import { type BarSource, type ColumnPlan, ColumnStream } from './column-stream.ts';
import type { Predictions } from './predictions.ts';
import { programColumns } from './program-columns.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const of = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail(name);
const chart = (timeframe: string, market: string | null = null): Chart => ({ market, timeframe, stepMs: of(timeframe).stepMs });
const BARS: readonly ColumnRef[] = [...COLUMN_NAMES.map((name) => ({ kind: 'bar', name }) as const), { kind: 'closeTime' }];
const CLOSE_TIME: ColumnRef = { kind: 'closeTime' };
const on = (number: number, columns: readonly ColumnRef[]): ChartColumn[] => columns.map((column) => ({ chart: number, column }));
const NEW_YORK: SessionHours = { opensAt: 570, closesAt: 960, zone: 'America/New_York', days: [1, 2, 3, 4, 5], holidays: 'nyse' };

function planOf(base: string, charts: readonly Chart[], columns: readonly ChartColumn[], more: Partial<ColumnPlan> = {}): ColumnPlan {
  return { charts: [chart(base), ...charts], columns, sessions: [], models: [], timeframe: of(base), ...more };
}

function columnsOf(bars: readonly Bar[]): Columns {
  const columns = sharedColumns(bars.length);
  for (const name of COLUMN_NAMES) columns[name].set(bars.map((bar) => bar[name]));
  return columns;
}
const sourceOf =
  (bars: readonly Bar[]): BarSource =>
  (index) =>
    bars[index] ?? null;
const lists = (columns: readonly Float64Array[]): number[][] => columns.map((column) => [...column]);

const START = Date.UTC(2024, 1, 28);
/** Bars with gaps: which steps there are, and prices that tell them apart. */
const series = (stepMs: number, most = 300): fc.Arbitrary<Bar[]> =>
  fc
    .array(
      fc.tuple(fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 60 })), fc.integer({ min: 1, max: 9999 })),
      { minLength: 1, maxLength: most },
    )
    .map((steps) => {
      let time = START;
      return steps.map(([gap, price]) => {
        time += gap * stepMs;
        return {
          time,
          open: price,
          high: price + (price % 7),
          low: Math.max(price - (price % 5), 0.5),
          close: price + (price % 3),
          volume: price % 11,
        };
      });
    });

describe('longer bars of the market that is traded', () => {
  test.for([
    ['1h', '4h'],
    ['1h', '1d'],
    ['5m', '1h'],
    ['4h', '1w'],
    ['1d', '1w'],
    ['1d', '1mo'],
    ['1h', '3mo'],
  ] as const)('%s to %s: those that resampling gives, closed on the grid', ([base, longer]) => {
    fc.assert(
      fc.property(series(of(base).stepMs), (bars) => {
        const { columns, bars: counts } = programColumns(planOf(base, [chart(longer)], on(1, BARS)), columnsOf(bars), new Map());
        const whole = resampleColumns(columnsOf(bars), of(base), of(longer));
        const end = nextOpen(of(base), bars.at(-1)!.time);
        const closes = [...whole.columns.time].map((open) => nextOpen(of(longer), open)).filter((close) => close <= end);
        const expected = COLUMN_NAMES.map((name) => [...whole.columns[name]].slice(0, closes.length));
        expect(lists(columns)).toEqual([...expected, closes]);
        expect([...counts]).toEqual([bars.length, closes.length]);
      }),
      { numRuns: 30 },
    );
  });

  test('a bar is told with the first traded bar that closes no earlier, never before', () => {
    fc.assert(
      fc.property(series(HOUR), (bars) => {
        const told: number[] = [];
        const stream = new ColumnStream(
          planOf('1h', [chart('4h'), chart('1d')], [...on(1, [CLOSE_TIME]), ...on(2, [CLOSE_TIME])]),
          new Map(),
          (number, values) => told.push(number, values[0]!),
        );
        const before: number[] = [];
        for (const bar of bars) {
          stream.next(bar);
          const news = told.splice(0);
          for (let at = 1; at < news.length; at += 2) {
            expect(news[at]).toBeLessThanOrEqual(bar.time + HOUR);
            expect(news[at]).toBeGreaterThan(before.at(-1) ?? -Infinity);
          }
          before.push(bar.time + HOUR);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('days of a session', () => {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' });
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', weekday: 'short' });

  test('begin and end at midnight of its zone, through both changes of the clocks', () => {
    // 2024-03-10 had 23 hours, 2024-11-03 had 25.
    for (const from of ['2024-03-07T00:00Z', '2024-10-31T00:00Z']) {
      const bars = Array.from({ length: 24 * 8 }, (_, index) => ({
        time: Date.parse(from) + index * HOUR,
        open: index,
        high: index,
        low: index,
        close: index,
        volume: 1,
      }));
      const { columns } = programColumns(planOf('1h', [chart('1d')], on(1, BARS), { sessions: [NEW_YORK] }), columnsOf(bars), new Map());
      const groups = [...Map.groupBy(bars, (bar) => day.format(bar.time)).values()];
      // The first day began before the bars, the last is not over.
      const whole = groups.slice(1, -1);
      const middle = columns.map((column) => [...column].slice(1));
      expect(middle[0]).toEqual(whole.map((group) => group[0]!.time));
      expect(middle[4]).toEqual(whole.map((group) => group.at(-1)!.close));
      expect(middle[5]).toEqual(whole.map((group) => group.length));
      expect(middle[6]).toEqual(whole.map((group) => group.at(-1)!.time + HOUR));
      expect(new Set(middle[5])).toEqual(new Set([24, from.startsWith('2024-03') ? 23 : 25]));
    }
  });

  test('weeks begin on Monday of its zone, months on their first day', () => {
    const bars = Array.from({ length: 24 * 70 }, (_, index) => ({
      time: Date.parse('2024-02-01T00:00Z') + index * HOUR,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1,
    }));
    const { columns } = programColumns(
      planOf('1h', [chart('1w'), chart('1mo')], [...on(1, [BARS[0]!]), ...on(2, [BARS[0]!])], { sessions: [NEW_YORK] }),
      columnsOf(bars),
      new Map(),
    );
    const starts = (isStart: (time: number) => boolean): number[] =>
      bars.map(({ time }) => time).filter((time) => isStart(time) && day.format(time) !== day.format(time - 1));
    const [weeks = [], months = []] = lists(columns);
    expect(weeks.slice(1)).toEqual(starts((time) => weekday.format(time) === 'Mon').slice(0, -1));
    expect(months.slice(1)).toEqual(starts((time) => day.format(time).endsWith('-01')).slice(0, -1));
  });

  test('a bar that runs over midnight belongs to the day that it ends on: nothing of it is known before', () => {
    // 04:00 to 08:00 UTC holds the midnight of New York.
    const bars = Array.from({ length: 30 }, (_, index) => ({
      time: Date.parse('2024-01-03T00:00Z') + index * 4 * HOUR,
      open: index,
      high: index,
      low: index,
      close: index,
      volume: 1,
    }));
    const { columns } = programColumns(planOf('4h', [chart('1d')], on(1, BARS), { sessions: [NEW_YORK] }), columnsOf(bars), new Map());
    const [open, , , , close, volume, closeTime] = lists(columns);
    expect(new Date(open![1]!).toISOString()).toBe('2024-01-03T05:00:00.000Z');
    expect([close![0], close![1], volume![1]]).toEqual([0, 6, 6]);
    expect(new Date(closeTime![1]!).toISOString()).toBe('2024-01-04T05:00:00.000Z');
  });

  test('the calendar is that of the zone for bars within a day, and the date of bars of a day', () => {
    const names = ['hour', 'minute', 'minute_of_day', 'weekday', 'day', 'day_of_month', 'month', 'year'] as const;
    const calendar = on(
      0,
      names.map((name) => ({ kind: 'calendar', name })),
    );
    const at = (base: string, time: string, sessions: readonly SessionHours[]): number[] =>
      lists(
        programColumns(
          planOf(base, [], calendar, { sessions }),
          columnsOf([{ time: Date.parse(time), open: 1, high: 1, low: 1, close: 1, volume: 1 }]),
          new Map(),
        ).columns,
      ).flat();
    const dayNumber = Date.UTC(2024, 2, 9) / (24 * HOUR);
    expect(at('5m', '2024-03-10T03:35Z', [NEW_YORK])).toEqual([22, 35, 22 * 60 + 35, 6, dayNumber, 9, 3, 2024]);
    expect(at('5m', '2024-03-10T03:35Z', [])).toEqual([3, 35, 215, 7, dayNumber + 1, 10, 3, 2024]);
    expect(at('5m', '2024-03-10T03:35Z', [NEW_YORK, { ...NEW_YORK, zone: 'Asia/Tokyo' }])).toEqual([
      3,
      35,
      215,
      7,
      dayNumber + 1,
      10,
      3,
      2024,
    ]);
    expect(at('1d', '2024-03-08T00:00Z', [NEW_YORK])).toEqual([0, 0, 0, 5, dayNumber - 1, 8, 3, 2024]);
  });
});

describe('another market', () => {
  test('its bars, and longer ones made of them, are those that closed by the last traded bar', () => {
    fc.assert(
      fc.property(series(HOUR, 120), series(HOUR, 120), (traded, other) => {
        const charts = [chart('1h', 'ETH/USDT'), chart('1d', 'ETH/USDT')];
        const plan = planOf('1h', charts, [...on(1, BARS), ...on(2, BARS)]);
        const { columns } = programColumns(plan, columnsOf(traded), new Map([['ETH/USDT', sourceOf(other)]]));
        const end = traded.at(-1)!.time + HOUR;
        const closed = other.filter((bar) => bar.time + HOUR <= end);
        const own = COLUMN_NAMES.map((name) => closed.map((bar) => bar[name]));
        const days = closed.length === 0 ? sharedColumns(0) : resampleColumns(columnsOf(closed), of('1h'), of('1d')).columns;
        const closes = [...days.time].map((open) => open + 24 * HOUR).filter((close) => close <= end);
        const daily = COLUMN_NAMES.map((name) => [...days[name]].slice(0, closes.length));
        expect(lists(columns)).toEqual([...own, closed.map((bar) => bar.time + HOUR), ...daily, closes]);
      }),
      { numRuns: 60 },
    );
  });

  test('a longer bar is told when it is over, without what ends later', () => {
    // The other market's hours begin at half past: that of 23:30 ends on the next day.
    const bar = (time: string, price: number): Bar => ({
      time: Date.parse(time),
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 1,
    });
    const other = [bar('2024-01-03T22:30Z', 1), bar('2024-01-03T23:30Z', 2), bar('2024-01-04T00:30Z', 3)];
    const traded = ['22:00', '23:00', '24:00', '25:00'].map((_, index) =>
      bar(new Date(Date.parse('2024-01-03T22:00Z') + index * HOUR).toISOString(), 9),
    );
    const { columns } = programColumns(planOf('1h', [chart('1d', 'X')], on(1, BARS)), columnsOf(traded), new Map([['X', sourceOf(other)]]));
    expect([columns[4]![0], new Date(columns[6]![0]!).toISOString(), columns[0]!.length]).toEqual([1, '2024-01-04T00:00:00.000Z', 1]);
  });

  test('one that nobody has is named', () => {
    expect(() => programColumns(planOf('1h', [chart('1h', 'ETH/USDT')], on(1, BARS)), columnsOf([]), new Map())).toThrow('ETH/USDT');
  });
});

describe('the rest', () => {
  test('predictions hold until the next, and know their age', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 40 }).map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(series(HOUR, 60), times, (bars, minutes) => {
        const time = minutes.map((minute) => START + minute * 30 * MINUTE);
        const model: Predictions = {
          time: Float64Array.from(time),
          up: Float64Array.from(time, (_, index) => index / 100),
          down: null,
          value: null,
        };
        const columns = on(
          0,
          (['up', 'down', 'age'] as const).map((name) => ({ kind: 'model', model: 0, name })),
        );
        const [up, down, age] = lists(programColumns(planOf('1h', [], columns, { models: [model] }), columnsOf(bars), new Map()).columns);
        const last = bars.map((bar) => time.findLastIndex((open) => open + HOUR <= bar.time + HOUR));
        expect(up).toEqual(last.map((index) => (index < 0 ? Number.NaN : index / 100)));
        expect(down).toEqual(last.map(() => Number.NaN));
        expect(age).toEqual(last.map((index, row) => (index < 0 ? Number.NaN : bars[row]!.time + HOUR - (time[index]! + HOUR))));
      }),
      { numRuns: 60 },
    );
  });

  test('a prediction named by the open of its bar is known when that bar closes, not before', () => {
    fc.assert(
      fc.property(series(HOUR, 60), (rows) => {
        // As one exports it beside the candles: what the model says of a bar is its close.
        const model: Predictions = {
          time: Float64Array.from(rows, ({ time }) => time),
          up: null,
          down: null,
          value: Float64Array.from(rows, ({ close }) => close),
        };
        const columns = on(
          0,
          (['value', 'age'] as const).map((name) => ({ kind: 'model', model: 0, name })),
        );
        const [value, age] = lists(programColumns(planOf('1h', [], columns, { models: [model] }), columnsOf(rows), new Map()).columns);
        expect(value).toEqual(rows.map(({ close }) => close));
        expect(age).toEqual(rows.map(() => 0));
      }),
      { numRuns: 40 },
    );
  });

  test('data columns that candles lack', () => {
    const bars = [0, 1, 5].map((hour) => ({ time: START + hour * HOUR, open: 1, high: 4, low: 1, close: 3 + hour, volume: 2 }));
    const columns = on(
      0,
      (['quote_volume', 'age', 'funding_rate', 'open_interest', 'spread'] as const).map((name) => ({ kind: 'data', name })),
    );
    const na = [Number.NaN, Number.NaN, Number.NaN];
    expect(lists(programColumns(planOf('1h', [], columns), columnsOf(bars), new Map()).columns)).toEqual([
      [6, 8, 16],
      [HOUR, 2 * HOUR, 6 * HOUR],
      na,
      na,
      na,
    ]);
  });

  test('columns that the data have, and what becomes of them in longer bars', () => {
    const anyRows = fc.tuple(
      series(HOUR, 80),
      fc.array(fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constant(Number.NaN)), { minLength: 80, maxLength: 80 }),
    );
    fc.assert(
      fc.property(anyRows, ([bars, given]) => {
        const values = Float64Array.from(bars, (_, index) => given[index]!);
        const data = new Map([['funding_rate', values] as const, ['quote_volume', values] as const]);
        const refs = (['quote_volume', 'funding_rate', 'spread'] as const).map((name): ColumnRef => ({ kind: 'data', name }));
        const plan = planOf('1h', [chart('4h')], [...on(0, refs), ...on(1, [...refs, CLOSE_TIME])]);
        const [volume, funding, spread, sums, lasts, , closes] = lists(programColumns(plan, columnsOf(bars), new Map(), data).columns);
        expect([volume, funding]).toEqual([[...values], [...values]]);
        expect(spread).toEqual(bars.map(() => Number.NaN));
        const groups = [...Map.groupBy(bars.keys(), (index) => Math.floor(bars[index]!.time / (4 * HOUR))).values()].slice(
          0,
          closes!.length,
        );
        expect(sums).toEqual(groups.map((group) => group.reduce((sum, index) => sum + values[index]!, 0)));
        expect(lasts).toEqual(groups.map((group) => values[group.findLast((index) => !Number.isNaN(values[index])) ?? group[0]!]!));
      }),
      { numRuns: 40 },
    );
  });

  test('nothing of any column changes when later bars are left out', () => {
    const refs: readonly ColumnRef[] = [
      ...BARS,
      ...(['active', 'first', 'last', 'elapsed', 'bars'] as const).map((name): ColumnRef => ({ kind: 'session', session: 0, name })),
      { kind: 'calendar', name: 'weekday' },
      { kind: 'data', name: 'age' },
      { kind: 'model', model: 0, name: 'value' },
    ];
    const charts = [chart('4h'), chart('1d'), chart('1h', 'X'), chart('1w', 'X')];
    const model: Predictions = { time: Float64Array.of(START, START + 9 * HOUR), up: null, down: null, value: Float64Array.of(1, 2) };
    const plan = planOf(
      '1h',
      charts,
      [0, 1, 2, 3, 4].flatMap((number) => on(number, refs)),
      { sessions: [NEW_YORK], models: [model] },
    );
    fc.assert(
      fc.property(series(HOUR), series(HOUR), fc.nat(), (bars, other, cut) => {
        const kept = bars.slice(0, 1 + (cut % bars.length));
        const end = kept.at(-1)!.time + HOUR;
        const run = (traded: Bar[], rest: Bar[]): readonly Float64Array[] =>
          programColumns(plan, columnsOf(traded), new Map([['X', sourceOf(rest)]])).columns;
        const short = run(
          kept,
          other.filter((bar) => bar.time + HOUR <= end),
        );
        const long = run(bars, other);
        expect(lists(short)).toEqual(long.map((column, place) => [...column].slice(0, short[place]!.length)));
      }),
      { numRuns: 40 },
    );
  });
});
