import { describe, expect, test } from 'vitest';
import { checkBars } from '#core/data/download/check-bars.ts';
import { checkFunding } from '#core/data/download/check-funding.ts';
import { checkTrades } from '#core/data/download/check-trades.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { MarketHistoryPort } from '#core/ports/market-history.ts';
import { guardHistories } from './history-guard.ts';

const MARKET = 'BTC/USDT';
const HOUR = 3_600_000;
const signal = new AbortController().signal;
const limits = { sinceMs: Date.UTC(2024, 0, 1), endMs: Date.UTC(2025, 0, 1), futureMs: Date.UTC(2025, 0, 1) };
const can = {
  candles: true,
  mark: true,
  index: true,
  funding: true,
  trades: true,
  timeframes: ['1h'],
  tradesByNumber: false,
  tradesBackwards: false,
};
const none = { rows: [], spanMs: HOUR, limit: 1 };

/** A history that its plugin opened for `x`; what it answers is `own`, whatever the contract says. */
async function opened(own: Readonly<Record<string, unknown>>): Promise<MarketHistoryPort> {
  const history = {
    venue: 'x',
    can,
    retryMs: 1,
    time: async () => null,
    instruments: async () => new Map([[MARKET, { market: MARKET, isActive: true, facts: { minQty: 1 } }]]),
    bars: async () => none,
    funding: async () => none,
    trades: async () => none,
    close: async () => undefined,
    ...own,
  };
  return (await guardHistories('exchange/x', { venues: () => ['x'], open: async () => history }).open('x', [MARKET]))!;
}

const answers = (page: unknown) => ({ bars: async () => page, funding: async () => page, trades: async () => page });

describe('answers of a plugin that are none are its lie, named', () => {
  test.each([
    ['nothing', undefined, 'no list of rows'],
    ['null', null, 'no list of rows'],
    ['a list by itself', [], 'no list of rows'],
    ['rows that are no list', { ...none, rows: 'ab' }, 'no list of rows'],
    ['a stretch of no length', { ...none, spanMs: 0 }, 'looks at 0 ms'],
    ['a stretch of NaN', { ...none, spanMs: Number.NaN }, 'looks at NaN ms'],
    ['no stretch', { rows: [], limit: 1 }, 'looks at undefined ms'],
    ['a limit of no rows', { ...none, limit: 0 }, '0 rows at most'],
  ])('%s', async (_, page, said) => {
    const history = await opened(answers(page));
    const asked = [
      history.bars('candles', MARKET, '1h', 0, signal),
      history.funding(MARKET, 0, null, signal),
      history.trades(MARKET, { since: 0 }, signal),
    ];
    for (const answer of asked)
      await expect(answer).rejects.toMatchObject({
        code: 'PLUGIN_LIED',
        message: expect.stringContaining(`"exchange/x" broke its contract`),
      });
    await expect(asked[0]).rejects.toThrow(said);
  });

  test.each([
    ['a plain object', {}],
    ['a list', [{ market: MARKET, isActive: true, facts: {} }]],
    ['one without facts', new Map([[MARKET, { market: MARKET, isActive: true }]])],
    ['one that is null', new Map([[MARKET, null]])],
  ])('instruments: %s', async (_, found) => {
    const history = await opened({ instruments: async () => found });
    await expect(history.instruments(signal)).rejects.toMatchObject({ code: 'PLUGIN_LIED' });
  });
});

test('rows that are none are told by who checks them, and the good one beside them is kept', async () => {
  const time = limits.sinceMs;
  const bad = [null, undefined, 5, 'row'];
  const history = await opened({
    bars: async () => ({ ...none, rows: [...bad, [time, 1, 2, 1, 2, 3]] }),
    funding: async () => ({ ...none, rows: [...bad, { market: MARKET, time, rate: 0.0001 }] }),
    trades: async () => ({ ...none, rows: [...bad, { market: MARKET, time, price: 1, qty: 1, side: 'buy', id: '1' }] }),
  });
  const bars = await history.bars('candles', MARKET, '1h', 0, signal);
  const funding = await history.funding(MARKET, 0, null, signal);
  const trades = await history.trades(MARKET, { since: 0 }, signal);
  const checked = [
    checkBars(bars.rows, 'candles', parseTimeframe('1h')!, limits),
    checkFunding(funding.rows, MARKET, limits),
    checkTrades(trades.rows, MARKET, { ...limits, isNumbered: false, afterId: null }),
  ];
  for (const { rows, faults } of checked) {
    expect(rows.length).toBe(1);
    expect(faults).toEqual(Array<string>(bad.length).fill('undefined as a time'));
  }
});

test('what keeps the contract passes as it is', async () => {
  const rows = [[limits.sinceMs, 1, 2, 1, 2, 3]];
  const history = await opened({ bars: async () => ({ rows, spanMs: Infinity, limit: 500 }), time: async () => 7 });
  expect(await history.bars('candles', MARKET, '1h', 0, signal)).toEqual({ rows, spanMs: Infinity, limit: 500 });
  expect(await history.time(signal)).toBe(7);
  expect((await history.instruments(signal)).get(MARKET)?.facts).toEqual({ minQty: 1 });
  expect([history.venue, history.can, history.retryMs]).toEqual(['x', can, 1]);
});

test('a history of another venue, or that lacks a method or an ability, is none', async () => {
  await expect(opened({ venue: 'y' })).rejects.toThrow('asked for "x", it opened "y"');
  await expect(opened({ trades: undefined })).rejects.toThrow('is no history');
  await expect(opened({ can: { ...can, mark: 'yes' } })).rejects.toThrow('is no history');
  await expect(opened({ retryMs: 0 })).rejects.toThrow('is no history');
});
