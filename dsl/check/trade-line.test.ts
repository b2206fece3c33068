import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();

function compiled(lines: string, set: Readonly<Record<string, string>> = {}): readonly unknown[] {
  const source = `strat 1\nstrategy "x"\n${lines}\nenter long when close > open on 1d\nsize 1 BTC\nstop 5%\ntimeout 8h`;
  const { program, diagnostics, overrideErrors } = compiler.compile(source, { set: new Map(Object.entries(set)) });
  const found = [
    ...diagnostics.map(({ code, span }) => `${code} ${source.slice(span.start, span.end)}`),
    ...overrideErrors.map(({ message }) => message),
  ];
  const bars = program?.entries[0]?.block.timeouts[0]?.bars;
  const timeout = bars === undefined ? undefined : program?.graph.nodes[bars];
  return [program?.timeframe ?? null, timeout?.op === 'const' ? timeout.value : null, ...found];
}

describe('the length of the traded bars', () => {
  it.each<[lines: string, set: Readonly<Record<string, string>>, expected: readonly unknown[]]>([
    ['trade BTC/USDT on 2h', {}, ['2h', 4]],
    ['param tf = 1h in [15m, 1h, 4h]\ntrade BTC/USDT on tf', {}, ['1h', 8]],
    ['param tf = 1h in [15m, 1h, 4h]\ntrade BTC/USDT on tf', { tf: '15m' }, ['15m', 32]],
    ['param tf = 1h in [15m, 1h, 4h]\ntrade BTC/USDT on tf', { tf: '240m' }, ['4h', 2]],
    ['param tf = 1h in [15m, 1h, 4h]\ntrade BTC/USDT on tf', { tf: '2h' }, [null, null, 'tf: 2h is not one of 15m, 1h, 4h']],
    ['let tf = 30m\ntrade BTC/USDT on tf', {}, ['30m', 16]],
    ['trade BTC/USDT on tf\nparam tf = 1h', {}, [null, null, 'E0201 tf']],
    ['trade BTC/USDT on fast', {}, [null, null, 'E0201 fast']],
    ['param tf = 60\ntrade BTC/USDT on tf', {}, [null, null, 'E0307 tf']],
    ['param tf = 500ms\ntrade BTC/USDT on tf', {}, [null, null, 'E0307 tf']],
    ['trade BTC/USDT on age', {}, [null, null, 'E0303 age']],
    ['param tf = tred\ntrade BTC/USDT on tf', {}, [null, null, 'E0201 tred']],
  ])('%s with %o', (lines, set, expected) => {
    expect(compiled(lines, set)).toEqual(expected);
  });

  it('is what charts have to be longer than', () => {
    expect(compiled('param tf = 1h in [1h, 1w]\ntrade BTC/USDT on tf', { tf: '1w' })).toEqual([null, null, 'E0402 1d', 'W0913 8h']);
  });
});
