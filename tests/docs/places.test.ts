import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGES, ROOT, textOf } from './fences.ts';

/** Made by `npm ci`. */
const BUILT = 'web/dist/';
const FOLDERS = '{core,dsl,plugins,strategies,templates,scripts,tests,bench,docs,web}';
const FILES = globSync(`${FOLDERS}/**`, { cwd: ROOT, exclude: ['**/node_modules/**', `${BUILT}**`] });
const OURS = /^(?:core|dsl|plugins|strategies|templates|scripts|tests|bench|docs|web)\/[\w./-]*$/;

/** Files and folders of the project that a page names as code, and filters of the tests that it says to run. */
function placesOf(text: string): { readonly paths: readonly string[]; readonly filters: readonly string[] } {
  const spans = Array.from(text.matchAll(/`([^`\n]+)`/g), ([, span]) => span!);
  const filters = spans.flatMap((span) => /^npx vitest run (.*)$/.exec(span)?.[1]?.split(' ') ?? []);
  return {
    // A word in capitals or between <> stands for a name.
    paths: spans.filter((span) => OURS.test(span) && !/[A-Z]{3}|\.\.\./.test(span) && !span.startsWith(BUILT)),
    filters: filters.filter((filter) => !/^-|[<>]/.test(filter)),
  };
}

const isThere = (path: string, files: readonly string[]): boolean =>
  files.some((file) => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`));

/** What of the places is not there; tests are told by what is in their path, as vitest does. */
function lostOf(text: string, files: readonly string[]): readonly string[] {
  const { paths, filters } = placesOf(text);
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  return [...paths.filter((path) => !isThere(path, files)), ...filters.filter((filter) => !tests.some((file) => file.includes(filter)))];
}

test.for(PAGES)('files, folders and tests that %s names are there', (page) => {
  expect(lostOf(textOf(page), FILES)).toEqual([]);
});

test('and many are named', () => {
  const { paths, filters } = placesOf(textOf('docs/where.md'));
  expect(paths.length).toBeGreaterThan(40);
  expect(filters.length).toBeGreaterThan(40);
});

test('one that is gone is missed', () => {
  const files = ['core/a.ts', 'core/data/b.ts', 'core/data/b.test.ts'];
  const page =
    '`core/a.ts` `core/b.ts` `core/data/` `core/gone/` `npx vitest run core/data tests/gone` `dsl/<id>/` `bench/PART.json` `BTC/USDT`';
  expect(lostOf(page, files)).toEqual(['core/b.ts', 'core/gone/', 'tests/gone']);
});
