import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isStratError } from '#core/errors/strat-error.ts';
import type { PlaygroundRequest } from '#core/runtime/playground/playground-request.ts';
import { type PlaygroundRun, runPlayground } from '#core/runtime/playground/run-playground.ts';
import { createCompiler } from '#dsl/compile.ts';
import { format } from '#dsl/tools/format/format.ts';
import { sharedPath } from '../reference/shared-data.ts';
import { CANDLES, candles, HOUR, statements, workplace } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { ROOT } from './cli-process.ts';

const compiler = createCompiler();
const SHIPPED = globSync('strategies/*/*.strat', { cwd: ROOT })
  .map((file) => join(ROOT, file))
  .toSorted();
const CORPUS = globSync('../corpus/*.strat', { cwd: sharedPath('.') })
  .map((file) => sharedPath(file))
  .toSorted();
const shipped = new Map(SHIPPED.map((file) => [basename(file, '.strat'), readFileSync(file, 'utf8')]));
const { path, put } = workplace();

const synthetic = (more: Partial<PlaygroundRequest['market']> = {}): PlaygroundRequest['market'] =>
  ({ source: 'synthetic', seed: 7, bars: 1000, kind: 'mixed', timeframe: null, ...more }) as PlaygroundRequest['market'];

/** A run here and now; texts of findings where it does not compile. */
function play(file: string, text: string, market = synthetic(), set = new Map<string, string>()): PlaygroundRun | readonly string[] {
  const result = runPlayground(compiler, { text, file, set, market }, shipped);
  return result.ok ? result.value : result.error.map(({ code }) => code);
}

/** The same by the command line, in an isolate. */
async function backtest(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await strat('backtest', ...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Record<string, unknown>;
}

/** A document, as JSON has it, but for the time it took, and for the resampling that a playground leaves out. */
function timeless(document: object): Record<string, unknown> {
  return { ...(JSON.parse(JSON.stringify(document)) as Record<string, unknown>), timing: null, significance: null };
}

const said = (run: PlaygroundRun | readonly string[]): unknown => ('document' in run ? timeless(run.document) : run);

describe('the lessons of the playground', () => {
  const lessons = globSync('web/playground/lessons/*.strat', { cwd: ROOT }).toSorted();

  test.for(lessons.slice(0, -1))('%s is right, in the style, and trades on the market that the page opens with', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(format(text)).toEqual({ ok: true, text });
    const run = play(file, text, synthetic({ seed: 1, bars: 5000 }));
    if (!('document' in run)) throw new Error(run.join());
    expect(run.document.metrics.tradeCount).toBeGreaterThan(10);
    expect(run.document.warnings.map(({ code }) => code)).toEqual(['SYNTHETIC']);
  });

  test('the last has the three mistakes that it promises', () => {
    const file = lessons.at(-1)!;
    expect(file).toContain('find-the-mistakes');
    expect(play(file, readFileSync(join(ROOT, file), 'utf8'))).toEqual(['E0201', 'E0304', 'E0307']);
  });
});

