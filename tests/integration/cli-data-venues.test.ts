import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { HOUR, START, workplace } from './cli-fixtures.ts';

const { path, put, strat, backtest } = workplace();

/** Hours at a price, with a volume. */
function hours(price: number, volume: number, from: number, to: number, without: readonly number[] = []): string {
  const lines = Array.from({ length: to - from }, (_, at) => from + at)
    .filter((hour) => !without.includes(hour))
    .map((hour) => [START + hour * HOUR, price, price + 2, price - 2, price, volume].join(','));
  return `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

beforeAll(async () => {
  put('kraken_XBT-USD_1h.csv', hours(100, 1, 0, 100, [50]));
  put('coinbase_BTC-USD_1h.csv', hours(104, 3, 0, 120));
  put('bitstamp_BTC-USD_1h.csv', hours(150, 4, 10, 100));
  put('okx_BTC-USDT_1h.csv', hours(100, 1, 0, 100));
  for (const venue of ['coinbase', 'bitstamp']) await strat(['data', 'import', `${venue}_BTC-USD_1h.csv`]);
});

const lines = (name: string): readonly string[] => readFileSync(path(name), 'utf8').trim().split('\n');
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { status, stdout, stderr } = await strat(['data', ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test('files of two venues become one file, weighted by volume, under one name of the market', async () => {
  const made = await json('combine', 'kraken_XBT-USD_1h.csv', 'coinbase_BTC-USD_1h.csv', '--rule', 'vwap', '--out', 'both.csv');
  expect(made).toMatchObject({
    schema: 'strat.data-combine/1',
    market: 'BTC/USD',
    bars: 120,
    parts: [
      { market: 'BTC/USD', bars: 99, used: 99, leftOut: 0, missing: 1 },
      { market: 'BTC/USD', bars: 120, used: 120, leftOut: 0, missing: 0 },
    ],
  });
  expect(lines('both.csv')[1]).toBe(`${START},103,105,101,103,4`);
  expect(lines('both.csv')[51]).toBe(`${START + 50 * HOUR},104,106,102,104,3`);
});

test('volumes of the quote currency are divided by the close, and that is said', async () => {
  // Prices that move, and volumes of about one size; the second venue counts dollars.
  const walk = (inDollars: boolean): string => {
    const rows = Array.from({ length: 200 }, (_, hour) => {
      const price = 1000 + 10 * (hour % 13);
      const volume = 2 + (hour % 5);
      return [START + hour * HOUR, price, price + 2, price - 2, price, inDollars ? volume * price : volume].join(',');
    });
    return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
  };
  put('coins_BTC-USD_1h.csv', walk(false));
  put('dollars_BTC-USD_1h.csv', walk(true));
  const files = ['combine', 'coins_BTC-USD_1h.csv', 'dollars_BTC-USD_1h.csv', '--rule', 'vwap', '--out', 'sum.csv'];
  expect(await json(...files)).toMatchObject({
    parts: [{ volumes: 'as given' }, { volumes: 'quote, divided by the close' }],
    comparisons: [{ findings: [] }],
  });
  expect(
    lines('sum.csv')
      .slice(1, 4)
      .map((line) => line.split(',')[5]),
  ).toEqual(['4', '6', '8']);
  expect((await strat(['data', ...files])).stdout).toContain('Volumes of dollars_BTC-USD_1h.csv are in the quote currency, by their size');
  // Longer bars: the volume of each part by its own close.
  await json(...files, '--timeframe', '4h');
  expect(lines('sum.csv')[1]!.split(',')[5]).toBe(String(2 * (2 + 3 + 4 + 5)));
  expect(await json(...files, '--volumes', 'as-given')).toMatchObject({
    parts: [{ volumes: 'as given' }, { volumes: 'as given' }],
    comparisons: [{ findings: [{ code: 'source-volume' }] }],
  });
  expect(lines('sum.csv')[1]!.split(',')[5]).toBe(String(2 + 2 * 1000));
});

test('what one venue lacks is told in stretches', async () => {
  put('holes_BTC-USD_1h.csv', hours(100, 1, 0, 100, [10, 20, 21, 22, 40]));
  put('other_BTC-USD_1h.csv', hours(100, 1, 0, 100, [60, 61]));
  const { comparisons } = await json('combine', 'holes_BTC-USD_1h.csv', 'other_BTC-USD_1h.csv', '--rule', 'first', '--out', 'filled.csv');
  const [{ findings }] = comparisons as [{ findings: { code: string; count: number; message: string; places: unknown[] }[] }];
  const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
  const name = 'other_BTC-USD_1h.csv';
  expect(findings.find(({ code }) => code === 'source-missing')).toMatchObject({
    count: 4,
    message: `5 bars that only ${name} has, 2 that it lacks, where both have data`,
    places: [
      { time: at(10), until: at(10), bars: 1, text: `only ${name} has this bar` },
      { time: at(20), until: at(22), bars: 3, text: expect.stringContaining(`only ${name} has these 3 bars, to `) },
      { time: at(40), until: at(40), bars: 1 },
      { time: at(60), until: at(61), bars: 2, text: expect.stringContaining(`${name} does not have these 2 bars, to `) },
    ],
  });
});

test('a series of the store with its parts recorded, on which a backtest runs', async () => {
  const args = ['combine', 'coinbase:BTC/USD', 'bitstamp:BTC/USD', 'kraken_XBT-USD_1h.csv', '--as', 'index', '--rule'];
  const made = await json(...args, 'median', '--most-deviation', '10%');
  expect(made).toMatchObject({ venue: 'index', version: 1, bars: 120, parts: [{}, { bars: 90, leftOut: 89 }, {}] });
  const again = await strat(['data', ...args, 'median', '--most-deviation', '10%']);
  expect(again.stdout).toMatch(/^index:BTC\/USD 1h, as it was: 120 bars of 1h of BTC\/USD/);
  expect(await json(...args, 'first')).toMatchObject({ version: 2 });
  const store = openSeriesStore(join(path('.strat'), 'data'), { now: () => START });
  const [newest, before] = store.versions({ venue: 'index', market: 'BTC/USD', kind: 'candles', timeframe: '1h' });
  store.close();
  expect(before).toMatchObject({ pins: ['before-2'] });
  expect(newest).toMatchObject({ provenance: { source: 'combine first', details: { rule: 'first', venues: 3 } } });
  expect(JSON.parse(String(newest!.provenance.details!['parts']))).toEqual([
    { name: 'coinbase:BTC/USD 1h', version: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    { name: 'bitstamp:BTC/USD 1h', version: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    { name: 'kraken_XBT-USD_1h.csv', version: null, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  ]);
  put('usd.strat', readFileSync(path('good.strat'), 'utf8').replace('BTC/USDT', 'BTC/USD'));
  const { data } = await backtest('usd.strat', '--market', 'index:BTC/USD');
  expect(data).toMatchObject([{ market: 'BTC/USD', rows: 120 }]);
});

test('what is odd between venues is told', async () => {
  const { stdout } = await strat(['data', 'combine', 'bitstamp:BTC/USD', 'coinbase:BTC/USD', '--rule', 'first', '--as', 'x']);
  expect(stdout).toContain('warning source-scaled: prices of coinbase:BTC/USD 1h are 0.693333 times as high');
  expect(stdout).toContain('0 errors, 1 warning, 0 notes');
});

test.for([
  [['kraken_XBT-USD_1h.csv', 'okx_BTC-USDT_1h.csv'], 'These are several markets: BTC/USD, BTC/USDT'],
  [['kraken_XBT-USD_1h.csv'], 'Name two series or more'],
  [['kraken_XBT-USD_1h.csv', 'kraken_XBT-USD_1h.csv'], 'is named twice'],
  [['plain.csv', 'kraken_XBT-USD_1h.csv'], '"plain.csv" does not say its market'],
] as const)('%j is refused', async ([files, reason]) => {
  const { status, stderr } = await strat(['data', 'combine', ...files, '--rule', 'first', '--out', 'no.csv']);
  expect([status, stderr]).toEqual([2, expect.stringContaining(reason)]);
});

test('other quotes stand for one another where that is said, and a series with errors is refused', async () => {
  const both = ['kraken_XBT-USD_1h.csv', 'okx_BTC-USDT_1h.csv', '--market', 'BTC/USD', '--rule', 'median', '--out', 'm.csv'];
  expect(await json('combine', ...both)).toMatchObject({ market: 'BTC/USD', bars: 100 });
  put('bad_BTC-USD_1h.csv', hours(100, 1, 0, 50).replace(',102,', ',90,'));
  const { status, stderr } = await strat([
    'data',
    'combine',
    'bad_BTC-USD_1h.csv',
    'kraken_XBT-USD_1h.csv',
    '--rule',
    'median',
    '--out',
    'm.csv',
  ]);
  expect([status, stderr]).toEqual([1, expect.stringContaining('--apply fix-high-low')]);
});

test('closes side by side know nothing of what closes later', async () => {
  put(
    'us_SPY-USD_1d.csv',
    `timestamp,open,high,low,close,volume\n${[0, 1, 2].map((day) => `${START + day * 24 * HOUR},500,510,499,${500 + day},1`).join('\n')}\n`,
  );
  const made = await json('align', 'okx_BTC-USDT_1h.csv', 'us_SPY-USD_1d.csv', '--most-age', '20h', '--out', 'aligned.csv');
  expect(made).toMatchObject({ rows: 100, series: [{ unknown: 0 }, { unknown: 23 + 3 + 3 + 8 }] });
  const rows = lines('aligned.csv');
  expect(rows[0]).toBe('timestamp,okx_BTC-USDT_1h.csv,us_SPY-USD_1d.csv');
  expect([22, 23, 43, 44, 47].map((hour) => rows[hour + 1]!.split(',')[2])).toEqual(['', '500', '500', '', '501']);
});
