import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { unreadable, unwritable } from './file-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-file-error-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

test('what the system refuses is said in words, and the system keeps its own', () => {
  const error = errorOf(() => readFileSync(join(folder, 'none')));
  expect(unreadable('none', error).message).toMatch(/^Cannot read "none": there is no such file\. /);
  expect(unreadable('none', error).cause).toBe(error);
  expect(
    unreadable(
      '.',
      errorOf(() => readFileSync(folder)),
    ).message,
  ).toMatch(/: it is a folder\. /);
});

test('of what is to be written, the folder is what is missing', () => {
  expect(
    unwritable(
      'no/x',
      errorOf(() => writeFileSync(join(folder, 'no/x'), '')),
    ).message,
  ).toMatch(/^Cannot write "no\/x": the folder does not exist\. /);
});

test.skipIf(process.platform !== 'linux')('a full disk is one', () => {
  expect(
    unwritable(
      'x',
      errorOf(() => writeFileSync('/dev/full', 'x')),
    ).message,
  ).toMatch(/^Cannot write "x": the disk is full\. /);
});
