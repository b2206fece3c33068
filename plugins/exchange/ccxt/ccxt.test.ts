import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { MarketHistoryPort } from 'strat/ports/market-history';
import { VenueFault } from 'strat/ports/venue-fault';
import { exchangeContract } from 'strat/testkit/exchange-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { asVenueFault } from './as-venue-fault.ts';
import { setup } from './ccxt.ts';
import { CcxtHistory } from './history.ts';
import { instrumentsOf } from './instrument.ts';
import { type CcxtVenueClass, venueClass, venueIds } from './venue-class.ts';
import { venueFetch } from './venue-fetch.ts';

exchangeContract({ create: (context) => setup({ venues: {} }, context), market: 'BTC/USDT', timeframe: '1h' });

const open = async (venue: string): Promise<MarketHistoryPort | null> => {
  const { port } = setup({ venues: {} }, pluginSurroundings().context);
  return port.histories!.open(venue, ['BTC/USDT']);
};

describe('venues of ccxt', () => {
  test('are about a hundred, each of which opens, says what it can and is asked nothing by that', async () => {
    const ids = venueIds();
    expect(ids.length).toBeGreaterThan(90);
    for (const id of ids) {
      const history = await open(id);
      expect(history?.venue, id).toBe(id);
      expect(history?.can.candles !== true || history.can.timeframes.length > 0, id).toBe(true);
    }
  }, 60_000);

  test.each(['nope', '../binance', 'pro/binance', 'BINANCE', 'base/Exchange', ''])('are none under the name "%s"', async (name) => {
    expect(await open(name)).toBeNull();
  });
});

describe('instruments', () => {
  test('have filters and fees, and nothing that is not a plain value', () => {
    const market = {
      symbol: 'BTC/USDT',
      active: true,
      taker: 0.001,
      precision: { price: 0.01, amount: Infinity },
      limits: { cost: { min: 5, max: '\u001b[2J' } },
      expiry: { evil: true },
    };
    const found = instrumentsOf(
      {
        a: market,
        b: { symbol: 'BTC/USDT:USDT-251226-100000-C' },
        c: null,
        d: { symbol: 7 },
        e: { symbol: '__proto__' },
      },
      true,
    );
    expect([...found]).toEqual([
      ['BTC/USDT', { market: 'BTC/USDT', isActive: true, facts: { priceStep: 0.01, minNotional: 5, takerFee: 0.001, isActive: true } }],
    ]);
  });

  test('have no step where ccxt counts digits: five of a price of Bitfinex are no step of 5', () => {
    const markets = { a: { symbol: 'BTC/USD', precision: { price: 5, amount: 8 }, limits: { amount: { min: 0.0001 } } } };
    expect(instrumentsOf(markets, false).get('BTC/USD')?.facts).toEqual({ minQty: 0.0001 });
  });

  test.each([
    ['binance', { priceStep: 5, qtyStep: 8 }],
    ['bitfinex', {}],
  ])('of %s, by what its class counts in', async (venue, facts) => {
    const real = (await venueClass(venue))!;
    class Listing extends real {
      override readonly loadMarkets = async (): Promise<unknown> => ({ a: { symbol: 'BTC/USD', precision: { price: 5, amount: 8 } } });
    }
    const history = new CcxtHistory({ venue, venueClass: Listing, settings: {}, markets: [], clock: { now: () => 0, steady: () => 0 } });
    expect((await history.instruments(new AbortController().signal)).get('BTC/USD')?.facts).toEqual(facts);
    await history.close();
  });

  test.each([null, 'text', 7, []])('are none in %j', (answer) => {
    expect(instrumentsOf(answer, true).size).toBe(0);
  });
});

