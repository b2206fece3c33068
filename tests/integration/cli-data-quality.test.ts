import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { barsOf } from '#core/model/columns.ts';
import { HOUR, START, workplace } from './cli-fixtures.ts';

const { path, strat } = workplace();
const BARS = 600;
const market = generateMarket({ seed: 5, stepMs: HOUR, startTime: START, startPrice: 100, tick: 0.01, bars: BARS });

function csv(change: (lines: string[]) => void = () => {}): string {
  const lines = barsOf(market).map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume].join(','));
  lines.unshift('timestamp,open,high,low,close,volume');
  change(lines);
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  writeFileSync(path('clean.csv'), csv());
  writeFileSync(
    path('gap.csv'),
    csv((lines) => void lines.splice(100, 3)),
  );
  writeFileSync(
    path('bad.csv'),
    csv((lines) => void (lines[50] = lines[50]!.replace(/,[^,]*$/, ',-1'))),
  );
  const store = openSeriesStore(join(path('.strat'), 'data'), { now: () => START });
  const key = { venue: 'demo', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' } as const;
  await store.merge(key, { length: BARS, columns: { ...market } }, { source: 'test' });
  store.close();
});

test('data validate: nothing, warnings and errors with their exit codes', async () => {
  const clean = await strat(['data', 'validate', 'clean.csv']);
  expect([clean.status, clean.stdout.split('\n').at(-2)]).toEqual([0, 'Nothing was found.']);
  const gap = await strat(['data', 'validate', 'gap.csv']);
  expect(gap.status).toBe(0);
  expect(gap.stdout).toContain('warning gaps: 3 bars missing in 1 place');
  const bad = await strat(['data', 'validate', 'bad.csv', 'clean.csv']);
  expect(bad.status).toBe(1);
  expect(bad.stdout).toContain('line 51  volume is -1, below 0');
  expect(Math.max(...bad.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('data validate --json has every place', async () => {
  const { status, stdout } = await strat(['data', 'validate', 'bad.csv', 'demo:BTC/USDT@1h', '--json']);
  const document = JSON.parse(stdout) as { series: { name: string; findings: { code: string; places: unknown }[] }[] };
  expect(status).toBe(1);
  expect(document.series.map(({ name, findings }) => [name, findings.map(({ code, places }) => [code, places])])).toEqual([
    [
      'bad.csv',
      [
        ['bad-volume', [{ time: new Date(market.time[49]!).toISOString(), line: 51, text: 'volume is -1, below 0' }]],
        ['gaps', [{ time: new Date(market.time[50]!).toISOString(), line: 52, text: expect.stringContaining('1 bar missing') }]],
      ],
    ],
    ['demo:BTC/USDT 1h', []],
  ]);
});

test('data validate --against tells what the second source lacks; --report writes a page', async () => {
  const { status, stdout } = await strat(['data', 'validate', 'demo:BTC/USDT', '--against', 'gap.csv', '--report', 'page.html']);
  expect(status).toBe(0);
  expect(stdout).toContain('against gap.csv: 597 bars in both, 597 with equal prices');
  expect(stdout).toContain('0 bars that only gap.csv has, 3 that it lacks');
  expect(readFileSync(path('page.html'), 'utf8')).toContain('<h1>demo:BTC/USDT 1h</h1>');
});

test('data gaps shows the places, and knows calendars', async () => {
  const { stdout } = await strat(['data', 'gaps', 'gap.csv']);
  expect(stdout).toContain('3 bars missing in 1 place');
  const { stdout: text } = await strat(['data', 'gaps', 'gap.csv', '--json']);
  const gap = { after: new Date(market.time[98]!).toISOString(), before: new Date(market.time[102]!).toISOString(), missing: 3 };
  expect(JSON.parse(text)).toMatchObject({ timeframe: '1h', calendar: '24x7', expected: BARS, missing: 3, gaps: [gap] });
});

test.each([
  [['data', 'validate'], 2, 'Name a file'],
  [['data', 'validate', 'clean.csv', '--calendar', 'mars'], 2, '--calendar takes 24x7, forex, xnys, xlon, xetr, found "mars"'],
  [['data', 'validate', 'clean.csv', '--report', 'clean.csv'], 2, '--report would overwrite'],
  [['data', 'validate', 'none.csv'], 1, 'none.csv'],
  [['data', 'validate', 'demo:ETH/USDT@1h'], 1, 'The data store has no demo:ETH/USDT 1h'],
  [['data', 'validate', 'demo:BTC/USDT@one'], 2, 'behind @ comes the length of bars'],
  [['data', 'validate', 'clean.csv', 'bad.csv', '--against', 'gap.csv'], 2, '--against compares one series'],
  [['data', 'gaps'], 2, 'Name one file'],
])('%j is refused', async (args, code, text) => {
  const { status, stderr } = await strat(args);
  expect([status, stderr]).toEqual([code, expect.stringContaining(text)]);
});
