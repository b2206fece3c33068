import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarketHistoryPort, TradesFrom, UncheckedTrade } from '#core/ports/market-history.ts';
import { createVirtualClock } from '#core/testkit/virtual-clock.ts';
import { openSeriesStore } from '../store/open-series-store.ts';
import { download } from './download.ts';
import type { SeriesReport } from './download-report.ts';

const MARKET = 'BTC/USDT';
const KEY = { venue: 'x', market: MARKET, kind: 'trades', timeframe: null } as const;
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const END = START + 30 * HOUR;

interface Trade {
  readonly time: number;
  readonly id: number;
}

/** How a venue gives its trades; how many at most it does not say. */
type Kind = 'forwards' | 'windowed' | 'backwards' | 'newest' | 'without numbers' | 'with holes in numbers';

/** What a venue of a kind answers. */
function answer(kind: Kind, all: readonly Trade[], cap: number, from: TradesFrom): readonly Trade[] {
  if ('newest' in from) return all.slice(-cap);
  if ('beforeMs' in from) return all.filter(({ time }) => time < from.beforeMs).slice(-cap);
  if ('beforeId' in from) return all.filter(({ id }) => id < from.beforeId).slice(-cap);
  if (!('since' in from)) throw new Error('not asked so');
  // As ccxt does: what is older is taken out of what the venue gave.
  if (kind === 'newest') return all.slice(-cap).filter(({ time }) => time >= from.since);
  const end = kind === 'windowed' ? from.since + HOUR : Infinity;
  return all.filter(({ time }) => time >= from.since && time < end).slice(0, cap);
}

function port(kind: Kind, all: readonly Trade[], cap: number): MarketHistoryPort {
  const can = { candles: false, mark: false, index: false, funding: false, trades: true, timeframes: [], tradesByNumber: false };
  const wire = ({ time, id }: Trade): UncheckedTrade => ({
    market: MARKET,
    time,
    price: 100 + (id % 7),
    qty: id,
    side: 'buy',
    id: kind === 'without numbers' ? undefined : String(id),
  });
  return {
    venue: 'x',
    can: { ...can, tradesBackwards: kind === 'backwards' },
    retryMs: 1,
    time: async () => END,
    instruments: async () => new Map([[MARKET, { market: MARKET, isActive: true, facts: {} }]]),
    bars: async () => ({ rows: [], spanMs: 1, limit: 1 }),
    funding: async () => ({ rows: [], spanMs: 1, limit: 1 }),
    trades: async (_, from) => ({ rows: answer(kind, all, cap, from).map(wire), spanMs: Infinity, limit: 1000 }),
    close: async () => undefined,
  };
}

/** Downloads into a store of its own: the ids that are there then (quantities tell them where there are no ids). */
async function downloaded(
  history: MarketHistoryPort,
  from: number,
): Promise<{ readonly ids: readonly number[]; readonly report: SeriesReport }> {
  const folder = mkdtempSync(join(tmpdir(), 'strat-trades-'));
  const store = openSeriesStore(folder, { now: () => END });
  const clock = createVirtualClock();
  try {
    const { series } = await download(
      { targets: [{ venues: ['x'], market: MARKET, kind: 'trades', timeframe: null }], from, to: null },
      {
        store,
        histories: { venues: () => ['x'], open: async () => history },
        clock: { ...clock, now: () => END },
        seed: 1,
        patienceMs: 1000,
        signal: new AbortController().signal,
        tell: () => undefined,
        onProgress: () => undefined,
        onDone: () => undefined,
      },
    );
    const ids = store.find(KEY) === null ? [] : Array.from((await store.read(KEY)).columns['qty']!);
    return { ids, report: series[0]! };
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Moments with up to `cap` trades each, some of them close together. */
const plans = fc.integer({ min: 3, max: 25 }).chain((cap) =>
  fc.record({
    cap: fc.constant(cap),
    moments: fc.array(fc.record({ apart: fc.integer({ min: 1, max: 2 * HOUR }), count: fc.integer({ min: 1, max: cap - 1 }) }), {
      minLength: 1,
      maxLength: 40,
    }),
  }),
);

function tradesOf(moments: readonly { readonly apart: number; readonly count: number }[], step: number): readonly Trade[] {
  const all: Trade[] = [];
  let time = START;
  for (const { apart, count } of moments) {
    time += apart;
    for (let place = 0; place < count; place++) all.push({ time, id: 1 + step * all.length });
  }
  return all.filter((trade) => trade.time < END - 10_000);
}

test.each(['forwards', 'backwards', 'without numbers', 'with holes in numbers'] as const)(
  'of a venue that gives them %s no trade is lost or doubled, whatever an answer holds',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(plans, async ({ cap, moments }) => {
        const all = tradesOf(moments, kind === 'with holes in numbers' ? 3 : 1);
        const { ids, report } = await downloaded(port(kind, all, cap), START - 40 * HOUR);
        expect(ids).toEqual(all.map(({ id }) => id));
        expect(report).toMatchObject({ state: 'complete', leftOut: [] });
      }),
      { numRuns: 25 },
    );
  },
);

test('of a venue whose answers end after an hour neither, where no hour is empty: empty ones are crossed in strides', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ cap, moments }) => {
      const all = tradesOf(
        moments.map(({ apart, count }) => ({ apart: Math.ceil(apart / 2), count })),
        1,
      );
      const { ids, report } = await downloaded(port('windowed', all, cap), START);
      expect(ids).toEqual(all.map(({ id }) => id));
      expect(report).toMatchObject({ state: 'complete', leftOut: [] });
    }),
    { numRuns: 25 },
  );
});

test('a venue that gives its newest trades only is found out: what is before them is told', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ cap, moments }) => {
      const all = tradesOf(moments, 1);
      fc.pre(all.length > 0);
      const { ids, report } = await downloaded(port('newest', all, cap), START);
      const newest = all.slice(-cap);
      expect(ids).toEqual(newest.map(({ id }) => id));
      expect(report.notes.join()).toContain(`no trades before ${new Date(newest[0]!.time).toISOString()}`);
    }),
    { numRuns: 25 },
  );
});

test('more trades of one moment than an answer holds are told', async () => {
  const crowd = Array.from({ length: 30 }, (_, place): Trade => ({ time: START + HOUR, id: place + 11 }));
  const before = Array.from({ length: 10 }, (_, place): Trade => ({ time: START + place, id: place + 1 }));
  const { report } = await downloaded(port('forwards', [...before, ...crowd], 20), START);
  expect(report.notes.join()).toContain('more trades at 2024-01-01T01:00:00.000Z than one answer has');
});