describe('a run of the playground', () => {
  let traded = 0;

  test.for(SHIPPED)('is the backtest of %s to the last bit', async (file) => {
    const document = await backtest(file, '--synthetic', '7', '--bars', '1000');
    expect(said(play(file, readFileSync(file, 'utf8')))).toEqual(timeless(document));
    traded += (document['trades'] as readonly unknown[]).length;
  });

  test('are runs with trades', () => expect(traded).toBeGreaterThan(20));

  test.skipIf(CORPUS.length === 0)('is the backtest of every strategy of the corpus, where it can be one', async () => {
    const refused: Record<string, unknown> = {};
    const runs: { readonly file: string; readonly document: object }[] = [];
    for (const file of CORPUS) {
      const text = readFileSync(file, 'utf8');
      try {
        const run = play(file, text);
        if (!('document' in run)) refused[basename(file)] = run;
        // Of several markets the command line runs all: those have a test of their own.
        else if (!/^trade .*,/m.test(text)) runs.push({ file, document: run.document });
      } catch (error) {
        if (!isStratError(error)) throw error;
        refused[basename(file)] = error.data['reason'] ?? error.code;
      }
    }
    expect(runs.length).toBeGreaterThan(10);
    for (const { file, document } of runs)
      expect(timeless(document)).toEqual(timeless(await backtest(file, '--synthetic', '7', '--bars', '1000')));
    expect(refused).toEqual({
      // Other files, models and plugins are not there.
      '16_ensemble_vote.strat': ['E0702', 'E0702', 'E0702'],
      '17_ml_filter.strat': ['E0702'],
      '27_user_functions.strat': ['E0702'],
      '28_plugin_indicator.strat': ['E0703'],
      '15_rotation_momentum.strat': 'This strategy trades a universe of markets, and the playground has one market',
    });
  });

  test('over candles of a file, of longer bars, with params and another kind of market', async () => {
    const file = join(ROOT, 'strategies/rsi-reversion/rsi-reversion.strat');
    const text = readFileSync(file, 'utf8');
    const bytes = new TextEncoder().encode(candles(600, HOUR));
    put(CANDLES, bytes);
    const given = play(file, text, { source: 'candles', name: CANDLES, bytes, timeframe: '4h' });
    expect(said(given)).toEqual(timeless(await backtest(file, '--data', path(CANDLES), '--timeframe', '4h')));
    const [name] = 'params' in given ? given.params : [];
    expect(name).toBeDefined();
    const set = new Map([[name!.name, String(name!.min)]]);
    const ranged = play(file, text, synthetic({ kind: 'range', seed: 3 }), set);
    expect(said(ranged)).toEqual(
      timeless(await backtest(file, '--synthetic', '3', '--market-kind', 'range', '--bars', '1000', '--set', `${name!.name}=${name!.min}`)),
    );
    expect((said(ranged) as { resultHash: string }).resultHash).not.toBe((said(given) as { resultHash: string }).resultHash);
  });

  test('tells plots, stops and the equity of every bar', () => {
    const text = `${statements('enter long when close > highest(high, 20)[1]')}plot sma(close, 10) as "mean"\n`;
    const run = play('one.strat', text);
    if (!('document' in run)) throw new Error(run.join());
    const { columns, equity, drawings, document } = run;
    expect(equity).toHaveLength(1000);
    expect(equity.at(-1)).toBe(document.metrics.finalEquity);
    const [mean] = drawings.plots;
    expect(mean).toMatchObject({ label: 'mean', pane: null });
    const ten = columns.close.subarray(90, 100).reduce((sum, close) => sum + close, 0) / 10;
    expect(mean!.values[99]).toBeCloseTo(ten, 6);
    const [trade] = document.trades;
    const entry = columns.time.indexOf(Date.parse(trade!.entryTime));
    expect(drawings.stops![entry - 1]).toBeNaN();
    expect(drawings.stops![entry]).toBeCloseTo(trade!.entryPrice * 0.1, 6);
  });

  test.for([
    { name: 'too many bars', market: { bars: 200_001 }, says: /runs 1 to 200000 bars, and these are 200001/ },
    { name: 'no bars', market: { bars: 0 }, says: /these are 0/ },
    { name: 'bars of no length', market: { timeframe: '7q' }, says: /"7q" is no length of bars/ },
    { name: 'a seed that is none', market: { seed: -1 }, says: /seed -1/ },
    {
      name: 'candles that are none',
      market: { source: 'candles', name: 'x.csv', bytes: new TextEncoder().encode('a,b\n1,2\n') },
      says: /no column "timestamp"/,
    },
    { name: 'an empty file', market: { source: 'candles', name: 'x.csv', bytes: new Uint8Array(0) }, says: /empty/ },
    {
      name: 'a file that is too large',
      market: { source: 'candles', name: 'x.csv', bytes: new Uint8Array(32 * 2 ** 20 + 1) },
      says: /32 MB/,
    },
  ] as const)('refuses $name in words', ({ market, says }) => {
    expect(() =>
      play('one.strat', statements('enter long when close > 1'), synthetic(market as Partial<PlaygroundRequest['market']>)),
    ).toThrow(says);
  });

  test('imports what comes with strat, and nothing else', () => {
    const ballot = (from: string): string =>
      statements(`use strategy trend from "${from}"`, 'let ballot = vote(trend: 1)', 'enter long when ballot > 0.5');
    for (const from of ['./lib/trend.strat', 'strategy:no-such']) expect(play('one.strat', ballot(from))).toContain('E0702');
    const run = play('one.strat', ballot('strategy:sma-cross'));
    if (!('document' in run)) throw new Error(run.join());
    const sha256 = createHash('sha256').update(shipped.get('sma-cross')!).digest('hex');
    expect(run.document.strategy.modules).toEqual([{ path: 'strategy:sma-cross/sma-cross.strat', sha256 }]);
    expect(run.document.trades).not.toEqual([]);
  });

  test('trades the first of several markets as the command line does with candles of that one', async () => {
    const text = statements('enter long when close > highest(high, 20)[1]').replace('BTC/USDT', 'BTC/USDT, ETH/USDT');
    const bytes = new TextEncoder().encode(candles(600, HOUR));
    put(CANDLES, bytes);
    put('both.strat', text);
    const run = play('both.strat', text, { source: 'candles', name: CANDLES, bytes, timeframe: null });
    const document = await backtest(path('both.strat'), '--data', `BTC/USDT=${path(CANDLES)}`);
    const { resultHash, trades } = said(run) as Record<string, unknown>;
    expect({ resultHash, trades }).toEqual({ resultHash: document['resultHash'], trades: document['trades'] });
    expect(JSON.stringify(said(run))).toContain('the playground trades BTC/USDT alone, and the strategy ETH/USDT too');
  });
});
