import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedLine } from './fold-line.ts';
import { painter } from './paint.ts';

test('a line that fits, and one on no terminal, stays as it is', () => {
  expect(foldedLine('2024-01-05  buy      1', 22, 4)).toBe('2024-01-05  buy      1');
  expect(foldedLine('a  '.repeat(200), Infinity, 4)).toBe('a  '.repeat(200));
});

test('a longer one goes on below, indented; alignment of the first line stays, and % with its number', () => {
  expect(foldedLine('id   BTC/USDT  fee 0.1 %, new', 22, 5)).toBe('id   BTC/USDT  fee\n     0.1 %, new');
});

test('a word that is too long stays whole', () => {
  expect(foldedLine('see /a/very/long/path/of/a/file now', 12, 2)).toBe('see\n  /a/very/long/path/of/a/file\n  now');
});

test('colours take no room', () => {
  const { bold } = painter(true);
  expect(foldedLine(`${bold('buy')} 1 at 2`, 10, 2)).toBe(`${bold('buy')} 1 at 2`);
});

test('no line is wider than the terminal where the words are not, and no word is lost', () => {
  const word = fc.stringMatching(/^[a-z0-9,.]{1,9}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 24, max: 60 }), (words, width) => {
      const lines = foldedLine(words.join('  '), width, 12).split('\n');
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.join(' ').split(/ +/)).toEqual(words);
    }),
  );
});
