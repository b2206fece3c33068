import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasSharedData, sharedPath } from '../reference/shared-data.ts';
import { type Backtest, BARS, CANDLES, HOUR, START, STRATEGY, harmless, sha256, statements, workplace } from './cli-fixtures.ts';
import { ROOT } from './cli-process.ts';

const { backtest, path, put, strat } = workplace();

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('strat backtest', { concurrent: true }, () => {
  test('prints the document that others rely on', async () => {
    const document = await backtest(STRATEGY, '--data', CANDLES);
    expect(Object.keys(document)).toEqual(
      'schema engine strategy params data settings metrics periods attribution significance trades ambiguous warnings resultHash timing'.split(
        ' ',
      ),
    );
    expect(document['schema']).toBe('strat.backtest/1');
    expect(document.strategy).toEqual({ name: 'SMA cross', file: STRATEGY, sha256: sha256(STRATEGY) });
    expect(document.params).toEqual({ fast: 20, slow: 80 });
    const last = new Date(START + (BARS - 1) * HOUR).toISOString();
    const span = { from: '2024-01-01T00:00:00.000Z', to: last };
    expect(document.data).toEqual([{ market: 'BTC/USDT', timeframe: '1h', rows: BARS, ...span, sha256: sha256(path(CANDLES)) }]);
    expect(document.settings).toEqual({
      capital: 10_000,
      feeRate: 0.001,
      slippageRate: 0.0005,
      conventions: { sizeAt: 'order', fillAt: 'nextOpen', warmup: 'settled', closeAtEnd: false, lot: null, tick: null },
      currency: 'USDT',
      period: { ...span, bars: BARS },
      riskPlugins: [],
    });
    expect(document.resultHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('has every metric of docs/metrics.md, which fit to each other and to the trades', async () => {
    const { metrics, trades } = await backtest(STRATEGY, '--data', CANDLES, '--close-at-end');
    const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(25);
    expect(Object.keys(metrics).toSorted()).toEqual(named.toSorted());
    expect(Object.values(metrics).every((value) => value === null || Number.isFinite(value))).toBe(true);
    expect(trades.length).toBeGreaterThan(2);
    const profit = trades.reduce((sum, trade) => sum + (trade.profit ?? Number.NaN), 0);
    expect(metrics['netProfit']).toBeCloseTo(profit, 6);
    expect(metrics['finalEquity']).toBeCloseTo(10_000 + profit, 6);
    expect(metrics['netProfitPct']).toBeCloseTo(profit / 100, 8);
    expect(metrics['tradeCount']).toBe(new Set(trades.map((trade) => trade.positionId)).size);
    // First and last close of the file.
    const closes = readFileSync(path(CANDLES), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[4]));
    expect(metrics['buyAndHoldPct']).toBeCloseTo(100 * (closes.at(-1)! / closes[0]! - 1), 9);
    const keys =
      'positionId market side setup entryTime entryPrice exitTime exitPrice qty fees carry profit profitPct bars mae mfe entryReason exitReason';
    for (const trade of trades) {
      expect(Object.keys(trade)).toEqual(keys.split(' '));
      expect(trade.entryTime).toMatch(ISO);
      expect(trade.exitTime).toMatch(ISO);
    }
  });

  test('an open trade has no exit, and na is null', async () => {
    const { trades, metrics } = await backtest('good.strat', '--data', CANDLES);
    expect(trades.map(({ exitTime, exitPrice, profit, exitReason }) => [exitTime, exitPrice, profit, exitReason])).toEqual([
      [null, null, null, 'open'],
    ]);
    expect([metrics['tradeCount'], metrics['winRatePct'], metrics['profitFactor']]).toEqual([0, null, null]);
  });

  test('gives equal results for equal input, and others for other input', async () => {
    const runs = await Promise.all([
      backtest(STRATEGY, '--data', CANDLES),
      backtest(STRATEGY, '--data', `BTC/USDT=plain.csv`),
      backtest(STRATEGY, '--data', CANDLES, '--fee', '0.2%'),
      backtest(STRATEGY, '--data', CANDLES, '--set', 'fast=25'),
    ]);
    const [first, same, dearer, slower] = runs;
    const result = ({ metrics, trades, resultHash }: Backtest): unknown => ({ metrics, trades, resultHash });
    expect(result(same)).toEqual(result(first));
    expect(new Set([first, dearer, slower].map((run) => run.resultHash)).size).toBe(3);
    expect(dearer.settings['feeRate']).toBe(0.002);
    expect(slower.params).toEqual({ fast: 25, slow: 80 });
  });

  test('says how far the figures may be chance, the same for the same seed, and leaves the result alone', async () => {
    const runs = await Promise.all(
      [[], ['--seed', '1'], ['--seed', '2']].map(async (seed) => backtest(STRATEGY, '--data', CANDLES, ...seed)),
    );
    const [first, same, other] = runs.map(({ significance }) => significance);
    expect(same).toEqual(first);
    expect(first).toMatchObject({ seed: 1, days: { resamples: 1000, sharpe: { low: expect.any(Number), high: expect.any(Number) } } });
    expect(other).toMatchObject({ seed: 2 });
    expect({ ...(other as object), seed: 1 }).not.toEqual(first);
    expect(new Set(runs.map(({ resultHash }) => resultHash)).size).toBe(1);
  });

  test('sums the profit by what the trades have in common, and chains the months', async () => {
    const { attribution, periods, trades, metrics } = await backtest(STRATEGY, '--data', CANDLES);
    const profit = trades.reduce((sum, trade) => sum + (trade.profit ?? 0), 0);
    for (const rows of Object.values(attribution as Readonly<Record<string, readonly { readonly profit: number }[]>>))
      expect(rows.reduce((sum, row) => sum + row.profit, 0)).toBeCloseTo(profit, 6);
    const { months } = periods as { readonly months: readonly { readonly returnPct: number }[] };
    const growth = months.reduce((product, { returnPct }) => product * (1 + returnPct / 100), 1);
    expect((growth - 1) * 100).toBeCloseTo(metrics['netProfitPct']!, 6);
  });

  test('says where the time went, start included', async () => {
    const { timing } = await backtest('good.strat', '--data', CANDLES);
    expect(Object.keys(timing)).toEqual(['startMs', 'compileMs', 'loadMs', 'runMs', 'evaluateMs', 'totalMs']);
    const { totalMs = Number.NaN, ...stages } = timing;
    expect(Object.values(stages).every((ms) => ms > 0)).toBe(true);
    expect(Object.values(stages).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(totalMs + 0.01);
  });

  test('takes the bars before --from for warm-up only', async () => {
    const { data, settings, trades } = await backtest(STRATEGY, '--data', CANDLES, '--from', '2024-01-10', '--to', '2024-01-20');
    expect(data[0]!.rows).toBe(19 * 24);
    expect(settings.period).toEqual({ from: '2024-01-10T00:00:00.000Z', to: '2024-01-19T23:00:00.000Z', bars: 10 * 24 });
    expect(trades.length).toBeGreaterThan(0);
    expect(trades.filter((trade) => trade.entryTime < '2024-01-10')).toEqual([]);
    const text = await strat(['backtest', STRATEGY, '--data', CANDLES, '--from', '2024-01-10']);
    expect(text.stdout).toContain('BTC/USDT 1h, 2024-01-10 00:00 to 2024-01-25 23:00 UTC, 384 bars, and 216 bars');
  });

  test('makes longer bars of shorter ones, and says so', async () => {
    const { data, warnings } = await backtest('good.strat', '--data', CANDLES, '--timeframe', '4h');
    expect(data[0]).toMatchObject({ timeframe: '4h', rows: BARS / 4 });
    expect(warnings.map(({ message }) => message).join('\n')).toContain('1h bars were made into 4h bars');
  });

  test('gives params with the unit that --set takes', async () => {
    put(
      'units.strat',
      statements(
        'param share = 2% in 1%..5%',
        'param wait = 4h in 1h..1d',
        'param is_on = true',
        'enter long when close > close[1] and is_on',
      ),
    );
    const { params } = await backtest('units.strat', '--data', CANDLES, '--set', 'share=3%', '--set', 'is_on=false');
    expect(params).toEqual({ share: '3%', wait: '4h', is_on: false });
  });

  test('labels a generated market, which is the same for the same seed', async () => {
    const run = (seed: string): Promise<Backtest> => backtest(STRATEGY, '--synthetic', seed, '--bars', '500', '--from', '2024-01-08');
    const [first, again, other] = await Promise.all([run('1'), run('1'), run('2')]);
    expect(first.resultHash).toBe(again.resultHash);
    expect(first.data[0]!['sha256']).not.toBe(other.data[0]!['sha256']);
    expect(first.data[0]).toMatchObject({ rows: 500, synthetic: true });
    expect(first.settings.period.bars).toBe(500 - 7 * 24);
    expect(first.warnings.map(({ code }) => code)).toContain('SYNTHETIC');
    const { stdout } = await strat(['backtest', STRATEGY, '--synthetic', '1', '--bars', '1']);
    expect(stdout).toMatch(/\(synthetic\).*1 bar$/m);
  });

  test('writes report and trades, and prints the same result', async () => {
    const files = ['--report', 'out.html', '--trades', 'out.csv'];
    const document = await backtest(STRATEGY, '--data', CANDLES, ...files);
    const report = readFileSync(path('out.html'), 'utf8');
    for (const part of [document.resultHash, 'class="plot hue-blue"', '>quick<', 'Source of the strategy']) expect(report).toContain(part);
    const [header, ...rows] = readFileSync(path('out.csv'), 'utf8').trimEnd().split('\r\n');
    expect(header).toBe(Object.keys(document.trades[0]!).join(','));
    expect(rows.map((row) => row.split(',')[4])).toEqual(document.trades.map((trade) => trade.entryTime));
    const { status, stdout, stderr } = await strat(['backtest', STRATEGY, '--data', CANDLES]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(document.resultHash.slice(0, 16));
    expect(harmless(stdout)).toBe(true);
    const labels = stdout
      .split('\n')
      .flatMap((line) => line.split(/ {3,}/))
      .filter((cell) => /^[A-Z][a-z ()A-Z]+$/.test(cell));
    expect(labels.length).toBeGreaterThan(25);
    expect(labels.filter((label, i) => labels.indexOf(label) !== i && label !== 'Trades')).toEqual([]);
  });
});

describe.skipIf(!hasSharedData)('strat backtest over the shared candles', () => {
  test('uses all 34,349 rows, twice with the same result', async () => {
    const real = sharedPath('candles/binance_BTC-USDT_1h.csv.gz');
    const [first, second] = await Promise.all([backtest(STRATEGY, '--data', real), backtest(STRATEGY, '--data', real)]);
    expect(first.data).toMatchObject([{ rows: 34_349, from: '2022-01-01T00:00:00.000Z', sha256: sha256(real) }]);
    expect({ ...second, timing: null }).toEqual({ ...first, timing: null });
  });
});
