import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { walk } from '#core/sandbox/testing/fixture-strategies.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { decideAll, runDecided } from './three-forms.ts';

const compiler = createCompiler();
const columns = walk(700);

/** Decisions over rings of the look-back that the emitter tells, and of a smaller one; and over whole columns. */
function decisionsOf(condition: string): {
  readonly lookBack: number;
  readonly inRings: unknown;
  readonly inLess: unknown;
  readonly inAll: unknown;
} {
  const { program } = compiler.compile(`strat 1
strategy "look back" {}
trade BTC/USDT on 1h
param n = 150 in 100..300 step 10
enter long when ${condition}
exit long when close < open
size 20% of equity
`);
  if (program === null) throw new Error('the strategy does not compile');
  const strategy = emit(program, DEFAULT_SETTINGS.conventions);
  const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
  const params = Float64Array.from(program.params, ({ value }) => value);
  const decided = (lookBack: number) =>
    runDecided({ ...strategy, lookBack }, columns, params, settings, DEFAULT_SETTINGS.conventions, 10_000);
  const { decisions, accounts } = decided(strategy.lookBack);
  return {
    lookBack: strategy.lookBack,
    inRings: decisions,
    inLess: decided(60).decisions,
    inAll: decideAll(strategy, columns, params, settings, accounts),
  };
}

describe('the look-back of a compiled strategy', () => {
  test.each([
    ['a close of n bars ago', 'close > close[n]', 300],
    ['a mean of n bars', 'close > sma(close, n)', 300],
    ['a deviation of n bars', 'close > sma(close, 120) + stdev(close, 120)', 120],
  ])('of %s is the longest that its params allow, and less would decide otherwise', (_, condition, rows) => {
    const { lookBack, inRings, inLess, inAll } = decisionsOf(condition);
    expect(lookBack).toBe(rows);
    expect(inRings).toEqual(inAll);
    expect(inLess).not.toEqual(inAll);
  });

  test('of a short window that is looked through is the window', () => {
    const { lookBack, inRings, inAll } = decisionsOf('close >= highest(high, 60) or close <= lowest(low, 9)');
    expect(lookBack).toBe(60);
    expect(inRings).toEqual(inAll);
  });

  test('of series that keep their own memory is none', () => {
    expect(decisionsOf('close > ema(close, 50) and close >= highest(high, 100)').lookBack).toBe(0);
  });
});
