import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from './nearest-word.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 7 });

test.for([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['trend', 'tred', 1],
  ['entr', 'enter', 1],
  ['stpo', 'stop', 1],
  ['maximise', 'maximize', 1],
  ['same', 'same', 0],
] as const)('%s to %s takes %i changes', ([a, b, changes]) => expect(editDistance(a, b)).toBe(changes));

test('a distance does not depend on the order, is 0 only for equal words, and at most the longer length', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});

test('one swap of neighbours, one lost, doubled or wrong letter is one change', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 2, maxLength: 10 }), fc.nat(), (a, n) => {
      const i = n % (a.length - 1);
      const variants = [
        a.slice(0, i) + a.slice(i + 1),
        a.slice(0, i) + a[i] + a.slice(i),
        `${a.slice(0, i)}x${a.slice(i + 1)}`,
        a.slice(0, i) + a[i + 1] + a[i] + a.slice(i + 2),
      ];
      for (const variant of variants) expect(editDistance(a, variant)).toBe(variant === a ? 0 : 1);
    }),
  );
});

test('far words are not proposed, and long ones cost nothing', () => {
  expect(nearest('banana', ['enter', 'exit'])).toBeNull();
  expect(nearest('tred', ['trend', 'tree', 'other'])).toEqual({ word: 'trend', distance: 1 });
  expect(nearest('a'.repeat(100_000), ['a'.repeat(99_999)])).toBeNull();
});
