import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

/** Warnings about rules that cannot act, or always do. */
const compiler = createCompiler();

function placesOf(lines: string): readonly string[] {
  const source = `strat 1\nstrategy "analysis"\ntrade BTC/USDT on 1h\n${lines}\nsize 10% of equity\nstop 5%\n`;
  const map = new LineMap(source);
  return compiler.compile(source).diagnostics.map(({ code, span }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

describe('conditions that never vary', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['enter long when volume >= 0', ['W0901 4:17']],
    ['enter long when volume < 0', ['W0901 4:17']],
    ['enter long when close > open and hour < 24', ['W0901 4:34']],
    ['enter long when close > open and hour > 24', ['W0901 4:34']],
    ['enter long when close > open and 12 < month', ['W0901 4:34']],
    ['enter long when close > open and hour < 23', []],
    ['enter long when close > 100 and close < 50', ['W0901 4:17']],
    ['enter long when close > 50 and close < 100', []],
    ['let up = close > open enter long when up and not up', ['W0901 4:39']],
    ['enter long when close > open exit long when close > high and close < high', ['W0901 4:45']],
    ['param a = 30 in 20..40 param b = 70 in 60..80 enter long when rsi(14) < a and rsi(14) > b', ['W0901 4:63']],
    ['param a = 30 in 20..80 param b = 70 in 20..80 enter long when rsi(14) < a and rsi(14) > b', []],
    ['param flag = true enter long when close > open and flag', []],
    ['param a = 1 in 1..5 enter long when close > open and a < 10', []],
    ['def sunk(x) = if x < 0 then 1 else 2 enter long when sunk(volume) > rsi(14)', []],
    ['enter long when close == open', ['W0906 4:23']],
    ['enter long when close[1] != open', ['W0906 4:26']],
    ['enter long when high == highest(high, 20)', []],
    ['enter long when funding_rate < 0%', []],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });
});

describe("rules that get in each other's way", () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['enter long when close crosses above open exit long when close > open', ['W0909 4:42']],
    ['enter long when close < 5 exit long when close > 3', []],
    ['enter long when rsi(14) < 30 exit long when rsi(14) < 55', ['W0909 4:30']],
    ['enter long when rsi(14) < 30 exit long when rsi(14) > 55', []],
    ['enter long when rsi(14) < 30 exit long when rsi(14) < 20', ['W0909 4:30']],
    ['enter long when rsi(14) < 30 exit 50% long when rsi(14) < 55', ['E0103 4:39']],
    ['enter long when rsi(14) < 30 exit long 50% when rsi(14) < 55', []],
    ['enter long when close > open enter long when close > open', ['W0907 4:30']],
    ['setup a long { enter when close > open } setup b long { enter when close > open }', ['W0907 4:57']],
    ['enter long when close > open stop at highest(high, 20)', ['W0911 4:1']],
    ['enter long when close > open stop at lowest(low, 20)', []],
    ['enter short when close > open stop at lowest(low, 20) - 1 atr', ['W0911 4:1']],
    ['enter long when close > open stop at highest(high, 20) - 3 atr', []],
    ['enter long when close > open stop at low - 2', ['W0910 4:44']],
    ['enter long when close > open at limit close - 5', ['W0910 4:47']],
    ['enter long when close > open cooldown 5ms', ['W0913 4:39']],
    ['enter long when 2% falls', ['E0301 4:20']],
    ['enter long when close > open and 2% < 3%', ['W0901 4:34']],
    ['enter long when close > open stop 2 * close', ['E0307 4:35']],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });
});
