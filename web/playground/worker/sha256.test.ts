import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 as nodes } from '#core/files/sha256.ts';
import { sha256 } from './sha256.ts';

test.for([0, 1, 55, 56, 63, 64, 65, 1000, 100_000])('the digest of the browser is that of Node: %d bytes', (length) => {
  const bytes = randomBytes(length);
  expect(sha256(bytes)).toBe(nodes(bytes));
  expect(sha256('Zürich 🙂 \uD800', bytes)).toBe(nodes('Zürich 🙂 \uD800', bytes));
});

test('the digest of a text is the known one', () => {
  // FIPS 180-4, example 1.
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
