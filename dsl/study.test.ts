import { describe, expect, test } from 'vitest';
import { createCompiler } from './compile.ts';

const compiler = createCompiler();
const on = { market: 'BTC/USDT', timeframe: '1h' };
const study = (...expressions: readonly string[]) => compiler.study({ expressions, ...on });
/** `code start..end message`. */
const told = ({ expressions }: ReturnType<typeof study>): readonly (readonly string[])[] =>
  expressions.map((found) => found.map(({ code, span, message }) => `${code} ${span.start}..${span.end} ${message}`));

describe('a study', () => {
  test('trades nothing and plots each result, with kind, currency and range', () => {
    const { study: made } = study('rsi(14)', 'macd(close) as "M"', 'close > open', '2%', '4h', 'na', '[close, volume]');
    const facts = made!.expressions.flatMap(({ results }) =>
      results.map(({ label, member, kind, currency, low, high }) => [label, member, kind, currency, low, high]),
    );
    const free = [-Infinity, Infinity];
    expect(facts).toEqual([
      ['rsi(14)', null, 'number', null, 0, 100],
      ['M.line', 'line', 'price', 'USDT', ...free],
      ['M.signal', 'signal', 'price', 'USDT', ...free],
      ['M.hist', 'hist', 'price', 'USDT', ...free],
      ['close > open', null, 'condition', null, 0, 1],
      ['2%', null, 'percent', null, 0.02, 0.02],
      ['4h', null, 'duration', null, 14_400_000, 14_400_000],
      ['na', null, 'na', null, ...free],
      ['[close, volume].1', '1', 'price', 'USDT', 0, Infinity],
      ['[close, volume].2', '2', 'quantity', null, 0, Infinity],
    ]);
    const { entries, exits, plots, columns } = made!.program;
    expect([entries, exits, plots.length, columns]).toEqual([[], [], facts.length, []]);
  });

  test('says what is wrong in places of the expression that it is wrong in', () => {
    const found = study(
      'close',
      'rsi(14',
      'clos + 1',
      'close close',
      '  ',
      'close > 2%',
      'close plot open',
      'rsi(close, 0)',
      '"text"',
      'equity',
    );
    expect(found.study).toBeNull();
    expect(told(found)).toEqual([
      [],
      ['E0103 6..6 the expression ends too early'],
      ['E0201 0..4 I do not know "clos"'],
      ['E0103 6..11 "close" is not expected here'],
      ['E0103 0..0 there is no expression here'],
      ['E0304 6..7 a price is compared with a percent'],
      ['E0103 6..10 a statement begins here, and an expression is wanted'],
      [expect.stringMatching(/^E0308 11\.\.12 /)],
      [expect.stringMatching(/^E0103 0\.\.6 /)],
      ['E0405 0..6 this looks at the account, and there is none here'],
    ]);
  });

  test('is no larger than a program', () => {
    const defs = Array.from({ length: 12 }, (_, n) => `def f${n + 1}(x) = f${n}(f${n}(x))`);
    const file = ['strat 1', 'module "m"', 'def f0(x) = x + 1', ...defs].join('\n');
    const found = compiler.study({ expressions: ['close', 'f12(close) + f12(open) + f12(high)'], file, ...on });
    expect([...told(found), found.file]).toEqual([[], [expect.stringMatching(/^E0108 0\.\.0 /)], []]);
  });

  test('is read with comments and over several lines', () => {
    expect(told(study('close # the last price\n  + 1', 'open # and no more'))).toEqual([[], []]);
    expect(told(study('close\n  + opne'))).toEqual([['E0201 10..14 I do not know "opne"']]);
  });
});

describe('a study among the names of a file', () => {
  const strategy =
    'strat 1\nstrategy "x"\ntrade ETH/BTC on 4h\nparam n = 5 in 1..9\nlet quick = sma(close, n)\nlet bad = clos\nlet worse = bad + 1\nenter long when\n';
  const among = (file: string, expressions: readonly string[], set: Readonly<Record<string, string>> = {}) =>
    compiler.study({ expressions, file, ...on }, { set: new Map(Object.entries(set)) });

  test('has its names, its market and its timeframe', () => {
    const { study: made, file } = among(strategy, ['quick - close']);
    expect([made!.program.markets, made!.program.timeframe, made!.expressions[0]!.results[0]!.currency]).toEqual([
      ['ETH/BTC'],
      '4h',
      'BTC',
    ]);
    // Lines that it does not need are told and forbid nothing.
    expect(file.map(({ code, span }) => [code, strategy.slice(span.start, span.end)])).toEqual([
      ['E0201', 'clos'],
      ['E0103', ''],
    ]);
  });

  test('cannot use what is wrong there, which the file says', () => {
    const { study: made, expressions, file } = among(strategy, ['worse', 'close']);
    expect([made, expressions, file[0]!.code]).toEqual([null, [[], []], 'E0201']);
  });

  test('takes values of its params, and refuses others', () => {
    expect(among(strategy, ['n'], { n: '7' }).study!.program.params[0]!.value).toBe(7);
    const refused = among(strategy, ['n'], { n: '70' });
    expect([refused.study, refused.overrideErrors.length]).toEqual([null, 1]);
    expect(among(strategy, ['n'], { m: '1' }).overrideErrors[0]!.message).toContain('"m"');
  });

  test('may be of a module, which trades nothing', () => {
    const { study: made, file } = among('strat 1\nmodule "lib"\nexport def twice(x) = 2 * x\n', ['twice(close)']);
    expect([made!.program.markets, made!.program.timeframe, file]).toEqual([['BTC/USDT'], '1h', []]);
  });

  test('does not look at what trades', () => {
    const wrong = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nlet a = close\nenter long when a\nsize 1\n';
    expect(compiler.compile(wrong).program).toBeNull();
    expect(among(wrong, ['a']).study).not.toBeNull();
  });

  test('needs a file that can be read', () => {
    const { study: made, file } = among('nothing', ['close']);
    expect([made, file.length > 0]).toEqual([null, true]);
  });
});
