import { expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();

test.each<[condition: string, literals: readonly string[]]>([
  ['close > 30000', ['30000']],
  ['30000 < close[3]', ['30000']],
  ['sma(close, 20) crosses above 500 or highest(high, 5) > 4k', ['500', '4k']],
  ['hl2 between 100 and 200', ['100', '200']],
  ['ema(close, 20) in 1..9', ['1', '9']],
  ['(close > 3) on 4h and (close > 3) on 1d', ['3', '3']],
  // Distances, other markets, other units.
  ['close - open > 5', []],
  ['atr(14) > 100', []],
  ['macd(close).line > 5', []],
  ['close of ETH/USDT > 2000', []],
  ['volume > 1000 and rsi(14) > 30', []],
  ['close > open + 5', []],
])('plain numbers beside prices in %s', (condition, literals) => {
  const source = `strat 1 strategy "x" trade BTC/USDT on 1h enter long when ${condition} size 1 BTC stop 5%`;
  const { program, diagnostics } = compiler.compile(source);
  expect(diagnostics).toEqual([]);
  expect(program?.priceLiterals.map(({ span }) => source.slice(span.start, span.end))).toEqual(literals);
});

test('a number of a function, a module or a param is no plain number beside a price', () => {
  const source = `strat 1 strategy "x" trade BTC/USDT on 1h param p: price = 5 in 1..9 def f(x: price) = x > 30000
    enter long when f(close) and close > p size 1 BTC stop 5%`;
  expect(compiler.compile(source).program?.priceLiterals).toEqual([]);
});
