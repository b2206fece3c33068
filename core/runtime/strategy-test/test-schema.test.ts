import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TEST_SCHEMA } from './test-schema.ts';

/** All keys of a schema and of those inside of it, and whether each says what it is. */
function keysOf(schema: unknown): readonly (readonly [key: string, isDescribed: boolean])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items } = schema as { readonly properties?: Readonly<Record<string, object>>; readonly items?: unknown };
  return [
    ...Object.entries(properties).flatMap(([key, below]) => [[key, key === 'tests' || 'description' in below] as const, ...keysOf(below)]),
    ...keysOf(items),
  ];
}

test('the page names every key that a file of tests may have, and every key says what it is', () => {
  const page = readFileSync(new URL('../../../docs/testing-strategies.md', import.meta.url), 'utf8');
  const keys = keysOf(TEST_SCHEMA);
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter(([, isDescribed]) => !isDescribed)).toEqual([]);
  expect(keys.filter(([key]) => !page.includes(`\`${key}`)).map(([key]) => key)).toEqual([]);
});
