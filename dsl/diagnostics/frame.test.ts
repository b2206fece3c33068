import { describe, expect, test } from 'vitest';
import type { DiagnosticCode } from './codes.ts';
import { diagnostic } from './diagnostic.ts';
import { toJson } from './diagnostic-json.ts';
import { frame } from './frame.ts';
import { LineMap } from './line-map.ts';

/** A frame for a word of a line; the line is put at a line number of its own. */
function draw(
  code: DiagnosticCode,
  lineNumber: number,
  line: string,
  start: number,
  length: number,
  message: string,
  hint?: string,
): string {
  const before = '\n'.repeat(lineNumber - 1);
  const span = { start: before.length + start, end: before.length + start + length };
  return frame(new LineMap(before + line + '\nnext'), diagnostic(code, span, message, hint));
}

describe('the examples of the language reference', () => {
  test.for<{
    printed: string;
    code: DiagnosticCode;
    line: number;
    column: number;
    length: number;
    message: string;
    source: string;
    hint: string;
  }>([
    {
      code: 'E0304',
      line: 6,
      column: 32,
      length: 1,
      message: 'a percent is compared with a plain number',
      source: 'exit long when position.profit > 5',
      hint: 'did you mean 5%?',
      printed: `E0304 6:32  a percent is compared with a plain number
  exit long when position.profit > 5
                                 ^
  did you mean 5%?`,
    },
    {
      code: 'E0201',
      line: 6,
      column: 25,
      length: 4,
      message: 'I do not know "tred"',
      source: 'enter long when close > tred',
      hint: 'did you mean trend?',
      printed: `E0201 6:25  I do not know "tred"
  enter long when close > tred
                          ^^^^
  did you mean trend?`,
    },
    {
      code: 'E0501',
      line: 6,
      column: 1,
      length: 4,
      message: 'size risk needs a stop to know how much is at risk',
      source: 'size risk 1% of equity',
      hint: 'add: stop 2 atr',
      printed: `E0501 6:1   size risk needs a stop to know how much is at risk
  size risk 1% of equity
  ^^^^
  add: stop 2 atr`,
    },
    {
      code: 'E0312',
      line: 5,
      column: 37,
      length: 2,
      message: '"on" takes a series; this is a constant',
      source: 'enter long when rsi(close, 14) < 30 on 4h',
      hint: 'put the comparison in brackets: (rsi(14) < 30) on 4h',
      printed: `E0312 5:37  "on" takes a series; this is a constant
  enter long when rsi(close, 14) < 30 on 4h
                                      ^^
  put the comparison in brackets: (rsi(14) < 30) on 4h`,
    },
    {
      code: 'W0901',
      line: 5,
      column: 17,
      length: 3,
      message: 'this is always true',
      source: 'enter long when rsi(close, 14) < 130',
      hint: 'rsi stays between 0 and 100',
      printed: `W0901 5:17  this is always true
  enter long when rsi(close, 14) < 130
                  ^^^
  rsi stays between 0 and 100`,
    },
  ])('$code', (row) => {
    expect(draw(row.code, row.line, row.source, row.column - 1, row.length, row.message, row.hint)).toBe(row.printed);
  });
});

describe('what a terminal gets', () => {
  test('escape sequences, bidirectional and zero-width characters are made visible', () => {
    const shown = draw('E0103', 1, 'let \u001b[31mx\u202e\u200b\u0007 = 1', 5, 1, 'a \u001b]0;title\u0007 b\nc', 'd\u0085\u2028e');
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(shown.split('\n')).toHaveLength(4);
  });

  test('a tab is one space, so the carets stand right', () => {
    expect(draw('E0103', 1, '\tlet\tx = )', 9, 1, 'm')).toBe('E0103 1:10  m\n   let x = )\n           ^');
  });

  test('wide and combining characters move the carets by their width', () => {
    expect(draw('E0103', 1, '"日本" )', 5, 1, 'm').split('\n')[2]).toBe(' '.repeat(2 + 7) + '^');
    expect(draw('E0103', 1, '"e\u0301" )', 5, 1, 'm').split('\n')[2]).toBe(' '.repeat(2 + 4) + '^');
    expect(draw('E0103', 1, '"\u{1f600}" )', 5, 1, 'm').split('\n')[2]).toBe(' '.repeat(2 + 5) + '^');
  });

  test('a long line is cut around the place', () => {
    const line = `${'a'.repeat(300)} X ${'b'.repeat(300)}`;
    const [, source = '', carets = ''] = draw('E0103', 1, line, 301, 1, 'm').split('\n');
    expect(source.length).toBeLessThanOrEqual(2 + 106);
    expect(source.startsWith('  ...a')).toBe(true);
    expect(source.endsWith('b...')).toBe(true);
    expect(source[carets.indexOf('^')]).toBe('X');
  });

  test('a place without width has one caret, also behind the end of a line', () => {
    expect(draw('E0104', 1, 'long { size 5%', 14, 0, 'm')).toBe('E0104 1:15  m\n  long { size 5%\n                ^');
  });

  test('a span over several lines is marked to the end of its first one', () => {
    expect(draw('E0103', 1, 'let x', 4, 4, 'm')).toBe('E0103 1:5   m\n  let x\n      ^');
  });
});

test('JSON has lines and columns from 1, and null for a missing hint', () => {
  const map = new LineMap('a\nlet x\n');
  expect(toJson('f.strat', map, diagnostic('W0902', { start: 6, end: 7 }, 'not used'))).toEqual({
    file: 'f.strat',
    code: 'W0902',
    severity: 'warning',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 6,
    message: 'not used',
    hint: null,
  });
});
