import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

/** Series that read their own past, other charts and markets, states and sessions: what is accepted, what is refused and where. */
const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "views"\ntrade SOL/USDT on 1h\n';
const TAIL = '\nenter long when close > open\nsize 10% of equity\nstop 5%\n';

function compile(lines: string) {
  return compiler.compile(`${HEAD}${lines}${TAIL}`);
}

function placesOf(lines: string): readonly string[] {
  const source = `${HEAD}${lines}${TAIL}`;
  const map = new LineMap(source);
  return compiler.compile(source).diagnostics.map(({ code, span }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

/** A node written out with its chart: `delay@1(column@1 const)`. */
function shape(lines: string, plot = 0): string {
  const { program, diagnostics } = compile(lines);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  const { nodes, charts } = program.graph;
  const text = (id: number): string => {
    const node = nodes[id]!;
    const chart = node.rate === 'series' && node.chart > 0 ? `@${charts[node.chart]!.market ?? ''} ${charts[node.chart]!.timeframe}` : '';
    if (node.op === 'const') return String(node.value);
    if (node.op === 'column') return ('name' in node.column ? node.column.name : node.column.kind) + chart;
    return `${node.op}${chart}(${node.args.map(text).join(' ')})`;
  };
  return text(program.plots[plot]!.value);
}

describe('a series that reads its own past', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['let a = a[1] + 0.1 * (close - a[1]) start close plot a', []],
    ['let a = if close > open then 0 else a[1] + 1 start 0 plot a', []],
    ['let up = if close > open then true else up[1] start false plot up', []],
    ['let a = a + 1 start 0 plot a', ['E0404 4:5']],
    ['let a = a[0] + 1 start 0 plot a', ['E0404 4:11']],
    ['param k = 1 in 0..3 let a = a[k] + 1 start 0 plot a', ['E0404 4:31']],
    ['let a = a[-1] + 1 start 0 plot a', ['E0401 4:11']],
    ['let a = a[1] + close start macd(close)', ['E0301 4:28']],
    ['let a = 2 * close start 0 plot a', ['E0310 4:25']],
    ['def f(x) { let y = y[1] + 0.5 * (x - y[1]) start x return y } plot f(close)', []],
    ['def f(x) { let y = y + x return y } plot f(close)', ['E0404 4:16']],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });

  it('is one bar ago at [1] and further ago behind', () => {
    expect(shape('let a = a[1] + a[3] start close plot a')).toBe('loop(add(self() delay(self() 2)) close)');
  });
});

