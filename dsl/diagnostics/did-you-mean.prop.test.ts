import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';
import { LineMap } from './line-map.ts';

test('a near word is proposed as a question, a far one is not', () => {
  expect(didYouMean('banana', ['enter', 'exit'])).toBeUndefined();
  expect(didYouMean('tred', ['trend', 'tree', 'other'])).toBe('did you mean trend?');
});

test('a line map agrees with counting line ends from the start', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '\t'), maxLength: 40 }), fc.nat(60), (source, raw) => {
      const offset = Math.min(raw, source.length);
      // the end of a line belongs to it: cut the text into lines with their ends and find the one that holds the offset
      const lines = source.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
      let line = 0;
      let start = 0;
      while (line < lines.length && start + (lines[line]?.length ?? 0) <= offset && /[\r\n]$/.test(lines[line] ?? ''))
        start += lines[line++]?.length ?? 0;
      expect(new LineMap(source).position(offset)).toEqual({ line: line + 1, column: offset - start + 1 });
      expect(new LineMap(source).lineText(line + 1)).toBe((lines[line] ?? '').replace(/[\r\n]+$/, ''));
    }),
  );
});
