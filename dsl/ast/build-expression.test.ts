import { describe, expect, test } from 'vitest';
import { parse } from '#dsl/grammar/parse.ts';
import type { Expression } from './expression.ts';

function expression(text: string): Expression {
  const { file, diagnostics } = parse(`strat 1 strategy "x" let x = ${text}`);
  expect(diagnostics, text).toEqual([]);
  const statement = file?.statements[0];
  if (statement?.kind !== 'Let') throw new Error('no let');
  return statement.value;
}

/** The tree without its places. */
function shape(text: string): unknown {
  return JSON.parse(JSON.stringify(expression(text), (key, part: unknown) => (key === 'span' || key === 'wordSpan' ? undefined : part)));
}

/** `[field, text under its span]` of the outermost node. */
function under(text: string, field: 'span' | 'wordSpan'): string {
  const node: object = expression(text);
  const span = field === 'span' ? 'span' in node && node.span : 'wordSpan' in node && node.wordSpan;
  if (typeof span !== 'object' || span === null || !('start' in span) || !('end' in span)) throw new Error(`no ${field}`);
  return `strat 1 strategy "x" let x = ${text}`.slice(Number(span.start), Number(span.end));
}

describe('what binds tighter: the text means the same with the brackets', () => {
  test.for([
    ['a + b * c', 'a + (b * c)'],
    ['a * b + c', '(a * b) + c'],
    ['a - b - c', '(a - b) - c'],
    ['a / b * c', '(a / b) * c'],
    ['-a * b', '(-a) * b'],
    ['-a[1]', '-(a[1])'],
    ['--a', '-(-a)'],
    ['a - -b', 'a - (-b)'],
    ['a * b[1]', 'a * (b[1])'],
    ['a + b.c', 'a + (b.c)'],
    ['10% of equity * 2', '(10% of equity) * 2'],
    ['2 * 10% of equity', '2 * (10% of equity)'],
    ['a + b on 4h', 'a + (b on 4h)'],
    ['a < b on 4h', 'a < (b on 4h)'],
    ['a of BTC/USDT on 4h', '(a of BTC/USDT) on 4h'],
    ['a on 4h [1]', '(a on 4h)[1]'],
    ['a < b and c', '(a < b) and c'],
    ['a or b and c', 'a or (b and c)'],
    ['a and b or c', '(a and b) or c'],
    ['a or b or c', '(a or b) or c'],
    ['not a and b', '(not a) and b'],
    ['not a < b', 'not (a < b)'],
    ['not not a', 'not (not a)'],
    ['not a for 3 bars', 'not (a for 3 bars)'],
    ['a < b for 3 bars and c', '((a < b) for 3 bars) and c'],
    ['a + 1 crosses above b + 1', '(a + 1) crosses above (b + 1)'],
    ['a between b and c and d', '(a between b and c) and d'],
    ['a + 1 in b .. c + 1', '(a + 1) in b .. (c + 1)'],
    ['a rises and b falls within 3 bars', '(a rises) and ((b falls) within 3 bars)'],
    ['a is na or b is not calm', '(a is na) or (b is not calm)'],
    ['if a then b else c + 1', 'if a then b else (c + 1)'],
    ['if a then b else if c then d else e', 'if a then b else (if c then d else e)'],
    ['if a then if b then c else d else e', 'if a then (if b then c else d) else e'],
    ['if a then b else if c then d else if e then f else g', 'if a then b else (if c then d else (if e then f else g))'],
    ['1 + if a then b else c', '1 + (if a then b else c)'],
    ['((a))', 'a'],
  ])('%s = %s', ([plain = '', bracketed = '']) => expect(shape(plain)).toEqual(shape(bracketed)));

  test.for([
    ['a - b - c', 'a - (b - c)'],
    ['-a[1]', '(-a)[1]'],
    ['a + b on 4h', '(a + b) on 4h'],
    ['not a and b', 'not (a and b)'],
    ['a or b and c', '(a or b) and c'],
  ])('%s is not %s', ([plain = '', bracketed = '']) => expect(shape(plain)).not.toEqual(shape(bracketed)));
});