describe('other charts and markets', () => {
  it.each<[lines: string, expected: string]>([
    ['plot close on 4h', 'sample(close@ 4h)'],
    ['plot close[2] on 4h', 'sample(delay@ 4h(close@ 4h 2))'],
    ['plot (close on 4h)[2]', 'delay(sample(close@ 4h) 2)'],
    ['plot close of BTC/USDT', 'sample(close@BTC/USDT 1h)'],
    ['plot (close of BTC/USDT) on 4h', 'sample(sample@ 4h(close@BTC/USDT 4h))'],
    ['plot (close on 1d) on 4h', 'sample(sample@ 4h(close@ 1d))'],
    ['let c = close chart 4h { let d = c[1] } plot d', 'sample(delay@ 4h(close@ 4h 1))'],
    ['chart 4h { let d = close let e = d[1] } plot e', 'sample(delay@ 4h(close@ 4h 1))'],
    ['chart 4h { let d = close } plot d of BTC/USDT', 'sample(sample@BTC/USDT 1h(close@BTC/USDT 4h))'],
    ['chart BTC/USDT on 4h { let d = close } plot d', 'sample(close@BTC/USDT 4h)'],
    ['def f(x) = x[1] on 4h plot f(close)', 'sample(delay@ 4h(close@ 4h 1))'],
    ['def f(x) = x - (x on 4h) plot f(high)', 'sub(high sample(high@ 4h))'],
    ['let n = close > open for 8h plot n on 4h', 'sample(allOf@ 4h(gt@ 4h(close@ 4h open@ 4h) 2))'],
    ['plot close on 1h', 'close'],
    ['param t = 4h in [2h, 4h] plot close on t', 'sample(close@ 4h)'],
  ])('%s', (lines, expected) => {
    expect(shape(lines)).toBe(expected);
  });

  it.each<[lines: string, expected: readonly string[]]>([
    ['plot close on 30m', ['E0402 4:15']],
    ['plot close on 90m', ['E0403 4:15']],
    ['plot 5 on 4h', ['E0312 4:8']],
    ['plot 5 of BTC/USDT', ['E0312 4:8']],
    ['plot rsi(close, 14) < 30 on 4h', ['E0312 4:26']],
    ['plot position.profit on 4h', ['E0405 4:25']],
    ['let p = position.profit plot p of BTC/USDT', ['E0405 4:35']],
    ['chart 4h { let e = equity } plot e', ['E0405 4:20']],
    ['chart 1d { let d = close } plot d on 4h', []],
    ['chart 4h { let d = close } plot d on 1d', ['E0402 4:38']],
    ['plot close on close', ['E0307 4:15']],
    ['chart 4h { let d = closs } plot d', ['E0201 4:20']],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });

  it('reads a whole group, and shares what is equal', () => {
    expect(shape('let m = macd(close) on 4h plot m.hist - m.hist')).toMatch(/^sub\(sample\(sub@ 4h/);
  });

  it('counts what is written out again on other charts', () => {
    const sum = Array.from({ length: 480 }, () => 'close').join(' + ');
    const views = Array.from({ length: 60 }, (_, k) => `plot a on ${k + 2}h`).join('\n');
    expect(placesOf(`let a = ${sum}\n${views}`).map((place) => place.slice(0, 5))).toContain('E0108');
  });
});

describe('states and sessions', () => {
  const regime = 'regime market start calm { calm -> wild when natr(14) > 5% wild -> calm when natr(14) < 3% and market.bars > 5 }\n';

  it.each<[lines: string, expected: readonly string[]]>([
    [`${regime}plot market.bars`, []],
    [`${regime}plot market is calm`, []],
    [`${regime}plot market is not wild`, []],
    [`${regime}plot market is clam`, ['E0206 5:16']],
    [`${regime}plot market.bar`, ['E0206 5:13']],
    [`${regime}plot market is calm on 4h`, ['E0103 5:21']],
    [`${regime}plot (market is calm) on 4h`, []],
    ['regime r start a { b -> a when close > open } plot r is a', ['W0904 4:20']],
    ['regime r start a { a -> b when close } plot close', ['E0302 4:32']],
    ['session ny { hours 09:30..16:00 zone "America/New_York" days mon..fri holidays "nyse" } plot ny.active', []],
    ['session ny { hours 09:30..16:00 } plot ny.elapsed <= 30m', []],
    ['session ny { hour 09:30..16:00 } plot close', ['E0206 4:14']],
    ['session ny { hours 9..16 } plot close', ['E0307 4:20']],
    ['session ny { hours 09:30..16:00 days 3..9 } plot close', ['E0307 4:38']],
    ['session ny { hours 09:30..16:00 zone "New York" } plot close', ['E0307 4:38']],
    ['session ny { hours 09:30..16:00 } plot ny.open', ['E0206 4:43']],
    ['plot close > open for 30m', ['W0913 4:23']],
    ['plot close > open within 90m', []],
    ['plot close - 2%[10]', ['E0301 4:16']],
    ['plot time >= 09:30 and time < 16:00', []],
    ['plot hour < 14 and weekday in [mon, tue]', []],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });
});

describe('strategies as inputs', () => {
  const files = new Map([
    [
      './trend.strat',
      'strat 1\nstrategy "t"\ntrade ETH/USDT on 4h\nparam fast = 10 in 5..50\nlet a = sma(close, fast)\nlong { enter when close > a with confidence 0.5 exit when close < a size 10% of equity stop 2 atr }\nenter short when close < low[1]\nsize 5% of equity\nrisk { max positions 1 }',
    ],
    ['./account.strat', 'strat 1\nstrategy "t"\ntrade ETH/USDT on 4h\nenter long when position.profit > 5%\nsize 10% of equity'],
    ['./broken.strat', 'strat 1\nstrategy "t"\ntrade ETH/USDT on 4h\nenter long when closs > 5\nsize 10% of equity'],
    [
      './a.strat',
      'strat 1\nstrategy "a"\ntrade ETH/USDT on 4h\nuse strategy b from "./b.strat"\nenter long when b.is_long\nsize 10% of equity',
    ],
    [
      './b.strat',
      'strat 1\nstrategy "b"\ntrade ETH/USDT on 4h\nuse strategy a from "./a.strat"\nenter long when a.is_long\nsize 10% of equity',
    ],
    ['./lib.strat', 'strat 1\nmodule "m"\nexport def f(x) = x'],
  ]);
  const modules = (path: string) => {
    const text = files.get(path);
    return text === undefined ? ({ ok: false, code: 'E0702', reason: 'no such file' } as const) : ({ ok: true, id: path, text } as const);
  };
  const findings = (lines: string) => {
    const source = `${HEAD}${lines}${TAIL}`;
    return compiler.compile(source, { modules }).diagnostics.map(({ code, span, message }) => {
      const { line, column } = new LineMap(source).position(span.start);
      return `${code} ${line}:${column} ${message}`;
    });
  };

  it.each<[lines: string, expected: readonly string[]]>([
    ['use strategy t from "./trend.strat" plot t.side', []],
    ['use strategy t from "./trend.strat" with { fast = 20 } plot t is long', []],
    ['use strategy t from "./trend.strat" plot t is not short', []],
    ['use strategy t from "./trend.strat" use strategy u from "./trend.strat" with { fast = 30 } plot vote(t: 2, u: 1)', []],
    ['use strategy t from "./trend.strat" plot t.strength on 4h', []],
    [
      'use strategy t from "./trend.strat" with { fast = 500 } plot t.side',
      ['E0601 4:21 ./trend.strat:4:14: the value given to fast is outside of its range'],
    ],
    ['use strategy t from "./trend.strat" with { fats = 20 } plot t.side', ['E0205 4:44 ./trend.strat has no param "fats"']],
    [
      'use strategy t from "./trend.strat" with { fast = close } plot t.side',
      ['E0303 4:51 a param is fixed before the run, found a series'],
    ],
    [
      'use strategy t from "./account.strat" plot t.side',
      ['E0405 4:21 ./account.strat:4:17: a strategy that serves as an input has no account'],
    ],
    ['use strategy t from "./broken.strat" plot t.side', ['E0201 4:21 ./broken.strat:4:17: I do not know "closs"']],
    ['use strategy t from "./lib.strat" plot t.side', ['E0207 4:21 ./lib.strat is a module; it does not trade']],
    ['use strategy t from "./none.strat" plot t.side', ['E0702 4:21 ./none.strat cannot be imported: no such file']],
    [
      'use strategy a from "./a.strat" plot a.side',
      ['E0208 4:21 ./b.strat:4:21: these files import each other: ./a.strat -> ./b.strat -> ./a.strat'],
    ],
    ['use strategy t from "./trend.strat" plot t.sides', ['E0206 4:44 this group has no member "sides"']],
    ['use strategy t from "./trend.strat" plot vote(close: 2)', ['E0207 4:47 close is no strategy, it is a price']],
    ['use strategy t from "./trend.strat" plot vote(t: 0)', ['E0511 4:50 a weight is above zero']],
  ])('%s', (lines, expected) => {
    expect(findings(lines)).toEqual(expected);
  });
});

describe('models as inputs', () => {
  const models = (path: string) =>
    path === './m' ? ({ ok: true, outputs: ['up'] } as const) : ({ ok: false, code: 'E0702', reason: 'no such file' } as const);
  const places = (lines: string) => {
    const source = `${HEAD}${lines}${TAIL}`;
    return compiler.compile(source, { models }).diagnostics.map(({ code, span }) => {
      const { line, column } = new LineMap(source).position(span.start);
      return `${code} ${line}:${column}`;
    });
  };

  it.each<[lines: string, expected: readonly string[]]>([
    ['use model m from "./m" with { a = roc(close, 1) } plot m.up > 58%', []],
    ['use model m from "./m" with { a = roc(close, 1) } plot m.age > 2h', []],
    ['use model m from "./m" with { a = roc(close, 1) } plot m.down', ['E0206 4:58']],
    ['use model m from "./m" with { a = position.profit } plot m.up', ['E0405 4:35']],
    ['use model m from "./m" with { a = macd(close) } plot m.up', ['E0301 4:35']],
    ['use model m from "./n" with { a = close } plot m.up', ['E0702 4:18']],
    ['use model m from "/etc/n" with { a = close } plot m.up', ['E0701 4:18']],
    ['use model m from "./m" with { a = close } plot m.up on 4h', ['E0405 4:56']],
  ])('%s', (lines, expected) => {
    expect(places(lines)).toEqual(expected);
  });
});
