import { describe, expect, test } from 'vitest';
import { type CompileOptions, createCompiler } from '#dsl/compile.ts';
import { tradingRoots } from '#dsl/emit/usage.ts';
import { FISHER_CODE, FISHER_MANIFEST, scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';
import { plottedProgram } from '#dsl/prelude/testing/series-values.ts';
import { corpusInputs, corpusPrograms, HAS_CORPUS, shippedPrograms } from './corpus.ts';
import { type WarmUpSeen, warmUpSeen } from './warm-up.ts';

/** Share of the largest input or output of the last 1,000 bars. */
const BOUND = 1e-6;
const SEED = 7;
const compiler = createCompiler();

const worst = ({ leftOver }: WarmUpSeen): number => leftOver[0]?.share ?? 0;

function strategySeen(
  source: string,
  options: CompileOptions = corpusInputs,
  cut = 1,
): WarmUpSeen & { readonly listed: readonly string[] } {
  const { program, diagnostics } = compiler.compile(source, options);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return { ...warmUpSeen(program, tradingRoots(program), SEED, cut), listed: program.unforgetting };
}

function callSeen(text: string, cut = 1): WarmUpSeen {
  const program = plottedProgram([text]);
  return warmUpSeen(
    program,
    program.plots.map(({ value }) => value),
    SEED,
    cut,
  );
}

describe('at the first tradable bar a value is that of a run with ten times the history', () => {
  const programs = [...corpusPrograms(), ...shippedPrograms()];

  test.each(programs.map(({ name, source }) => [name, source] as const))('%s', (_, source) => {
    const seen = strategySeen(source);
    expect(seen.compared).toBeGreaterThan(5);
    expect(worst(seen)).toBeLessThan(BOUND);
    // What is exempt is told to the user, and nothing else is.
    expect(seen.kept > 0).toBe(seen.listed.length > 0);
  });

  test.skipIf(!HAS_CORPUS)('strategies of the corpus that keep their start say by what', () => {
    const kept = corpusPrograms().flatMap(({ name, source }) => {
      const listed = compiler.compile(source, corpusInputs).program?.unforgetting ?? [];
      return listed.length === 0 ? [] : [[name, ...listed]];
    });
    expect(kept).toEqual([
      ['06_supertrend.strat', 'supertrend'],
      ['13_opening_range.strat', 'highest_since', 'value_when', 'lowest_since'],
      ['16_ensemble_vote.strat', 'trend', 'dips', 'breakout'],
      ['25_adaptive_average.strat', 'line'],
    ]);
  });
});

describe('a warm-up that ends early is found out', () => {
  test.each(['ema(close, 40)', 'rsi(close, 40)', 'atr(40)', 'tema(close, 40)', 'sma(close, 40)', 'macd(close, 3, 6, 4).signal'])(
    'of %s',
    (text) => {
      expect(worst(callSeen(text, 0.2))).not.toBeLessThan(BOUND);
    },
  );

  test('of a strategy', () => {
    const shipped = shippedPrograms().find(({ name }) => name === 'macd-trend.strat')!;
    expect(worst(strategySeen(shipped.source, corpusInputs, 0.5))).not.toBeLessThan(BOUND);
  });

  test('of an indicator that says less than it remembers', () => {
    const plugin = scriptPlugin(FISHER_MANIFEST, FISHER_CODE);
    const source = `strat 1 strategy "x" trade BTC/USDT on 1h use indicator fisher from "plugin:@acme/fisher"
      enter long when fisher().value > 0 size 1 BTC stop 2%`;
    expect(worst(strategySeen(source))).toBeLessThan(BOUND);
    expect(worst(strategySeen(source, { plugins: () => ({ ok: true, plugin }) }))).not.toBeLessThan(BOUND);
  });
});