describe('what ccxt throws', () => {
  // The real classes, as ccxt's types of errors are told apart by their names.
  test.each([
    ['DDoSProtection', 'busy'],
    ['RateLimitExceeded', 'busy'],
    ['OnMaintenance', 'maintenance'],
    ['ExchangeNotAvailable', 'unreachable'],
    ['RequestTimeout', 'unreachable'],
    ['NullResponse', 'garbled'],
    ['ExchangeError', 'garbled'],
    ['BadSymbol', 'refused'],
    ['BadRequest', 'refused'],
    ['NotSupported', 'unsupported'],
    ['PermissionDenied', 'forbidden'],
    ['RestrictedLocation', 'forbidden'],
  ])('%s is %s', async (name, kind) => {
    const errors = (await import(new URL('src/base/errors.js', import.meta.resolve('ccxt')).href)) as Record<
      string,
      new (message: string) => Error
    >;
    expect(asVenueFault(new errors[name]!('it said so'))).toMatchObject({ kind, message: 'it said so' });
  });

  test('and is none of its errors: its answer could not be read', () => {
    expect(asVenueFault(new TypeError('x is not iterable')).kind).toBe('garbled');
  });

  test('is shown without what moves a terminal, and cut', () => {
    const { message } = asVenueFault(new Error(`\u001b[2J\n${'x'.repeat(1000)}`));
    expect(message).toMatch(/^its answer cannot be read \(\[2J x+\.\.\.\)$/);
    expect(message.length).toBeLessThan(260);
  });
});

test('a venue without a clock is at the time of its last answer, and what has passed since', async () => {
  const server = createServer((_, response) => void response.writeHead(200, { date: 'Fri, 01 Mar 2024 00:00:00 GMT' }).end('[]'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let steadyMs = 1000;
  const clock = { now: () => 0, steady: () => steadyMs };
  class Clockless {
    readonly has = { fetchOHLCV: true };
    readonly timeframes = { '1m': '1m' };
    readonly fetchOHLCV: () => Promise<unknown>;
    constructor({ fetchImplementation: ask }: { readonly fetchImplementation: ReturnType<typeof venueFetch> }) {
      this.fetchOHLCV = async () => (await ask(url, { method: 'GET', headers: {}, body: undefined })).json();
    }
    async close(): Promise<void> {}
  }
  const history = new CcxtHistory({ venue: 'x', venueClass: Clockless as unknown as CcxtVenueClass, settings: {}, markets: [], clock });
  const { signal } = new AbortController();
  expect(await history.time(signal)).toBeNull();
  await history.bars('candles', 'BTC/USDT', '1m', 0, signal);
  steadyMs += 2500;
  expect(await history.time(signal)).toBe(Date.UTC(2024, 2, 1) + 2500);
  await history.close();
  server.close();
});

describe('the fetch of venues', () => {
  let server: Server;
  afterEach(() => server.close());
  const ask = async (status: number, body: string, headers: Record<string, string> = {}, maxBytes?: number): Promise<Response> => {
    server = createServer((_, response) => void response.writeHead(status, headers).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const signal = new AbortController().signal;
    const clock = { now: () => Date.UTC(2026, 0, 1), steady: () => performance.now() };
    const own = venueFetch({ deadlineMs: 2000, signal, clock, onDate: () => undefined, ...(maxBytes === undefined ? {} : { maxBytes }) });
    return own(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'GET', headers: {}, body: undefined });
  };

  test.each([
    [429, {}, 'busy', null],
    [429, { 'retry-after': '7' }, 'busy', 7000],
    [429, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 'busy', 60_000],
    [429, { 'retry-after': 'soon' }, 'busy', null],
    [429, { 'retry-after': '-5' }, 'busy', null],
    [429, { 'retry-after': '999999999' }, 'busy', 7 * 86_400_000],
    [418, { 'retry-after': '300' }, 'banned', 300_000],
    [418, {}, 'banned', 120_000],
    [403, {}, 'banned', 120_000],
    [451, {}, 'forbidden', null],
    [302, { location: 'http://169.254.169.254/' }, 'unreachable', null],
    [500, {}, 'unreachable', null],
    [503, { 'retry-after': '60' }, 'maintenance', 60_000],
  ])('%i %j is %s', async (status, headers, kind, waitMs) => {
    await expect(ask(status, '{}', headers as Record<string, string>)).rejects.toMatchObject({ kind, waitMs });
  });

  test.each(['', '<html></html>', '{"a":', '[1,2', 'NaN'])('an answer of %j is none', async (body) => {
    await expect(ask(200, body)).rejects.toMatchObject({ kind: 'garbled' });
  });

  test('an answer that is too large is not read to its end', async () => {
    await expect(ask(200, JSON.stringify('x'.repeat(100_000)), {}, 50_000)).rejects.toBeInstanceOf(VenueFault);
  });

  test('an error that the venue explains is left to ccxt', async () => {
    expect(await (await ask(400, '{"code":-1121}')).json()).toEqual({ code: -1121 });
  });
});
