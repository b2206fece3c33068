import { expect, test } from 'vitest';
import { oneLine } from './file-rules.ts';

test.each([
  ['enter long when close > open  # up\n  and volume > 0', 'enter long when close > open and volume > 0'],
  [
    'enter long when close > open reason "trade #1, \\"up\\" # not a comment" # a comment',
    'enter long when close > open reason "trade #1, \\"up\\" # not a comment"',
  ],
])('a rule on one line keeps what stands in quotes: %s', (text, expected) => {
  expect(oneLine(text, { start: 0, end: text.length })).toBe(expected);
});
