import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkBars } from '#core/data/download/check-bars.ts';
import { checkFunding } from '#core/data/download/check-funding.ts';
import { checkTrades } from '#core/data/download/check-trades.ts';
import type { CheckedPage, PageLimits } from '#core/data/download/checked-page.ts';
import { openHistories } from '#core/kernel/open-histories.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { MarketHistoryPort } from '#core/ports/market-history.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

type Files = Readonly<Record<string, unknown>>;
/** Answers by the end of a path; undefined: a list without anything, as the venue writes it. */
type Routes = readonly (readonly [path: RegExp, answer: unknown])[];

const recorded = (venue: string): Files => (sharedJson(`payloads/${venue}/nautilus_test_data.json.gz`) as { readonly files: Files }).files;
const LIMITS: PageLimits = { sinceMs: Date.UTC(2017, 0, 1), endMs: Date.UTC(2030, 0, 1), futureMs: Date.UTC(2030, 0, 1) };
const signal = new AbortController().signal;

let server: Server | null = null;
let folder: string | null = null;
let close: () => Promise<void> = async () => undefined;
afterEach(async () => {
  await close();
  server?.closeAllConnections();
  server?.close();
  if (folder !== null) rmSync(folder, { recursive: true });
  [server, folder] = [null, null];
});

/** The unmodified client of a venue, which is answered with what was recorded. */
async function open(venue: string, market: string, urls: (address: string) => object, routes: Routes): Promise<MarketHistoryPort> {
  server = createServer((request, response) => {
    const found = routes.find(([path]) => path.test(request.url ?? ''))?.[1];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error: ['no such path'] }));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'strat-payloads-'));
  const file = join(folder, 'strat.yaml');
  const venues = { [venue]: { urls: { api: urls(address) }, rateLimit: 0.1 } };
  writeFileSync(file, JSON.stringify({ exchanges: { demo: { use: 'exchange/sim' }, past: { use: 'exchange/ccxt', venues } } }));
  const histories = await openHistories(file, {});
  close = async () => histories.close();
  const history = await histories.open(venue, [market]);
  await history!.instruments(signal);
  return history!;
}

const columns = ({ rows, faults }: CheckedPage): Readonly<Record<string, readonly number[]>> => {
  expect(faults).toEqual([]);
  return Object.fromEntries(Object.entries(rows.columns).map(([name, column]) => [name, Array.from(column)]));
};
const checkedTrades = (given: Parameters<typeof checkTrades>[0], market: string) =>
  columns(checkTrades(given, market, { ...LIMITS, isNumbered: false, afterId: null }));

