import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileHash, lockFault, lockText, readLock } from './lock-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const code = fileHash(Buffer.from('code'));
const manifest = fileHash(Buffer.from('manifest'));
const entry = { version: '1.0.0', code, manifest };

const written = (text: string): ReturnType<typeof readLock> => {
  const path = join(folder, 'strat.lock');
  writeFileSync(path, text);
  return readLock(path);
};

test('the hash is that of sha512sum', () => {
  // printf code | sha512sum
  const hex =
    'b65ea7bee5894f13aabe174946a845818de935ba1944206da564e19afe2723cbabf8da60d2151c146338a4f493107389d4fb7613edf16751c8a74b0f738692db';
  expect(code).toBe(`sha512-${Buffer.from(hex, 'hex').toString('base64')}`);
});

test('a lock is read as it was written, sorted', () => {
  const lock = new Map([
    ['@b/two', { ...entry, version: '2.0.0' }],
    ['@a/one', entry],
  ]);
  expect(written(lockText(lock))).toEqual({ ok: true, value: lock });
  expect(lockText(lock).indexOf('@a/one')).toBeLessThan(lockText(lock).indexOf('@b/two'));
});

test('nothing is pinned where there is no file', () => expect(readLock(join(folder, 'none.lock'))).toEqual({ ok: true, value: new Map() }));

describe('a lock file that strat did not write is not believed', () => {
  const plugin = JSON.stringify(entry);
  test.for([
    { name: 'another version', text: '{"lock": 2, "plugins": {}}', says: 'it is no lock file of this version' },
    { name: 'more than a lock', text: '{"lock": 1, "plugins": {}, "scripts": {"postinstall": "x"}}', says: 'it is no lock file' },
    { name: 'no plugins', text: '{"lock": 1}', says: 'it is no lock file' },
    { name: 'a list', text: '[]', says: 'it is no lock file' },
    { name: 'no JSON', text: '<<<<<<< HEAD', says: 'line 1, column 1: it is no JSON' },
    {
      name: 'a plugin twice',
      text: `{"lock": 1, "plugins": {"@a/b": ${plugin}, "@a/b": ${plugin}}}`,
      says: 'the key "@a/b" is given twice',
    },
    { name: '__proto__', text: `{"lock": 1, "plugins": {"__proto__": ${plugin}}}`, says: 'the key "__proto__" is not allowed' },
    {
      name: 'constructor',
      text: `{"lock": 1, "plugins": {"constructor": ${plugin}}}`,
      says: 'the entry "constructor" is not as "strat plugin lock" writes it',
    },
    { name: 'a path as a name', text: `{"lock": 1, "plugins": {"@a/../b": ${plugin}}}`, says: 'the entry "@a/../b" is not' },
    {
      name: 'a weak hash',
      text: `{"lock": 1, "plugins": {"@a/b": {"version": "1.0.0", "code": "sha1-abc", "manifest": "${manifest}"}}}`,
      says: 'the entry "@a/b" is not',
    },
    {
      name: 'a hash that is none',
      text: `{"lock": 1, "plugins": {"@a/b": {"version": "1.0.0", "code": "", "manifest": "${manifest}"}}}`,
      says: 'the entry "@a/b" is not',
    },
    {
      name: 'an entry with more in it',
      text: `{"lock": 1, "plugins": {"@a/b": {"version": "1.0.0", "code": "${code}", "manifest": "${manifest}", "url": "http://x"}}}`,
      says: 'the entry "@a/b" is not',
    },
    { name: 'an entry that is none', text: '{"lock": 1, "plugins": {"@a/b": null}}', says: 'the entry "@a/b" is not' },
    {
      name: 'a number as version',
      text: `{"lock": 1, "plugins": {"@a/b": {"version": 1, "code": "${code}", "manifest": "${manifest}"}}}`,
      says: 'the entry "@a/b" is not',
    },
    { name: 'nesting', text: '['.repeat(100_000), says: 'it is no JSON' },
    { name: 'two megabytes', text: ' '.repeat(2_000_000), says: 'it is over 1 MB' },
  ])('$name', ({ text, says }) => {
    const read = written(text);
    expect(read.ok ? 'accepted' : read.error).toContain(says);
  });

  test.for<{ name: string; make: (path: string) => void; says: string }>([
    { name: 'a folder', make: (path) => mkdirSync(path), says: 'it is a folder' },
    { name: 'a pipe', make: (path) => execFileSync('sh', ['-c', `mkfifo '${path}'`]), says: 'it is no regular file' },
    { name: 'a device', make: (path) => symlinkSync('/dev/zero', path), says: 'it is no regular file' },
  ])('$name', ({ name, make, says }) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.lock`);
    make(path);
    expect(readLock(path)).toEqual({ ok: false, error: says });
  });
});

test.for([
  { name: 'nothing', found: entry, says: null },
  { name: 'the code', found: { ...entry, code: fileHash(Buffer.from('other')) }, says: 'its code is not the one in strat.lock' },
  { name: 'the manifest', found: { ...entry, manifest: code }, says: 'its manifest is not the one in strat.lock' },
  { name: 'the version', found: { ...entry, version: '1.0.1' }, says: 'it is version 1.0.1, and strat.lock has 1.0.0' },
])('a difference of $name is told', ({ found, says }) => expect(lockFault(entry, found)).toBe(says));
