import { describe, expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { type DiffedProgram, diffPrograms } from './diff-programs.ts';

const compiler = createCompiler();

function read(rules: string, trade = 'trade BTC/USDT on 1h'): DiffedProgram {
  const source = `strat 1\nstrategy "x"\n${trade}\n${rules}\n`;
  const { program, diagnostics } = compiler.compile(source);
  if (program === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return { source, program };
}

/** `kind (of): text in A | text in B`. */
const changes = (a: DiffedProgram, b: DiffedProgram): readonly string[] =>
  diffPrograms(a, b).map(({ kind, of, a: was, b: now }) => `${kind} ${of}: ${was?.text ?? '-'} | ${now?.text ?? '-'}`);

const BASE = `param n = 20 in 5..50
let mid = sma(close, n)
let weak = rsi(close, 14) < 30
let line = line[1] + 0.1 * (close - line[1]) start close
long {
  enter when close crosses above mid and weak or close > line
  exit when close < mid reason "over"
  size 10% of equity max 1000 USDT
  stop 2%
  take 50% at 3%, rest at 6%
}
risk { max drawdown 20% then halt }
plot mid color blue`;

describe('programs that mean the same', () => {
  test.for([
    ['themselves', (s: string) => s],
    ['other names of lets', (s: string) => s.replaceAll('mid', 'centre').replaceAll('weak', 'tired').replaceAll('line', 'path')],
    ['comments and layout', (s: string) => `# new\n${s.replaceAll('\n', '\n\n    ').replace('enter when', 'enter # here\n when')}`],
    ['brackets', (s: string) => s.replace('close crosses above mid and weak', '((close) crosses above (mid) and (weak))')],
    ['defaults that are left out', (s: string) => s.replace('rsi(close, 14)', 'rsi()')],
    ['arguments by name', (s: string) => s.replace('sma(close, n)', 'sma(length: n, source: close)')],
    ['a let written out', (s: string) => s.replace('above mid', 'above sma(close, n)')],
    [
      'a function in the place of a let',
      (s: string) => s.replace('let mid = sma(close, n)', 'def mean(x) = sma(x, n)\nlet mid = mean(close)'),
    ],
    ['a let that nothing uses', (s: string) => s.replace('let mid', 'let more = high - low\nlet mid')],
    ['rules of the block outside of it', (s: string) => s.replace('  stop 2%\n', '').replace('risk {', 'stop 2%\nrisk {')],
    ['other amounts of the same', (s: string) => s.replace('2%\n', '200bp\n')],
    ['another title', (s: string) => s],
  ] as const)('%s', ([, change]) => {
    expect(changes(read(BASE), read(change(BASE)))).toEqual([]);
    expect(changes(read(change(BASE)), read(BASE))).toEqual([]);
  });
});

describe('a change', () => {
  test.for([
    ['another number', 'stop 2%', 'stop 3%', ['stop long: stop 2% | stop 3%']],
    ['a rule less', '  stop 2%\n', '', ['stop long: stop 2% | -']],
    ['a rule more', '  stop 2%\n', '  stop 2%\n  timeout 5 bars\n', ['timeout long: - | timeout 5 bars']],
    ['one target', 'rest at 6%', 'rest at 7%', ['take long: rest at 6% | rest at 7%']],
    [
      'another order',
      'reason "over"',
      'at limit mid * 1.01 reason "over"',
      ['exit long: exit when close < mid reason "over" | exit when close < mid at limit mid * 1.01 reason "over"'],
    ],
    ['another reason', '"over"', '"done"', ['exit long: exit when close < mid reason "over" | exit when close < mid reason "done"']],
    ['another size', 'max 1000', 'max 2000', ['size long: size 10% of equity max 1000 USDT | size 10% of equity max 2000 USDT']],
    ['another range of a param', '5..50', '5..60', ['param n: param n = 20 in 5..50 | param n = 20 in 5..60']],
    ['a limit', '20% then halt', '25% then halt', ['risk : max drawdown 20% then halt | max drawdown 25% then halt']],
    ['a plot', 'color blue', 'color red', ['plot : plot mid color blue | plot mid color red']],
  ] as const)('%s', ([, was, now, wanted]) => {
    expect(BASE).toContain(was);
    expect(changes(read(BASE), read(BASE.replace(was, now)))).toEqual(wanted);
  });

  test('of a let is one of the rules that read it, which say so', () => {
    const found = diffPrograms(read(BASE), read(BASE.replace('sma(close, n)', 'ema(close, n)').replaceAll('mid', 'centre')));
    expect(found.map(({ kind, lets }) => [kind, lets])).toEqual(
      ['enter', 'exit', 'plot'].map((kind) => [kind, { a: ['let mid = sma(close, n)'], b: ['let centre = ema(close, n)'] }]),
    );
  });

  test('of the market, the bars and the side is one of the trade line', () => {
    for (const trade of ['trade ETH/USDT on 1h', 'trade BTC/USDT on 4h', 'trade BTC/USDT, ETH/USDT on 1h'])
      expect(changes(read(BASE), read(BASE, trade))).toEqual([`trade : trade BTC/USDT on 1h | ${trade}`]);
  });

  test('of a side says so', () => {
    const short = BASE.replace('long {', 'short {');
    expect(changes(read(BASE), read(short)).map((text) => text.replace(/:.*/, ''))).toEqual(
      ['enter', 'exit', 'size', 'stop', 'take', 'take'].map((kind) => `${kind} long -> short`),
    );
  });

  test('of what is read on another chart or market is told', () => {
    const on = (text: string): DiffedProgram => read(`enter long when ${text}\nsize 1 BTC\nstop 2%`);
    expect(changes(on('sma(close, 5) on 4h > 1'), on('sma(close, 5) on 4h > 1'))).toEqual([]);
    expect(changes(on('(sma(close, 5) on 4h) > 1'), on('(sma(close, 5) on 1d) > 1'))).toHaveLength(1);
    expect(changes(on('close of ETH/USDT > 1'), on('close of SOL/USDT > 1'))).toHaveLength(1);
  });

  test('of two series that read their own past is no mix of them', () => {
    const two = (a: string, b: string): DiffedProgram =>
      read(`let x = x[1] + 1 start ${a}\nlet y = y[1] + 1 start ${b}\nenter long when x > y\nsize 1 BTC\nstop 2%`);
    expect(changes(two('1', '2'), two('1', '2'))).toEqual([]);
    expect(changes(two('1', '2'), two('2', '1'))).toHaveLength(1);
  });

  test('of a regime is one of the rules that ask for its state', () => {
    const regime = (limit: string): DiffedProgram =>
      read(
        `regime mood start calm {\n  calm -> wild when close > ${limit}\n  wild -> calm when close < 5\n}\nenter long when mood is wild and mood.bars > 2\nsize 1 BTC\nstop 2%`,
      );
    expect(changes(regime('9'), regime('9'))).toEqual([]);
    expect(changes(regime('9'), regime('8'))).toEqual([expect.stringMatching(/^enter long/)]);
  });

  test('of a strategy that is read is one of the rules that read it', () => {
    const using = (limit: string): DiffedProgram => {
      const source =
        'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nuse strategy other from "./other.strat"\nenter long when other.is_long\nsize 1 BTC\nstop 2%\n';
      const other = `strat 1\nstrategy "other"\ntrade BTC/USDT on 1h\nenter long when close > ${limit}\nexit long when close < 5\nsize 1 BTC\nstop 2%\n`;
      const { program } = compiler.compile(source, { modules: (id) => ({ ok: true, id, text: other }) });
      return { source, program: program! };
    };
    expect(changes(using('9'), using('9'))).toEqual([]);
    expect(changes(using('9'), using('8'))).toEqual([expect.stringMatching(/^enter long/)]);
  });

  test('lets of lets are written out in bounded time', () => {
    const lets = Array.from({ length: 40 }, (_, i) => `let a${i + 1} = a${i} + a${i}`).join('\n');
    const deep = (seed: string): DiffedProgram => read(`let a0 = ${seed}\n${lets}\nenter long when a12 > 5\nsize 1 BTC\nstop 2%`);
    expect(diffPrograms(deep('close'), deep('open'))[0]!.lets.a.length).toBeGreaterThan(0);
  });
});
