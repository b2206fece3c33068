import { expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { unforgetting } from '#dsl/graph/warm-up.ts';
import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';

const compiler = createCompiler();

/** Whether an expression may keep the start of the data for ever. */
function isKept(expression: string): boolean {
  const { program } = compiler.compile(`strat 1
strategy "values"
trade BTC/USDT on 1h
enter long when close > open
size 1 BTC
stop 5%
plot ${expression}
`);
  if (program === null) throw new Error(`${expression} does not compile`);
  return unforgetting(program.graph, runConstants(program.graph, new Float64Array(), new Float64Array(SETTING_FIELDS))).length > 0;
}

test.each([
  ['sma(20)', 'ema(20)', 'wma(20)', 'rma(20)', 'hma(20)', 'dema(20)', 'tema(20)', 'kama(20)', 'alma(20)', 'vwma(20)', 'linreg(20)'],
  ['rsi()', 'stoch().k', 'stoch_rsi().d', 'cci()', 'mfi()', 'williams_r()', 'cmo()', 'roc()', 'macd().hist', 'adx()', 'aroon().up'],
  ['atr()', 'tr', 'stdev(20)', 'bbands().pct', 'keltner().upper', 'chop()', 'ichimoku().span_b', 'donchian().mid', 'cmf()'],
  ['percentile(close, 9, 50)', 'percentile_rank(9)', 'zscore(9)', 'slope(9)', 'beta(close, open, 9)', 'count(close > open, 9)'],
])('%s ... settle', (...expressions) => {
  expect(expressions.filter(isKept)).toEqual([]);
});

test('what adds up, counts, holds or turns from the start of the data on never forgets it', () => {
  const kept = ['obv', 'adl', 'vwap()', 'since(close > open)', 'value_when(close > open, close)', 'highest_since(close > open, high)'];
  const more = ['lowest_since(close > open, low)', 'sum_since(close > open, volume)', 'psar()', 'supertrend().line'];
  expect([...kept, ...more].filter((expression) => !isKept(expression))).toEqual([]);
});
