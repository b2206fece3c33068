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

test('calendars of the config: by name, and by that of the venue', async () => {
  // Bars 100 to 102 of the market: 2024-01-05 04:00 to 06:00.
  const day = new Date(market.time[99]!).toISOString().slice(5, 16).split('T');
  expect(day).toEqual(['01-05', '03:00']);
  writeFileSync(path('gap_BTC-USD_1h.csv'), readFileSync(path('gap.csv')));
  writeFileSync(
    path('hours.yaml'),
    'calendars:\n  gap: { like: 24x7, closed: [01-05 03:00-06:00] }\n  other: { like: 24x7, closed: [01-05 03:00-05:00] }\n',
  );
  const gaps = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout, stderr } = await strat(['data', 'gaps', ...args, '--config', 'hours.yaml', '--json']);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  expect(await gaps('gap.csv')).toMatchObject({ calendar: '24x7', calendarReason: null, missing: 3 });
  expect(await gaps('gap.csv', '--calendar', 'gap')).toMatchObject({ calendar: 'gap', missing: 0 });
  expect(await gaps('gap.csv', '--calendar', 'other')).toMatchObject({ calendar: 'other', missing: 1 });
  const ofVenue = { calendar: 'gap', calendarReason: 'the config has it for the venue gap', missing: 0 };
  expect(await gaps('gap_BTC-USD_1h.csv')).toMatchObject(ofVenue);
  writeFileSync(path('wrong.yaml'), 'calendars:\n  gap: { like: forx, closed: [02-30] }\n');
  const { status, stderr } = await strat(['data', 'gaps', 'gap.csv', '--config', 'wrong.yaml']);
  expect(status).toBe(1);
  expect(stderr).toContain('wrong.yaml:2:16 calendars.gap.like: must be one of 24x7, forex,');
  expect(stderr).toContain('did you mean "forex"');
  expect(stderr).toContain('wrong.yaml:2:31 calendars.gap.closed[0]: must be a date, weekday or good-friday, hours, or both');
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
  [
    ['data', 'validate', 'clean.csv', '--calendar', 'mars'],
    2,
    '--calendar takes 24x7, forex, forex-oanda, forex-fxcm, forex-metatrader, metals, xnys, xlon, xetr, found "mars"',
  ],
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

test('data repair writes a file beside the original, with a record of what it changed', async () => {
  const before = readFileSync(path('bad.csv'), 'utf8');
  const { status, stdout } = await strat(['data', 'repair', 'bad.csv', '--apply', 'fill-flat,drop-bad-rows', '--out', 'fixed.csv.gz']);
  expect([status, readFileSync(path('bad.csv'), 'utf8')]).toEqual([0, before]);
  expect(stdout).toContain('line 51');
  const record = JSON.parse(readFileSync(path('fixed.csv.gz.repairs.json'), 'utf8')) as { changes: object[] };
  const { close } = barsOf(market)[48]!;
  const at = new Date(market.time[49]!).toISOString();
  expect(record).toMatchObject({
    schema: 'strat.data-repair/1',
    source: 'bad.csv',
    tool: expect.stringMatching(/^strat \d/),
    rows: BARS,
    changed: 2,
  });
  expect(record.changes).toMatchObject([
    { repair: 'drop-bad-rows', line: 51, time: at, before: { volume: -1 }, after: null },
    { repair: 'fill-flat', line: null, time: at, before: null, after: { open: close, high: close, low: close, close, volume: 0 } },
  ]);
  const again = await strat(['data', 'validate', 'fixed.csv.gz', '--json']);
  expect((JSON.parse(again.stdout) as { series: { bars: number; missing: number }[] }).series[0]).toMatchObject({ bars: BARS, missing: 0 });
});

test('data repair of the store makes a version, and keeps the one before under a name', async () => {
  const store = openSeriesStore(join(path('.strat'), 'data'), { now: () => START });
  const key = { venue: 'demo', market: 'SPIKE/USDT', kind: 'candles', timeframe: '1h' } as const;
  const [low, close] = [market.low.slice(), market.close.slice()];
  low[300] = low[300]! / 4;
  close[300] = close[300]! / 4;
  const quotes = market.volume.map((volume) => volume * 2);
  await store.merge(key, { length: BARS, columns: { ...market, low, close, quote_volume: quotes } }, { source: 'test' });
  const { status, stdout } = await strat(['data', 'repair', 'demo:SPIKE/USDT', '--apply', 'drop-spikes,fill-flat', '--json']);
  expect(status).toBe(0);
  const { version, changed } = JSON.parse(stdout) as { version: number; changed: number };
  expect([version, changed]).toEqual([2, 2]);
  const rows = await store.read(key);
  expect([rows.length, rows.columns['close']![300], rows.columns['quote_volume']![299], rows.columns['quote_volume']![300]]).toEqual([
    BARS,
    close[299],
    quotes[299],
    NaN,
  ]);
  const [now, before] = store.versions(key);
  expect(before?.pins).toEqual(['before-2']);
  expect(now?.provenance).toMatchObject({
    source: 'repair drop-spikes,fill-flat',
    details: { repairs: 'drop-spikes,fill-flat', from: 1, changed: 2, changes: expect.stringContaining('a spike of -7') },
  });
  const nothing = await strat(['data', 'repair', 'demo:SPIKE/USDT@1h', '--apply', 'drop-spikes']);
  expect(nothing.stdout).toContain('nothing: there was nothing to repair');
  expect(store.versions(key)).toHaveLength(2);
  store.close();
});

test('data resample makes longer candles, in files and in the store', async () => {
  const day = barsOf(market).slice(0, 24);
  const first = {
    open: day[0]!.open,
    high: Math.max(...day.map(({ high }) => high)),
    low: Math.min(...day.map(({ low }) => low)),
    close: day[23]!.close,
  };
  const file = await strat(['data', 'resample', 'clean.csv', '--timeframe', '1d', '--out', 'days.csv']);
  expect([file.status, file.stdout]).toEqual([0, `days.csv: 25 bars of 1d, 2024-01-01 00:00 to 2024-01-25 00:00 (UTC)\n`]);
  expect(readFileSync(path('days.csv'), 'utf8').split('\n')[1]).toMatch(
    new RegExp(`^${START},${first.open},${first.high},${first.low},${first.close},`),
  );
  const stored = await strat(['data', 'resample', 'demo:BTC/USDT@1h', '--timeframe', '7h', '--json']);
  expect(JSON.parse(stored.stdout)).toMatchObject({ market: 'BTC/USDT', timeframe: '7h', version: 1, lastLeftOut: true });
  const again = await strat(['data', 'resample', 'demo:BTC/USDT@1h', '--timeframe', '7h']);
  expect(again.stdout).toContain('as it was');
});

test('files of other forms are validated, searched for gaps, repaired and resampled as CSV is', async () => {
  const gaps = ['data', 'gaps', 'gap.csv', '--json'];
  const { gaps: expected } = JSON.parse((await strat(gaps)).stdout) as { gaps: unknown };
  expect((await strat(['data', 'import', 'gap.csv', '--venue', 'demo', '--market', 'GAP/USDT'])).status).toBe(0);
  await strat(['data', 'resample', 'gap.csv', '--timeframe', '4h', '--out', 'four.csv']);
  await strat(['data', 'repair', 'gap.csv', '--apply', 'fill-flat', '--out', 'filled.csv']);
  for (const name of ['gap.parquet', 'gap.json']) {
    expect((await strat(['data', 'export', 'demo:GAP/USDT', name])).status).toBe(0);
    const valid = await strat(['data', 'validate', name]);
    expect([valid.status, valid.stdout]).toEqual([0, expect.stringContaining('gaps: 3 bars missing in 1 place')]);
    expect(JSON.parse((await strat(['data', 'gaps', name, '--json'])).stdout)).toMatchObject({ gaps: expected });
    expect((await strat(['data', 'resample', name, '--timeframe', '4h', '--out', 'four-again.csv'])).status).toBe(0);
    expect(readFileSync(path('four-again.csv'), 'utf8')).toBe(readFileSync(path('four.csv'), 'utf8'));
    expect((await strat(['data', 'repair', name, '--apply', 'fill-flat', '--out', 'filled-again.csv'])).status).toBe(0);
    expect(readFileSync(path('filled-again.csv'), 'utf8')).toBe(readFileSync(path('filled.csv'), 'utf8'));
  }
});

test('data resample makes bars of trades by other rules than time', async () => {
  const trades = Array.from({ length: 25 }, (_, at) => `${START + at * 1000},${100 + (at % 3)},2`);
  writeFileSync(path('trades.csv'), ['timestamp,price,qty', ...trades].join('\n'));
  const { status, stdout } = await strat(['data', 'resample', 'trades.csv', '--bars', 'volume:20', '--out', 'volume.csv']);
  expect([status, stdout]).toEqual([
    0,
    'volume.csv: 2 bars of volume:20, 2024-01-01 00:00 to 2024-01-01 00:00:10 (UTC); 5 trades behind the last whole one\n',
  ]);
  expect(readFileSync(path('volume.csv'), 'utf8').split('\n').slice(1, 3)).toEqual([
    `${START},100,102,100,100,20`,
    `${START + 10_000},101,102,100,101,20`,
  ]);
});

test('bars by a rule other than time are a series of the store, on which no backtest runs, as it says', async () => {
  writeFileSync(
    path('demo_TICK-USDT_trades.csv'),
    ['timestamp,price,qty', ...Array.from({ length: 25 }, (_, at) => `${START + at * 1000},${100 + (at % 3)},2`)].join('\n'),
  );
  await strat(['data', 'import', 'demo_TICK-USDT_trades.csv', '--venue', 'demo', '--market', 'TICK/USDT', '--kind', 'trades']);
  const make = ['data', 'resample', 'demo:TICK/USDT', '--kind', 'trades', '--bars'];
  const made = await strat([...make, 'volume:20.0']);
  expect([made.status, made.stdout]).toEqual([
    0,
    expect.stringMatching(/^demo:TICK\/USDT bars volume:20, version 1: 2 bars of volume:20, /),
  ]);
  expect((await strat([...make, 'volume:20'])).stdout).toContain('as it was');
  expect((await strat([...make, 'tick:5:split'])).status).toBe(2);
  expect((await strat([...make, 'tick:5'])).status).toBe(0);
  expect((await strat(['data', 'list', '--kind', 'bars'])).stdout).toMatch(/bars tick:5 .*\n.*bars volume:20 /);
  const exported = await strat(['data', 'export', 'demo:TICK/USDT', 'v.csv', '--kind', 'bars', '--timeframe', 'volume:20']);
  expect(exported.status).toBe(0);
  expect(readFileSync(path('v.csv'), 'utf8').split('\n').slice(1, 3)).toEqual([
    `${START},100,102,100,100,20`,
    `${START + 10_000},101,102,100,101,20`,
  ]);
  writeFileSync(path('tick.strat'), readFileSync(path('good.strat'), 'utf8').replace('BTC/USDT', 'TICK/USDT'));
  const { status, stderr } = await strat(['backtest', 'tick.strat', '--market', 'demo:TICK/USDT']);
  expect([status, stderr]).toEqual([1, expect.stringContaining('which a backtest cannot run on: it wants bars of one length')]);
});

test.each([
  [['data', 'repair', 'bad.csv', '--apply', 'fill-flat'], 2, '--out says where'],
  [['data', 'repair', 'bad.csv', '--out', 'x.csv'], 2, 'Say which repairs'],
  [['data', 'repair', 'bad.csv', '--apply', 'magic', '--out', 'x.csv'], 2, 'found "magic"'],
  [['data', 'repair', 'bad.csv', '--apply', 'sort', '--out', 'bad.csv'], 2, 'would overwrite'],
  [['data', 'repair', 'bad.csv', '--apply', 'sort', '--out', 'x.csv'], 1, 'Add fix-high-low or drop-bad-rows'],
  [['data', 'resample', 'clean.csv', '--out', 'x.csv'], 2, 'Say what to make'],
  [['data', 'resample', 'clean.csv', '--timeframe', '4h'], 2, '--out says where'],
  [['data', 'resample', 'clean.csv', '--timeframe', '90m', '--out', 'x.csv'], 1, 'whole multiple'],
  [['data', 'resample', 'clean.csv', '--bars', 'tick:5', '--out', 'x.csv'], 1, 'it holds candles'],
  [['data', 'resample', 'clean.csv', '--bars', 'tick:x', '--out', 'x.csv'], 2, '--bars takes tick:SIZE'],
  [['data', 'resample', 'demo:BTC/USDT@1h', '--timeframe', '1h'], 2, 'already'],
])('%j is refused too', async (args, code, text) => {
  const { status, stderr } = await strat(args);
  expect([status, stderr]).toEqual([code, expect.stringContaining(text)]);
});
