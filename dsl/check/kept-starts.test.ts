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
    ['enter long when supertrend(3, 10).up and rsi(14) < 30', [], ['supertrend']],
    ['enter long when rsi(14) < 30', [], []],
  ])('%s', (lines, found, kept) => {
    expect(compiled(lines)).toEqual({ found, kept });
  });
});