describe('literals', () => {
  test.for<[string, object]>([
    ['1_000', { kind: 'Number', value: 1000, source: '1_000' }],
    ['2.5k', { kind: 'Number', value: 2500 }],
    ['5M', { kind: 'Number', value: 5e6 }],
    ['1e-4', { kind: 'Number', value: 0.0001 }],
    ['0.1%', { kind: 'Percent', value: 0.001, unit: '%' }],
    ['25bp', { kind: 'Percent', value: 0.0025, unit: 'bp' }],
    ['1.5R', { kind: 'RMultiple', value: 1.5 }],
    ['90s', { kind: 'Duration', ms: 90_000, count: 90, unit: 's' }],
    ['3mo', { kind: 'Duration', count: 3, unit: 'mo' }],
    ['2w', { kind: 'Duration', ms: 1_209_600_000, count: 2, unit: 'w' }],
    ['2024-01-31', { kind: 'Date', year: 2024, month: 1, day: 31, ms: Date.UTC(2024, 0, 31) }],
    ['09:30', { kind: 'Time', minutes: 570 }],
    ['100 USDT', { kind: 'CurrencyAmount', number: { value: 100 }, currency: { text: 'USDT' } }],
    ['3 atr', { kind: 'UnitAmount', number: { value: 3 }, unit: 'atr', args: null }],
    ['3 atr(21)', { kind: 'UnitAmount', unit: 'atr', args: [{ name: null, value: { value: 21 } }] }],
    ['2 ticks', { kind: 'UnitAmount', unit: 'tick', word: { text: 'ticks' } }],
    ['na', { kind: 'Na' }],
    ['true', { kind: 'Boolean', value: true }],
    ['[1, a]', { kind: 'List', items: [{ kind: 'Number' }, { kind: 'Name', text: 'a' }] }],
    ['[]', { kind: 'List', items: [] }],
    ['f()', { kind: 'Call', callee: { text: 'f' }, args: [] }],
    ['f(a, length: 3)', { kind: 'Call', args: [{ name: null }, { name: { text: 'length' }, value: { value: 3 } }] }],
    ['a of BTC/USDT:USDT-261225', { kind: 'OfMarket', market: { base: 'BTC', quote: 'USDT', settle: 'USDT', contract: '261225' } }],
    ['a of SPY', { kind: 'OfMarket', market: { base: 'SPY', quote: null, settle: null, contract: null } }],
    ['a of BRK.B', { kind: 'OfMarket', market: { base: 'BRK.B', quote: null } }],
    ['a of 1000PEPE/USDT', { kind: 'OfMarket', market: { base: '1000PEPE', quote: 'USDT' } }],
    ['5% of position.value', { kind: 'OfValue', base: { kind: 'Member', member: { text: 'value' } } }],
    ['a on tf', { kind: 'On', timeframe: { kind: 'Name', text: 'tf' } }],
    ['position.size', { kind: 'Member', member: { text: 'size' } }],
    ['a is not long', { kind: 'Is', negated: true, state: { text: 'long' } }],
    ['a crosses b', { kind: 'Crosses', direction: 'either' }],
    ['a in [1, 2]', { kind: 'InList', list: { kind: 'List' } }],
    ['1/2', { kind: 'Arithmetic', operator: '/' }],
    ['5M/2M', { kind: 'Arithmetic', operator: '/' }],
    ['1-2', { kind: 'Arithmetic', operator: '-' }],
  ])('%s', ([text, wanted]) => expect(shape(text)).toMatchObject(wanted));
});

describe('places', () => {
  test.for([
    ['rsi(close, 14) < 30', 'rsi(close, 14) < 30', '<'],
    ['(a > b)', '(a > b)', '>'],
    ['a crosses above b', 'a crosses above b', 'crosses'],
    ['close[-1]', 'close[-1]', '['],
    ['30 on 4h', '30 on 4h', 'on'],
    ['a between 1 and 2', 'a between 1 and 2', 'between'],
    ['a for 3 bars', 'a for 3 bars', 'for'],
    ['not a', 'not a', 'not'],
    ['a is not na', 'a is not na', 'is'],
    ['a + b * c', 'a + b * c', '+'],
    ['if a then b else c', 'if a then b else c', 'if'],
  ])('%s', ([text = '', span = '', word = '']) => {
    expect(under(text, 'span')).toBe(span);
    expect(under(text, 'wordSpan')).toBe(word);
  });
});
