import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './process-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strat-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'bot.lock');
/** A Node process that takes the lock, says so and waits. */
const holder = `
  import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.ts'))};
  takeLock(process.argv[1], 1_700_000_000_000);
  console.log('locked');
  setInterval(() => {}, 1000);`;

test('a lock is free again after it was released', () => {
  takeLock(folder, 0)();
  expect(existsSync(path())).toBe(false);
  takeLock(folder, 0)();
});

test('a lock of a living process is refused by its number, and taken over once that was killed with SIGKILL', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => takeLock(folder, 0)).toThrow(`process ${child.pid ?? 0}, started 2023-11-14`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  takeLock(folder, 0)();
});

test('a lock of an earlier process with the number of a living one is taken over', () => {
  const release = takeLock(folder, 0);
  const own: unknown = JSON.parse(readFileSync(path(), 'utf8'));
  expect(() => takeLock(folder, 0)).toThrow('Another bot');
  writeFileSync(path(), JSON.stringify({ ...(own as object), started: 'another boot 17' }));
  const releaseNew = takeLock(folder, 0);
  // The first owner no longer has it: its release must not remove the lock of the second.
  release();
  releaseNew();
  expect(existsSync(path())).toBe(false);
});

test.for(['', '{"pid":', 'null', '{"pid":"1","started":"","since":""}'])('a lock file that holds %j is taken over', (text) => {
  writeFileSync(path(), text);
  const release = takeLock(folder, 0);
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});
