import { describe, expect, test } from 'vitest';
import { mutantsOf } from './mutants.ts';

const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';

/** What stands where, and what it becomes. */
const changes = (source: string): readonly string[] => mutantsOf(HEAD + source).map(({ was, now }) => `${was} -> ${now}`);

describe('mutants of rules', () => {
  test.for([
    ['enter long when close > 5', ['close > 5 -> false', 'long -> short', 'close -> open', '> -> >=', '> -> <', '5 -> 6', '5 -> 4']],
    [
      'exit short 50% when rsi(14) crosses below 30',
      [
        'exit short 50% when rsi(14) crosses below 30 -> ',
        'short -> long',
        '50% -> 75%',
        '50% -> 33.3333333333%',
        '14 -> 15',
        '14 -> 13',
        ' crosses below  ->  crosses above ',
        '30 -> 31',
        '30 -> 29',
      ],
    ],
    ['let a = volume and b', ['volume and b -> (volume)', 'volume and b -> (b)', 'volume and b -> (volume and b)[1]', 'and -> or']],
    ['let a = (volume + b) * c', ['(volume + b) * c -> ((volume + b) * c)[1]', '+ -> -', '* -> /']],
    [
      'let a = not b for 3 bars',
      [
        'not b for 3 bars -> (b for 3 bars)',
        'not b for 3 bars -> (not b for 3 bars)[1]',
        'b for 3 bars -> (b)',
        'for -> within',
        '3 -> 4.5',
        '3 -> 2',
      ],
    ],
    ['let a = if b then 1 else 0', ['if b then 1 else 0 -> (if b then 1 else 0)[1]', 'b -> not (b)', '1 -> 2', '1 -> 0', '0 -> 1']],
    [
      'let a = b between 1.5 and c',
      ['b between 1.5 and c -> (b between 1.5 and c)[1]', 'b between 1.5 and c -> (not (b between 1.5 and c))', '1.5 -> 2.25', '1.5 -> 1'],
    ],
    ['let a = volume rises', ['volume rises -> (volume rises)[1]', 'rises -> falls']],
    ['let a = b[1] + 0.5 start 3', ['1 -> 2', '1 -> 0', '+ -> -', '0.5 -> 0.75', '0.5 -> 0.3333333333', '3 -> 4', '3 -> 2']],
    ['size risk 1% of equity max 30% of equity', ['1% -> 1.5%', '1% -> 0.6666666667%', '30% -> 45%', '30% -> 20%']],
    ['stop 2.5 atr(14)', ['stop 2.5 atr(14) -> ', '2.5 -> 3.75', '2.5 -> 1.6666666667', '14 -> 15', '14 -> 13']],
    [
      'take 40% at 1.5R, rest at 3R',
      [
        'take 40% at 1.5R, rest at 3R -> ',
        '40% at 1.5R, rest at 3R -> rest at 3R',
        '40% at 1.5R, rest at 3R -> 40% at 1.5R',
        '40% -> 60%',
        '40% -> 26.6666666667%',
        '1.5R -> 2.25R',
        '1.5R -> 1R',
        '3R -> 4.5R',
        '3R -> 2R',
      ],
    ],
    ['long { exit when a == b }', ['long -> short', 'exit when a == b -> ', '== -> !=']],
    [
      'risk { max drawdown 20% then halt block when a < b }',
      ['max drawdown 20% then halt -> ', '20% -> 30%', '20% -> 13.3333333333%', 'block when a < b -> ', '< -> <=', '< -> >'],
    ],
    ['timeout 4h', ['timeout 4h -> ', '4h -> 8h']],
  ] as const)('%s', ([source, wanted]) => expect(new Set(changes(source))).toEqual(new Set(wanted)));

  test.for([
    'param n = 5 in 1..9',
    'require 3 > 2',
    'costs { taker 0.1% }',
    'account { capital 500 USDT }',
    'plot close > 5',
    'mark above when close > 5',
    'notify "x" when close > 5',
    'objective maximize sharpe where trades.count > 5',
  ])('%s is no rule', (source) => expect(changes(source)).toEqual([]));

  test('a source that cannot be read has none', () => {
    expect(mutantsOf('')).toEqual([]);
    expect(changes('enter long when')).toEqual([]);
  });

  test('each is the source with one piece replaced, at the place that it names', () => {
    const source = `${HEAD}let a = sma(close, 20)\n  enter long when close crosses above a and a rises\nsize 1 BTC\nstop 2%\n`;
    const mutants = mutantsOf(source);
    expect(mutants.length).toBeGreaterThan(10);
    for (const { text, was, now, span, line, column } of mutants) {
      expect(text).toBe(source.slice(0, span.start) + now + source.slice(span.end));
      const there = source
        .split('\n')
        .slice(line - 1)
        .join('\n')
        .slice(column - 1);
      expect(there.startsWith(was)).toBe(true);
    }
    expect(new Set(mutants.map(({ text }) => text)).size).toBe(mutants.length);
  });
});
