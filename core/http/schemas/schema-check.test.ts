import { expect, test } from 'vitest';
import { TARGET_BODY } from './bot-schemas.ts';
import { listOf, number, objectOf, orNull, text } from './json-schema.ts';
import { matches, mismatch } from './schema-check.ts';

const ROW = objectOf<{ readonly name: string; readonly sizes: readonly number[]; readonly note: string | null }>({
  name: text(),
  sizes: listOf(number()),
  note: orNull(text()),
});

test.for([
  [{ name: 'a', sizes: [1, '2'], note: null }, 'sizes[1]: expected a number, found text'],
  [{ name: 'a', sizes: [1], note: 3 }, 'note: expected text, found a number; or note: expected null, found a number'],
  [{ name: 'a', sizes: [1] }, 'note: is missing'],
  [{ name: null, sizes: [], note: '' }, 'name: expected text, found null'],
  [{ name: 'a', sizes: [Infinity], note: '' }, 'sizes[0]: expected a number, found a number out of range'],
  ['text', 'expected an object, found text'],
  [[], 'expected an object, found a list'],
  [{ name: 'a', sizes: [], note: 'x', more: 1 }, null],
] as const)('the first mistake is named with its place: %j', ([value, said]) => expect(mismatch(ROW, value)).toBe(said));

test('a misspelt field of a closed object comes with the nearest one', () => {
  expect(mismatch(TARGET_BODY, { stratgy: 'x' })).toContain('unknown field "stratgy"; did you mean strategy?');
});

test('a value is compared with the form whose fields it has', () => {
  expect(mismatch(TARGET_BODY, { strategy: 5 })).toBe('strategy: expected text, found a number');
  expect(mismatch(TARGET_BODY, { all: false })).toBe('all: expected true, found false');
});

test('fields that are inherited do not count', () => {
  expect(matches(TARGET_BODY, Object.create({ all: true }))).toBe(false);
  expect(matches(TARGET_BODY, JSON.parse('{"__proto__": {"all": true}}'))).toBe(false);
});
