import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRegularFile } from './regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

test('a file is read to its last byte', () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, k) => k));
  writeFileSync(at('whole'), bytes);
  expect(readRegularFile(at('whole'), { maxKb: 98 })).toEqual({ ok: true, value: bytes });
  writeFileSync(at('limit'), bytes.subarray(0, 2048));
  expect(readRegularFile(at('limit'), { maxKb: 2 })).toEqual({ ok: true, value: bytes.subarray(0, 2048) });
});

test.for<{ name: string; make: (path: string) => void; says: string }>([
  { name: 'nothing', make: () => undefined, says: 'there is no such file' },
  { name: 'a folder', make: (path) => mkdirSync(path), says: 'it is a folder' },
  { name: 'a pipe', make: (path) => execFileSync('sh', ['-c', `mkfifo '${path}'`]), says: 'it is no regular file' },
  { name: 'a device behind a link', make: (path) => symlinkSync('/dev/zero', path), says: 'it is no regular file' },
  { name: 'a link to itself', make: (path) => symlinkSync(path, path), says: 'its symbolic links go in a circle' },
  { name: 'a byte too many', make: (path) => writeFileSync(path, 'x'.repeat(1025)), says: 'it is over 1 KB' },
  { name: 'a path through a file', make: (path) => writeFileSync(path, ''), says: 'a part of the path is no folder' },
])('$name is refused at once', ({ name, make, says }) => {
  const path = at(name.replaceAll(' ', '-'));
  make(path);
  expect(readRegularFile(name.startsWith('a path') ? `${path}/x` : path, { maxKb: 1 })).toEqual({ ok: false, error: says });
});

test('where a path was resolved before, a link is a swap', () => {
  writeFileSync(at('real'), 'x');
  symlinkSync(at('real'), at('link'));
  expect(readRegularFile(at('link'), { maxKb: 1 }).ok).toBe(true);
  expect(readRegularFile(at('link'), { maxKb: 1, isResolved: true }).ok).toBe(false);
});
