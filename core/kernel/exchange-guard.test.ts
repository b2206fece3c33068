import { expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { BarFeedPort } from '#core/ports/bar-feed.ts';
import { createVirtualClock } from '#core/testkit/virtual-clock.ts';
import { guardExchange } from './exchange-guard.ts';
import { createFaultLog } from './fault-log.ts';

const forever = async (): Promise<never> => new Promise<never>(() => undefined);
const bar = (time: number) => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 1 });

async function guarded(more: Partial<BarFeedPort>): Promise<{ readonly feed: BarFeedPort; readonly codes: () => readonly string[] }> {
  const silent = (): void => undefined;
  const faults = createFaultLog('exchange/x', { debug: silent, info: silent, warn: silent, error: silent });
  const feed: BarFeedPort = {
    description: { kind: 'live', venue: 'x', from: 0 },
    market: 'BTC/USDT',
    timeframe: '1h',
    stepMs: 3_600_000,
    rows: Infinity,
    isSynthetic: false,
    warnings: [],
    bar: () => null,
    due: async () => undefined,
    ...more,
  };
  const exchange = guardExchange(
    { can: { bars: true, orders: false }, openFeed: async () => feed },
    { id: 'exchange/x', faults, clock: createVirtualClock(), budgetMs: 1000 },
  );
  return {
    feed: await exchange.openFeed('BTC/USDT', '1h', new AbortController().signal),
    codes: () => faults.problems().map(({ code }) => code),
  };
}

test('a feed that is waited for may have no bar yet; one that is not must have it', async () => {
  const live = await guarded({ known: async () => undefined });
  expect(live.feed.bar(0)).toBeNull();
  expect(live.codes()).toEqual([]);
  const { feed, codes } = await guarded({});
  expect(() => feed.bar(0)).toThrow('none at 0');
  expect(codes()).toEqual(['PLUGIN_LIED']);
});

test('one that never knows its next bar is left when the signal aborts', async () => {
  const { feed } = await guarded({ known: forever });
  const stop = new AbortController();
  const waiting = feed.known!(0, Infinity, stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
});

test('what it throws is named; that a market has ended is an answer', async () => {
  const broken = await guarded({
    known: async () => {
      throw new TypeError('x is not a function');
    },
  });
  await expect(broken.feed.known!(0, Infinity, new AbortController().signal)).rejects.toMatchObject({ code: 'PLUGIN_FAILED' });
  expect(broken.codes()).toEqual(['PLUGIN_FAILED']);
  const ended = await guarded({
    known: async () => {
      throw new StratError('DATA_MISSING', { market: 'BTC/USDT', reason: 'it is gone', hint: 'Stop' });
    },
  });
  await expect(ended.feed.known!(0, Infinity, new AbortController().signal)).rejects.toMatchObject({ code: 'DATA_MISSING' });
  expect(ended.codes()).toEqual([]);
});

test('bars that come later go by the same rules: none goes back in time', async () => {
  const times = [7_200_000, 3_600_000];
  const { feed, codes } = await guarded({ known: async () => undefined, bar: (index) => bar(times[index]!) });
  feed.bar(0);
  expect(() => feed.bar(1)).toThrow('not after the bar before it');
  expect(codes()).toEqual(['PLUGIN_LIED']);
});

test.each([
  ['null', null],
  ['of no kind', {}],
  ['of an unknown kind', { kind: 'tape', file: 'x' }],
  ['a market of no seed', { kind: 'sim', seed: Number.NaN }],
  ['a market of a variant that is no text', { kind: 'sim', seed: 1, variant: 2 }],
  ['a replay without its hash', { kind: 'replay', file: 'x.csv' }],
  ['live bars from no time', { kind: 'live', venue: 'x', from: null }],
])('a description that no journal could be read with again opens no account: %s', async (_, description) => {
  await expect(guarded({ description: description as never })).rejects.toMatchObject({
    code: 'PLUGIN_LIED',
    message: expect.stringContaining('description'),
  });
});

test('each kind of description is one that the journal reads again', async () => {
  const kinds = [
    { kind: 'sim', seed: 7 },
    { kind: 'sim', seed: 7, variant: 'calm' },
    { kind: 'replay', file: 'x.csv', sha256: 'ab' },
    { kind: 'live', venue: 'x', from: 0 },
  ] as const;
  for (const description of kinds) expect((await guarded({ description })).feed.description).toEqual(description);
});
