import { describe, expect, it } from 'vitest';
import { SIZE } from '#core/model/strategy-abi.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Program } from '#dsl/program.ts';
import { nodeText as text } from './testing/node-text.ts';

const compiler = createCompiler();

function programOf(lines: string, set?: ReadonlyMap<string, string>): Program {
  const source = `strat 1\nstrategy "program"\ntrade BTC/USDT, ETH/USDT on 60m\n${lines}`;
  const { program, diagnostics, overrideErrors } = compiler.compile(source, set === undefined ? {} : { set });
  if (program === null) throw new Error(JSON.stringify([diagnostics, overrideErrors]));
  return program;
}

describe('a program', () => {
  it('holds what the header says', () => {
    const program = programOf(
      'account { capital 5_000 USDT }\ncosts { taker 0.1% slippage 5bp }\nenter short when close < open\nsize 1 BTC\nstop 5%'.replace(
        '1 BTC',
        '100 USDT',
      ),
    );
    expect(program).toMatchObject({
      name: 'program',
      markets: ['BTC/USDT', 'ETH/USDT'],
      timeframe: '1h',
      stepMs: 3_600_000,
      sides: [-1],
      account: { capital: 5000 },
      costs: { taker: 0.001, slippage: 0.0005 },
    });
  });

  it('takes sizes, stops and trails of the top where a block says nothing', () => {
    const program = programOf(`
      size 10% of equity
      stop 5%
      stop 2 atr
      trail 3% after 1R
      long { enter when close > open }
      short { size risk 50 USDT stop at high + 1 atr trail 2% enter when close < open }`);
    const [long, short] = program.entries;
    expect(long!.block.size.kind).toBe(SIZE.equityShare);
    expect(text(program, long!.block.size.value)).toBe('0.1');
    expect(long!.block.stops.map(({ kind }) => kind)).toEqual(['percent', 'distance']);
    expect(long!.block.trail?.after?.kind).toBe('r');
    expect(short!.block.size.kind).toBe(SIZE.riskMoney);
    expect(short!.block.stops.map(({ kind }) => kind)).toEqual(['price']);
    expect(short!.block.trail).toMatchObject({ after: null, from: null, distance: { kind: 'percent' } });
    expect(program.sides).toEqual([1, -1]);
  });

  it.each<[size: string, kind: number, value: string]>([
    ['0.5 BTC', SIZE.quantity, '0.5'],
    ['100 USDT', SIZE.money, '100'],
    ['10% of equity', SIZE.equityShare, '0.1'],
    ['2 * 10% of equity', SIZE.equityShare, '0.2'],
    ['10% of cash / 4', SIZE.cashShare, '0.025'],
    ['risk 1% of equity', SIZE.riskEquityShare, '0.01'],
    ['risk 1% of cash', SIZE.riskCashShare, '0.01'],
    ['risk 100 USDT', SIZE.riskMoney, '100'],
    ['10% of equity - 5 USDT', SIZE.money, 'sub(mul(0.1 equity) 5)'],
    ['100 USDT / close', SIZE.quantity, 'div(100 close)'],
  ])('size %s', (size, kind, value) => {
    const source = `strat 1\nstrategy "sizes"\ntrade BTC/USDT on 1h\nenter long when close > open\nsize ${size}\nstop 5%`;
    const { program } = compiler.compile(source);
    const amount = program!.entries[0]!.block.size;
    expect([amount.kind, text(program!, amount.value)]).toEqual([kind, value]);
  });

  it('gives each entry its own confidence in a size they share', () => {
    const program = programOf(`
      enter long when close > open with confidence 0.25
      enter long when close < open with confidence rsi(14) / 100
      enter long when close == open
      size 10% of equity times confidence
      stop 5%`);
    const [first, second, third] = program.entries.map(({ block }) => text(program, block.size.value));
    expect([first, third]).toEqual(['0.025', '0.1']);
    expect(second).toMatch(/^mul\(0\.1 min\(max\(/);
  });

  it('shares equal expressions and leaves out what is not used', () => {
    const program = programOf(
      'let a = sma(close, 20)\nlet b = sma(close, 20)\nlet c = ema(close, 9)\nenter long when a > open or b > low\nsize 10% of equity\nstop 5%',
    );
    expect(program.graph.nodes.filter(({ op }) => op === 'sum').length).toBe(1);
    expect(program.graph.nodes.filter(({ op }) => op === 'recursive').length).toBe(0);
    for (const [id, node] of program.graph.nodes.entries()) for (const arg of node.args) expect(arg).toBeLessThan(id);
  });

  it('writes functions of the file out with the units of their arguments', () => {
    const program = programOf(
      'def far(a, b, n: length = 3) { let gap = abs(a - b) return sma(gap, n) / b }\nenter long when far(close, open) > 2% and far(volume, 5, n: 2) < 1\nsize 10% of equity\nstop 5%',
    );
    expect(text(program, program.entries[0]!.when)).toBe(
      'and(gt(div(div(sum(abs(sub(close open)) 3) 3) open) 0.02) lt(div(div(sum(abs(sub(volume 5)) 2) 2) 5) 1))',
    );
  });

  it('knows the crossing, the trend and the past', () => {
    const of = (condition: string): string => {
      const program = programOf(`enter long when ${condition}\nsize 10% of equity\nstop 5%`);
      return text(program, program.entries[0]!.when);
    };
    expect(of('close crosses above open')).toBe('and(gt(close open) le(delay(close 1) delay(open 1)))');
    expect(of('close crosses below 100')).toBe('and(lt(close 100) ge(delay(close 1) 100))');
    expect(of('close rises')).toBe('gt(close delay(close 1))');
    expect(of('close in 1..5')).toBe('and(ge(close 1) le(close 5))');
    expect(of('close in [1, 5]')).toBe('or(or(0 eq(close 1)) eq(close 5))');
    expect(of('close[3] is not na')).toBe('not(isNa(delay(close 3)))');
    expect(of('close + 2% > open')).toBe('gt(mul(close 1.02) open)');
    expect(of('(close > open)[2]')).toBe('delay(gt(close open) 2)');
  });
});

describe('values set from outside', () => {
  const lines = `
    param fast = 10 in 5..50 step 5
    param width = 2 in 1.5..3 step 0.5
    param far = 3% in 1%..10%
    param hold = 30m in [15m, 30m, 60m]
    param level: price = 30000
    param use_trend = true
    param free = 4 in 1..9
    param bars_back = 2 in 0..9
    require fast < 45 "too long"
    let trend = sma(close, fast) * width + close * far
    enter long when close > trend and use_trend and close > level and free > 1 and close > close[bars_back] and time - time[1] > hold
    size 10% of equity
    stop 5%`;
  const source = `strat 1\nstrategy "set"\ntrade BTC/USDT on 1h\n${lines}`;

  it.each<[name: string, text: string, value: number]>([
    ['fast', '20', 20],
    ['width', '2.5', 2.5],
    ['far', '5%', 0.05],
    ['far', '150bp', 0.015],
    ['hold', '1h', 3_600_000],
    ['level', '45k', 45_000],
    ['use_trend', 'false', 0],
    ['free', '2.5', 2.5],
    ['bars_back', ' 3 ', 3],
  ])('%s=%s', (name, given, value) => {
    const { program, overrideErrors } = compiler.compile(source, { set: new Map([[name, given]]) });
    expect(overrideErrors).toEqual([]);
    expect(program?.params.find((param) => param.name === name)?.value).toBeCloseTo(value, 12);
  });

  it.each<[name: string, text: string, message: string]>([
    ['fast', '12', 'fast: 12 is not on the steps of 5 from 5'],
    ['fast', '55', 'fast: 55 is outside of 5 .. 50'],
    ['fast', 'abc', 'fast: "abc" is not a number'],
    ['fast', '1e999', 'fast: "1e999" is not a number'],
    ['fast', '5%', 'fast: "5%" is not a number'],
    ['far', '5', 'far: "5" is not a percent (write 3% or 25bp)'],
    ['far', '50%', 'far: 50% is outside of 1% .. 10%'],
    ['hold', '45m', 'hold: 45m is not one of 15m, 30m, 1h'],
    ['hold', '30', 'hold: "30" is not a duration (write 30m, 4h or 1d)'],
    ['use_trend', 'yes', 'use_trend: "yes" is not true or false'],
    ['__proto__', '1', 'there is no param "__proto__"; the params are: fast, width, far, hold, level, use_trend, free, bars_back'],
    ['fast', '45', 'the values set break "fast < 45": too long'],
    ['bars_back', '2.5', 'bars_back is a length: a whole number'],
  ])('%s=%s is refused', (name, given, message) => {
    const { program, diagnostics, overrideErrors } = compiler.compile(source, { set: new Map([[name, given]]) });
    expect(overrideErrors.map((error) => error.message)).toEqual([message]);
    expect(program).toBeNull();
    expect(diagnostics).toEqual([]);
  });

  it('params carry their space', () => {
    const { program } = compiler.compile(source);
    expect(program?.params).toMatchObject([
      { name: 'fast', value: 10, default: 10, min: 5, max: 50, step: 5, kind: 'number' },
      { name: 'width', step: 0.5 },
      { name: 'far', min: 0.01, max: 0.1, step: null, kind: 'percent' },
      { name: 'hold', choices: [900_000, 1_800_000, 3_600_000], min: 900_000, max: 3_600_000, kind: 'duration' },
      { name: 'level', min: 30_000, max: 30_000, kind: 'price' },
      { name: 'use_trend', value: 1, kind: 'condition' },
      { name: 'free', step: null },
      { name: 'bars_back', step: 1 },
    ]);
  });
});
