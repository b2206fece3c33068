import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { type SimulatedVenue, type SimulatedVenueOptions, startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { startStrat } from '../paper-runs.ts';

const SECOND = 1000;
const LISTED = Date.UTC(2024, 2, 1);
let venue: SimulatedVenue;
let folder: string;

/** The venue's clock runs, and the bot sees it by its answers only: bars of a second. */
async function open(options: Partial<SimulatedVenueOptions> = {}): Promise<void> {
  venue = await startSimulatedVenue({
    seed: 1,
    listedMs: LISTED,
    untilMs: LISTED + SECOND,
    nowMs: LISTED + 3_600_000,
    isRunning: true,
    delistedMs: Infinity,
    holes: [],
    ...options,
  });
  configure('binance');
}

function configure(name: string, urls: SimulatedVenue['urls'] = venue.urls): void {
  const settings = { urls, rateLimit: 0.1, deadlineMs: 400, retryMs: 20 };
  const live = { use: 'exchange/ccxt', venue: name, latenessMs: 100, venues: { binance: settings } };
  writeFileSync(
    join(folder, 'strat.yaml'),
    JSON.stringify({ http: { port: 0 }, exchanges: { live }, strategies: [{ file: 'my.strat', exchange: 'live' }] }),
  );
}

const ALONE = `strat 1
strategy "Alone"
trade BTC/USDT on 1s
let quick = sma(close, 3)
long {
  enter when close > quick size 10% of equity
  exit when close < quick
}
`;
/** Two markets, and each reads the other. */
const TOGETHER = `strat 1
strategy "Together"
trade BTC/USDT, OLD/USDT on 1s
let other = close of OLD/USDT
let quick = sma(other, 3)
long {
  enter when other > quick size 10% of equity
  exit when close < sma(close, 3)
}
`;

/** One market, on what another one does. */
const BESIDE = `strat 1
strategy "Beside"
trade BTC/USDT on 1s
let other = close of OLD/USDT
let quick = sma(other, 3)
long {
  enter when other > quick size 10% of equity
  exit when other < quick
}
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strat-live-bot-'));
});
afterEach(async () => {
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (text: string): void => writeFileSync(join(folder, 'my.strat'), text);
const strat = async (
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> => {
  const run = startStrat(args, folder);
  const { code } = await run.ended;
  return { code, output: run.output(), errors: run.errors() };
};
const journalFile = (): string => join(folder, '.strat/paper/my/journal.jsonl');

interface Document {
  readonly resultHash: string;
  readonly trades: readonly unknown[];
  readonly data: readonly { readonly market: string; readonly rows: number; readonly from: string; readonly to: string }[];
}

/** Stopped by Ctrl-C, then killed, each after some trades; then on to its end at a bar. */
async function runWithEnds(stopAfter: number): Promise<Document> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const bot = startStrat(['run'], folder);
    await bot.says('  buy ', 2);
    bot.kill(signal);
    expect((await bot.ended).code).toBe(signal === 'SIGINT' ? 0 : null);
  }
  const last = await strat('run', '--stop-after', String(stopAfter), '--json');
  expect(last.code, last.errors).toBe(0);
  return JSON.parse(last.output) as Document;
}

/** The backtest over what was recorded as live, up to where the bot came. */
async function backtestOfTape({ data }: Document): Promise<Document> {
  const files: string[] = [];
  for (const { market, from, to } of data) {
    const file = `binance_${market.replace('/', '-')}_1s.csv`;
    const end = new Date(Date.parse(to) + SECOND).toISOString();
    const range = ['--from', from, '--to', end];
    const exported = await strat('data', 'export', `binance:${market}`, file, '--kind', 'live', '--timeframe', '1s', ...range);
    expect(exported.code, exported.errors).toBe(0);
    files.push('--data', `${market}=${file}`);
  }
  const backtest = await strat('backtest', 'my.strat', ...files, '--json');
  expect(backtest.code, backtest.errors).toBe(0);
  return JSON.parse(backtest.output) as Document;
}

test('a bot on a venue that is stopped and killed trades what a backtest of its recorded bars trades', async () => {
  await open();
  write(ALONE);
  const paper = await runWithEnds(20);
  expect(paper.trades.length).toBeGreaterThan(2);
  expect(paper.data[0]).toMatchObject({ market: 'BTC/USDT', rows: 20 });
  const backtest = await backtestOfTape(paper);
  expect(paper.trades).toEqual(backtest.trades);
  expect(paper.resultHash).toBe(backtest.resultHash);
}, 120_000);

test.each([
  ['are traded together', TOGETHER],
  ['are read beside', BESIDE],
])(
  'markets that lack bars at different moments and %s give what a backtest gives',
  async (_, text) => {
    // Holes by the seed, other ones of each market.
    await open({ seed: 1, holes: undefined as never });
    write(text);
    const paper = await runWithEnds(24);
    expect(paper.data.map(({ market }) => market)).toEqual(['BTC/USDT', 'OLD/USDT']);
    expect(paper.data[0]!.rows).not.toBe(paper.data[1]!.rows);
    const backtest = await backtestOfTape(paper);
    expect(paper.trades.length).toBeGreaterThan(2);
    expect(paper.resultHash).toBe(backtest.resultHash);
  },
  120_000,
);

test('a venue that is away shows in status and log; the bot starts without it, and trades what it missed when it is back', async () => {
  await open();
  write(ALONE);
  const first = startStrat(['run'], folder);
  await first.says('  buy ');
  venue.faults.draw({ seed: 1, rate: 1, faults: ['reset'] });
  await first.says('binance gives no bars');
  const status = await strat('status');
  expect(status.output).toContain('binance gives no bars: the connection failed');
  first.kill('SIGINT');
  expect((await first.ended).code).toBe(0);
  const again = startStrat(['run'], folder);
  await again.says('continuing from bar');
  await again.says('binance gives no bars');
  venue.faults.draw(null);
  await again.says('binance answers again');
  await again.says('  buy ', 2);
  again.kill('SIGINT');
  await again.ended;
  const log = readFileSync(join(folder, '.strat/bot.log'), 'utf8');
  expect(log).toContain('binance gives no bars');
  expect(log).toContain('answers again');
  const times = readFileSync(journalFile(), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { type: string; data: { time: number } })
    .flatMap(({ type, data }) => (type === 'bar' ? [data.time] : []));
  expect(times).toEqual(times.map((_, at) => times[0]! + at * SECOND));
}, 60_000);

test('a bar that is revised when it was decided on is told with both values, and decided on no more', async () => {
  await open();
  write(ALONE);
  const bot = startStrat(['run'], folder);
  await bot.says('the venue revised the bar of', 2);
  bot.kill('SIGINT');
  await bot.ended;
  const [, time, live, later] = /the venue revised the bar of (\S+) after it had ended\. Live it was (.*?), a download will have (.*)/.exec(
    bot.output(),
  )!;
  const bars = readFileSync(journalFile(), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"bar"') && line.includes(String(Date.parse(time!))));
  const { data } = JSON.parse(bars[0]!) as { data: Record<string, number> };
  expect(bars).toHaveLength(1);
  expect(`${data['open']} ${data['high']} ${data['low']} ${data['close']}, volume ${data['volume']}`).toBe(live);
  const [truth] = venue.truth.bars('spot', '1s', Date.parse(time!), Date.parse(time!) + 1);
  expect(`${truth!.slice(1, 5).join(' ')}, volume ${truth![5]}`).toBe(later);
}, 60_000);

test('an account whose last bar is not on the tape any more is refused', async () => {
  await open();
  write(ALONE);
  expect((await strat('run', '--stop-after', '6')).code).toBe(0);
  const store = openSeriesStore(join(folder, '.strat/data'), { now: () => Date.now() });
  const key = { venue: 'binance', market: 'BTC/USDT', kind: 'live', timeframe: '1s' } as const;
  const { length, columns } = await store.read(key);
  const close = columns['close']!.map((value, row) => (row === length - 1 ? value + 0.0001 : value));
  await store.replace(key, { length, columns: { ...columns, close } }, { source: 'offender' });
  store.close();
  const bot = await strat('run', '--stop-after', '10');
  expect(bot.code).not.toBe(0);
  expect(bot.errors).toContain('whose bar 5 closes at');
}, 60_000);

test.each([
  ['binance', 'XYZ/USDT', 'binance: it has no market XYZ/USDT'],
  ['binanze', 'BTC/USDT', 'There is no venue "binanze"; did you mean binance?'],
])(
  'a first start on %s with %s is refused, and leaves no account behind',
  async (name, market, reason) => {
    await open();
    configure(name);
    write(ALONE.replace('BTC/USDT', market));
    const bot = await strat('run');
    expect(bot.code).not.toBe(0);
    expect(bot.errors).toContain(reason);
    expect(existsSync(journalFile())).toBe(false);
  },
  60_000,
);

test('a first start while the venue is away is refused; an account that was on another feed is, too', async () => {
  await open();
  write(ALONE);
  venue.faults.draw({ seed: 1, rate: 1, faults: ['reset'] });
  const away = await strat('run');
  expect(away.code).not.toBe(0);
  expect(away.errors).toContain('binance gives no bars: the connection failed');
  expect(away.errors).toContain('Start again when it does');
  expect(existsSync(journalFile())).toBe(false);
  expect((await strat('run', 'my.strat', '--sim', '1', '--stop-after', '5', '--speed', 'max')).code).toBe(0);
  venue.faults.draw(null);
  const other = await strat('run');
  expect(other.code).not.toBe(0);
  expect(other.errors).toContain('live bars of binance from 2024-03-01T');
}, 60_000);
