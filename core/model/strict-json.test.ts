import { describe, expect, test } from 'vitest';
import { readStrictJson } from './strict-json.ts';

describe('strict JSON', () => {
  test('is JSON, in objects without a prototype', () => {
    const read = readStrictJson('{"a": [1, "x", {"b": null}], "constructor": true}', 1000);
    if (!read.ok) throw new Error(read.error.reason);
    expect(read.value).toEqual({ a: [1, 'x', { b: null }], constructor: true });
    expect(Object.getPrototypeOf(read.value)).toBeNull();
    expect(Object.isFrozen(read.value)).toBe(true);
  });

  test.for([
    { name: 'a key twice', text: '{"a": 1,\n  "a": 2}', fault: { line: 2, column: 3, reason: 'the key "a" is given twice' } },
    {
      name: 'a key twice, written differently',
      text: String.raw`{"a": 1, "\u0061": 2}`,
      fault: { line: 1, column: 10, reason: 'the key "a" is given twice' },
    },
    {
      name: 'a key twice further in',
      text: '{"x": [{"a": 1, "a": {}}]}',
      fault: { line: 1, column: 17, reason: 'the key "a" is given twice' },
    },
    { name: '__proto__', text: '{"__proto__": {}}', fault: { line: 1, column: 2, reason: 'the key "__proto__" is not allowed' } },
    { name: 'nesting', text: '['.repeat(33) + ']'.repeat(33), fault: { line: 1, column: 33, reason: 'it nests deeper than 32' } },
    { name: 'no JSON', text: '{"a": 1,}', fault: { line: 1, column: 9, reason: 'it is no JSON' } },
    { name: 'nothing', text: '', fault: { line: 1, column: 1, reason: 'it is no JSON' } },
    { name: 'comments', text: '{} // x', fault: { line: 1, column: 4, reason: 'it is no JSON' } },
    { name: 'too long a text', text: ' '.repeat(1001), fault: { line: 1, column: 1, reason: 'it is longer than 1000 characters' } },
  ])('refuses $name', ({ text, fault }) => expect(readStrictJson(text, 1000)).toEqual({ ok: false, error: fault }));

  test('refuses a hundred thousand brackets in no time, and ten megabytes before it looks', () => {
    expect(readStrictJson('['.repeat(100_000) + ']'.repeat(100_000), 1e6)).toMatchObject({ ok: false });
    expect(readStrictJson(`{"a": "${'x'.repeat(1e7)}"}`, 64 * 1024)).toMatchObject({ ok: false });
  });

  test('the same key in two objects is fine, and so are signs inside of texts', () => {
    const text = String.raw`{"a": {"x": 1}, "b": {"x": "{\"x\":1,\"x\":2}"}}`;
    expect(readStrictJson(text, 1000)).toEqual({ ok: true, value: { a: { x: 1 }, b: { x: '{"x":1,"x":2}' } } });
  });
});
