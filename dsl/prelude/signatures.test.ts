import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { PRELUDE_MODULES } from './modules.ts';
import { callTexts } from './testing/every-function.ts';

/** The functions of the language as its users see them: names, arguments in order, defaults, and the kinds that they give. */
const compiler = createCompiler();

/** Codes and messages about a program whose only content is these lines. */
function findings(...lines: readonly string[]): readonly string[] {
  const source = `strat 1\nstrategy "s"\ntrade BTC/USDT on 1h\n${lines.join('\n')}\nenter long when close > open\nsize 1 BTC\nstop 5%\n`;
  return compiler.compile(source).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** What the line `let x: kind = call` is refused with. */
const refusals = (call: string, kind: string): readonly string[] =>
  findings(`let x: ${kind} = ${call}`, 'plot x').filter((finding) => !finding.startsWith('E0301'));

const calls = (text: string): string[] =>
  text
    .split(/[|\n]/)
    .map((call) => call.trim())
    .filter((call) => call !== '');

/** The table of language.md section 8, with arguments left out where it allows that. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  price: calls(`
    linreg(20) | linreg(close, 20) | linreg(close, 20, 3) | linreg(20, offset: 1)
    vwap() | vwap(1d) | vwap(1w) | vwap(anchor: 4h) | vwap(close > open) | vwap(close, 1d) | vwap(source: close) | vwap(high, close > open)
    mom() | mom(10) | mom(close, 10) | change() | change(high, 2)
    atr | atr() | atr(20) | tr | tr()
    macd().line | macd(12, 26, 9).signal | macd(close, 12, 26, 9).hist | macd(slow: 30).line
    supertrend().line | supertrend(2, 7).line | supertrend(length: 7).line | psar() | psar(0.01, 0.1) | psar(max: 0.3)
    ichimoku().tenkan | ichimoku(7, 22, 44).kijun | ichimoku().span_a | ichimoku(senkou: 44).span_b
    bbands().upper | bbands(20, 2).mid | bbands(close, 20, 2).lower | bbands(length: 10, width: 1.5).upper
    keltner().upper | keltner(20, 2, 10).mid | keltner(close, 20, 1.5, atr_length: 14).lower
    donchian().upper | donchian(10).mid | donchian(length: 10).lower
    percentile(20, 50) | percentile(close, 20, 5) | value_when(close > open, high)
    highest_since(close > open, high) | lowest_since(close > open, low) | sum_since(close > open, close)
    clamp(close, low, high) | nz(close) | nz(close[1], close) | mod(close, 10)
  `).concat(
    'sma ema wma rma hma dema tema kama alma vwma stdev median highest lowest sum avg'
      .split(' ')
      .flatMap((name) => [`${name}(20)`, `${name}(high, 20)`, `${name}(source: low, length: 20)`]),
  ),
  quantity: calls('obv | obv() | adl | adl() | sma(volume, 20) | sum_since(close > open, volume)'),
  percent: calls('roc() | roc(10) | roc(close, 10) | natr() | natr(20)'),
  number: calls(`
    rsi() | rsi(14) | rsi(close, 14) | cmo() | cmo(20) | cci() | cci(20) | mfi() | mfi(10) | williams_r() | williams_r(21) | chop() | adx() | adx(20)
    stoch().k | stoch(5, 3, 3).d | stoch(smooth: 1).k | stoch_rsi().k | stoch_rsi(14, 3, 3).d | stoch_rsi(close, 14).k
    dmi().plus | dmi(10).minus | dmi(10).adx | aroon().up | aroon(14).down | bbands().width | bbands().pct | cmf() | cmf(10)
    variance(20) | zscore(close, 20) | slope(20) | percentile_rank(20) | percentile_rank(volume, 100)
    corr(close, volume, 20) | corr(high, low, 20) | corr(roc(), rsi(14), 20) | beta(roc(high), roc(low), 20) | beta(close, open, 20) | count(close > open, 5) | since(close > open)
  `),
  condition: calls('any(close > open, 5) | all(close > open, 5) | latch(close > open, close < open) | supertrend().up'),
};

const FAMILIES = PRELUDE_MODULES.map(({ source }) => source);

describe('functions of the prelude', () => {
  it('read without a finding', () => {
    expect(FAMILIES.flatMap((source) => parse(source).diagnostics)).toEqual([]);
  });

  it('have doc comments', () => {
    const exported = FAMILIES.flatMap((source) => parse(source).file!.statements).filter(
      (statement) => statement.kind === 'Def' && statement.exported !== null,
    );
    expect(exported.length).toBeGreaterThan(60);
    expect(exported.filter((statement) => statement.kind === 'Def' && statement.doc === null)).toEqual([]);
  });

  it('are all in the table of kinds', () => {
    const names = FAMILIES.flatMap((source) => [...source.matchAll(/^export def (\w+)/gm)].map(([, name]) => name));
    const called = new Set(Object.values(KINDS).flatMap((all) => all.map((call) => /^\w+/.exec(call)?.[0])));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
  });

  it.each(Object.entries(KINDS))('give a %s, and nothing else', (kind, all) => {
    for (const call of all) {
      expect([call, refusals(call, kind)]).toEqual([call, []]);
      expect([call, refusals(call, 'duration')]).toEqual([call, [expect.stringMatching(/^E030[47]/)]]);
    }
  });

  it('are computed on other charts', () => {
    const elsewhere = (call: string, where: string): string => `plot ${call.startsWith('if ') ? `(${call})` : call} ${where}`;
    const lines = callTexts('close', 'close > open').flatMap((call) => [elsewhere(call, 'on 4h'), elsewhere(call, 'of ETH/USDT')]);
    expect(findings(...lines)).toEqual([]);
  });

  it('have ranges under names that there are', () => {
    const strays = PRELUDE_MODULES.flatMap(({ source, ranges }) =>
      Object.keys(ranges).filter((name) => !source.includes(`export def ${name.split('.')[0]}(`)),
    );
    expect(strays).toEqual([]);
  });
});

describe('arguments that are refused', () => {
  it.each([
    ['count(close, 5)', 'E0302 a condition is needed here, found a price'],
    ['since(rsi(14))', 'E0302 a condition is needed here, found a number'],
    ['sum(close > open, 5)', 'E0307 sum takes numbers, found a condition'],
    ['sma(close)', 'E0205 sma needs length'],
    ['rsi(14, 3, 5)', 'E0205 rsi takes 2 arguments'],
    ['sma(close, 0)', 'E0308 a length is from 1 to 10,000, found 0'],
    ['slope(close, 1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['linreg(1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['chop(1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['sma(close, rsi(14))', 'E0303 a length is fixed before the run, found a series'],
    ['aroon(10000)', 'E0308 a length is from 1 to 10,000, found 10001'],
    ['percentile(close, 20, 101)', 'E0307 a percentile is from 0 to 100 and fixed before the run, found 101'],
    ['percentile(close, 20, rsi(14))', 'E0307 a percentile is from 0 to 100 and fixed before the run, found a series'],
    ['percentile(close, 20, 25%)', 'E0307 a number is needed here, found a percent'],
    ['psar(-0.02)', 'E0307 the step of psar is from 0 to 10 and fixed before the run, found -0.02'],
    ['vwap(20)', 'E0307 it starts anew with a duration or a condition, found a number'],
    ['vwap(close, close)', 'E0307 it starts anew with a duration or a condition, found a price'],
    ['window_sum(close, 5)', 'E0201 I do not know "window_sum"'],
    ['moves(close, 5)', 'E0201 I do not know "moves"'],
  ])('%s', (call, expected) => {
    expect(findings(`plot ${call}`)).toEqual([expected]);
  });

  it('none because of the kind of its source', () => {
    const named = FAMILIES.flatMap((source) => [
      ...source.matchAll(/^export def (\w+)\(source = close, length: length( = \d+)?(,[^)]*)?\)( =|:| {)/gm),
    ]);
    const sources = ['roc(5)', 'rsi(14)', 'volume', 'volume * close', 'close / open', 'close * close', '5'];
    const lines = named.flatMap(([, name, , more = '', end]) => {
      // The channel of keltner is one of prices.
      if (name === 'keltner') return [];
      const args = more.includes('percent') ? ', percent: 50' : '';
      const member = end === ' {' && /bbands|stoch_rsi/.test(name!) ? (name === 'stoch_rsi' ? '.k' : '.mid') : '';
      return sources.map((source) => `let x${name}${sources.indexOf(source)} = ${name}(source: ${source}, length: 20${args})${member}`);
    });
    expect(named.length).toBeGreaterThan(25);
    expect(findings(...lines).filter((finding) => !finding.startsWith('W0902'))).toEqual([]);
  });
});
