import { describe, expect, it } from 'vitest';
import { parsePine } from './parse-pine.ts';

const first = (source: string): unknown => parsePine(source).statements[0];
const errors = (source: string): readonly string[] =>
  parsePine(source).errors.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('the reader of Pine', () => {
  it('knows the version and keeps comments with the statement below them', () => {
    const { version, statements } = parsePine('//@version=6\n// why\nx = 1 // what\ny = 2');
    expect(version).toBe(6);
    expect(statements.map(({ kind, comments }) => [kind, comments])).toEqual([
      ['Declare', ['why', 'what']],
      ['Declare', []],
    ]);
  });

  it.each([
    ['float x = 1', 'x', null],
    ['var int x = 1', 'x', 'var'],
    ['varip x = 1', 'x', 'varip'],
    ['series float x = 1', 'x', null],
    ['array<float> x = array.new<float>(3)', 'x', null],
    ['float[] x = na', 'x', null],
    ['chart.point x = na', 'x', null],
  ])('%s declares', (source, name, keeps) => {
    expect(first(source)).toMatchObject({ kind: 'Declare', name, keeps });
    expect(errors(source)).toEqual([]);
  });

  it('goes on over lines that are not indented by a multiple of four, behind operators, and inside of brackets', () => {
    for (const source of ['x = a +\n     b', 'x = a\n  + b', 'x = (a\n+ b)', 'x = a +\nb'])
      expect(first(source)).toMatchObject({ kind: 'Declare', value: { kind: 'Binary', operator: '+' } });
  });

  it('reads blocks by their indent, tabs as four', () => {
    const { statements } = parsePine('if a\n\tb := 1\n    c := 2\nelse if d\n    e := 3\nelse\n    f := 4\ng = 5');
    expect(statements).toMatchObject([
      {
        kind: 'If',
        then: [{ name: 'b' }, { name: 'c' }],
        otherwise: [{ kind: 'If', then: [{ name: 'e' }], otherwise: [{ name: 'f' }] }],
      },
      { kind: 'Declare', name: 'g' },
    ]);
  });

  it('reads functions, on one line and as blocks, with types and defaults', () => {
    expect(first('f(a, float b = 2) => a + b')).toMatchObject({
      kind: 'Function',
      parameters: [
        { name: 'a', default: null },
        { name: 'b', default: { text: '2' } },
      ],
      body: [{ kind: 'Expression' }],
    });
    expect(first('f(simple int a) =>\n    b = a\n    [b, b + 1]')).toMatchObject({
      body: [{ kind: 'Declare' }, { value: { kind: 'Tuple' } }],
    });
  });

  it('binds as Pine does: ? : loosest, then or, and, equality, order, sums, products, signs', () => {
    expect(first('x = a or b and c == d < e + f * -g ? 1 : h ? 2 : 3')).toMatchObject({
      value: {
        kind: 'Choice',
        condition: {
          operator: 'or',
          right: {
            operator: 'and',
            right: { operator: '==', right: { operator: '<', right: { operator: '+', right: { operator: '*' } } } },
          },
        },
        otherwise: { kind: 'Choice' },
      },
    });
  });

  it('reads if, switch and loops as values', () => {
    for (const [source, kind] of [
      ['x = if a\n    1\nelse\n    2', 'If'],
      ['x = switch a\n    "b" => 1\n    => 2', 'Switch'],
      ['x = for i = 0 to 3\n    i', 'Loop'],
    ])
      expect(first(source!)).toMatchObject({ kind: 'Declare', value: { kind } });
  });

  it.each([
    ['x = (1 + ', '1:9 a value was expected here, found the end of the line'],
    ['strategy.entry("L" strategy.long)', '1:20 "," or ")" was expected here, found "strategy"'],
    ['x = "abc', '1:5 this text is not closed on its line'],
    ['x = a ; b', '1:7 ";" means nothing in Pine'],
    ['if\n    x = 1', '1:3 a value was expected here, found the end of the line'],
    ['x = 1\n    y = 2', '2:5 a line that begins where the one before does was expected here, found a line that is indented further'],
  ])('says what is wrong with %j, and where', (source, message) => {
    expect(errors(source)[0]).toBe(message);
  });

  it('reads on behind a mistake', () => {
    const { statements, errors: found } = parsePine('a = (\nb = 2)\nif )\n    c = 3\nd = 4');
    expect(found).toHaveLength(2);
    expect(statements.at(-1)).toMatchObject({ name: 'd' });
  });
});