describe.skipIf(!hasSharedData)(
  'what venues were recorded to answer, through ccxt and the checks of downloads (../shared/data/payloads)',
  () => {
    test('a thousand trades of Kraken: as they are, in the order of their numbers', async () => {
      const files = recorded('kraken');
      const { result } = files['http_trades.json'] as { readonly result: { readonly XBTUSDT: readonly (readonly unknown[])[] } };
      const assets = { error: [], result: { XXBT: { altname: 'XBT', decimals: 10 }, USDT: { altname: 'USDT', decimals: 8 } } };
      const routes: Routes = [
        [/AssetPairs/, files['http_asset_pairs.json']],
        [/Assets/, assets],
        [/Trades/, files['http_trades.json']],
        [/Time/, files['http_server_time.json']],
      ];
      const history = await open('kraken', 'BTC/USDT', (address) => ({ public: address }), routes);
      expect(await history.time(signal)).toBe(1_762_820_224_000);
      const { rows } = await history.trades('BTC/USDT', { since: LIMITS.sinceMs }, signal);
      const found = checkedTrades(rows, 'BTC/USDT');
      const raw = result.XBTUSDT;
      expect(raw.length).toBe(1000);
      expect(found).toEqual({
        time: raw.map(([, , seconds]) => Math.floor(Number((Number(seconds) * 1000).toFixed(3)))),
        price: raw.map(([price]) => Number(price)),
        qty: raw.map(([, qty]) => Number(qty)),
        side: raw.map(([, , , side]) => (side === 'b' ? 1 : -1)),
        id: raw.map(([, , , , , , id]) => id),
      });
      // What the rule on holes in numbers rests on.
      expect(found['id']!.every((id, row) => row === 0 || id === found['id']![row - 1]! + 1)).toBe(true);
      const facts = (await history.instruments(signal)).get('BTC/USDT')!.facts;
      expect(facts).toMatchObject({
        priceStep: 0.1,
        minQty: 0.00005,
        minNotional: 0.5,
        takerFee: 0.004,
        makerFee: 0.0025,
        maxLeverage: 10,
      });
    });

    test('candles of the mark price and rates of Kraken Futures', async () => {
      const files = recorded('kraken');
      const routes: Routes = [
        [/instruments/, files['http_futures_instruments.json']],
        [/historicalfundingrates|historical-funding-rates/i, files['http_futures_historical_funding_rates.json']],
        [/mark\//, files['http_futures_candles_mark.json']],
      ];
      const urls = (address: string): object => ({ public: `${address}/`, charts: `${address}/`, history: `${address}/` });
      const market = 'ETH/USD:USD';
      const history = await open('krakenfutures', market, urls, routes);
      const { candles } = files['http_futures_candles_mark.json'] as { readonly candles: readonly Readonly<Record<string, unknown>>[] };
      const bars = await history.bars('mark', market, '1h', LIMITS.sinceMs, signal);
      const names = ['time', 'open', 'high', 'low', 'close'];
      expect(columns(checkBars(bars.rows, 'mark', parseTimeframe('1h')!, LIMITS))).toEqual(
        Object.fromEntries(names.map((name) => [name, candles.map((candle) => Number(candle[name]))])),
      );
      const { rates } = files['http_futures_historical_funding_rates.json'] as {
        readonly rates: readonly { readonly timestamp: string; readonly relativeFundingRate: number }[];
      };
      const funding = await history.funding(market, LIMITS.sinceMs, null, signal);
      expect(columns(checkFunding(funding.rows, market, LIMITS))).toEqual({
        time: rates.map(({ timestamp }) => Date.parse(timestamp)).toReversed(),
        rate: rates.map(({ relativeFundingRate }) => relativeFundingRate).toReversed(),
      });
    });

    test('candles and trades of OKX, the newest first: in base units, the oldest first', async () => {
      const files = recorded('okx');
      const { data: spot } = files['http_get_instruments_spot.json'] as { readonly data: readonly object[] };
      // The recording lists BTC-USD, its trades are of BTC-USDT.
      const listed = { code: '0', msg: '', data: [{ ...spot[0], instId: 'BTC-USDT', quoteCcy: 'USDT' }] };
      const swap = { instType: 'SWAP', instId: 'BTC-USDT-SWAP', instFamily: 'BTC-USDT', uly: 'BTC-USDT', settleCcy: 'USDT', ctVal: '0.01' };
      const routes: Routes = [
        [/instType=SPOT/, listed],
        [/instType=SWAP/, { code: '0', msg: '', data: [{ ...swap, tickSz: '0.1', lotSz: '0.01', minSz: '0.01', state: 'live' }] }],
        [/instruments/, { code: '0', msg: '', data: [] }],
        [/trades/, files['http_get_trades.json']],
        [/candles/, files['http_get_candlesticks_full.json']],
      ];
      const history = await open('okx', 'BTC/USDT', (address) => ({ rest: address }), routes);
      const trades = await history.trades('BTC/USDT', { newest: true }, signal);
      // By hand: two trades, of which the second is the older one.
      expect(checkedTrades(trades.rows, 'BTC/USDT')).toEqual({
        time: [1_747_087_161_666, 1_747_087_163_557],
        price: [102_537.9, 102_537.9],
        qty: [0.0000125, 0.00013669],
        side: [1, -1],
        id: [734_864_332, 734_864_333],
      });
      // 1,040.37 contracts of 0.01 are 10.4037 BTC.
      const bars = await history.bars('candles', 'BTC/USDT:USDT', '1m', LIMITS.sinceMs, signal);
      expect(columns(checkBars(bars.rows, 'candles', parseTimeframe('1m')!, LIMITS))).toEqual({
        time: [1_747_093_980_000, 1_747_094_040_000],
        open: [102_806, 102_806.1],
        high: [102_820.5, 102_820.4],
        low: [102_783.1, 102_806.1],
        close: [102_806.1, 102_820.4],
        volume: [71.6404, 10.4037],
      });
    });

    test('rates and trades of Bybit', async () => {
      const files = recorded('bybit');
      const empty = { retCode: 0, retMsg: 'OK', result: { list: [], nextPageCursor: '' }, time: 1 };
      const routes: Routes = [
        [/instruments-info.*category=linear/, files['http_get_instruments_linear.json']],
        [/instruments-info/, empty],
        [/funding\/history/, files['http_get_funding_history.json']],
        [/recent-trade/, files['http_get_trades_recent.json']],
      ];
      const market = 'BTC/USDT:USDT';
      const urls = (address: string): object =>
        Object.fromEntries(['spot', 'futures', 'v2', 'public', 'private'].map((name) => [name, address]));
      const history = await open('bybit', market, urls, routes);
      const funding = await history.funding(market, LIMITS.sinceMs, null, signal);
      expect(columns(checkFunding(funding.rows, market, LIMITS))).toEqual({
        time: [1_709_856_000_000, 1_709_884_800_000],
        rate: [0.00015, 0.0001],
      });
      const trades = await history.trades(market, { newest: true }, signal);
      // Its ids are no numbers.
      expect(checkedTrades(trades.rows, market)).toEqual({
        time: [1_709_891_679_000],
        price: [27_450.5],
        qty: [0.005],
        side: [1],
        id: [NaN],
      });
    });
  },
);
