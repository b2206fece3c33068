import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();

function compiled(lines: string): { readonly found: readonly string[]; readonly kept: readonly string[] | undefined } {
  const source = `strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n${lines}\nsize 1 BTC\nstop 5%`;
  const { program, diagnostics } = compiler.compile(source);
  return { found: diagnostics.map(({ code, span }) => `${code} ${source.slice(span.start, span.end)}`), kept: program?.unforgetting };
}

describe('what never forgets where the data begin', () => {
  it.each<[lines: string, found: readonly string[], kept: readonly string[]]>([
    ['enter long when obv > 1000', ['W0912 obv'], ['obv']],
    ['enter long when 1000 < adl', ['W0912 adl'], ['adl']],
    ['let flow = obv\nenter long when flow > 5', ['W0912 flow'], ['obv']],
    ['enter long when since(close > open) > 10', ['W0912 since(close > open)'], ['since']],
    ['param most = 1000 BTC in 1 BTC..9999 BTC\nenter long when obv > most', ['W0912 obv'], ['obv']],
    ['enter long when obv > sma(obv, 20)', [], ['obv']],
    ['enter long when obv rises', [], ['obv']],
    ['enter long when connors_rsi() < 10', [], ['connors_rsi']],
    ['enter long when chaikin_osc() > 0', [], []],
    ['enter long when supertrend(3, 10).up and rsi(14) < 30', [], ['supertrend']],
    ['enter long when rsi(14) < 30', [], []],
    ['let line = line[1] + 0.1 * (close - line[1]) start close\nenter long when close > line', [], []],
    ['let line = line[1] + (close - line[1]) * (close / open) start close\nenter long when close > line', [], ['line']],
    ['let ups = if close > open then ups[1] + 1 else ups[1] start 0\nenter long when ups > 5', [], ['ups']],
    ['regime market start calm { calm -> wild when close > 2 * open }\nenter long when market is calm', [], ['market']],
    ['def total(x) { let t: quantity = t[1] + x start 0 return t }\nenter long when total(volume) > sma(total(volume), 20)', [], ['t']],
  ])('%s', (lines, found, kept) => {
    expect(compiled(lines)).toEqual({ found, kept });
  });
});
