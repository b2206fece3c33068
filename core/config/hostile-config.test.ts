import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findingLine } from './finding.ts';
import { loadConfig } from './load-config.ts';
import { ConfigFile } from './testing/load-text.ts';
import { PLUGIN_SCHEMAS } from './testing/plugin-schemas.ts';

const file = new ConfigFile();
afterAll(() => file.close());

const said = (result: ReturnType<typeof loadConfig>): string =>
  result.ok ? 'accepted' : result.error.map((finding) => findingLine('strat.yaml', finding)).join('\n');
const load = (path: string): string => said(loadConfig({ path, env: {}, pluginSchemas: PLUGIN_SCHEMAS }));

/** Ten levels of ten aliases each: 10^10 values. */
const BOMB = `a: &a [x]\n${Array.from('bcdefghijk', (name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghijk'[index]}`).join(', ')}]`).join('\n')}\n`;

describe('a file that is none', () => {
  test.for([
    ['nothing there', 'none.yaml', (_path: string): void => undefined, 'there is no such file'],
    ['a folder', 'folder.yaml', (path: string): void => mkdirSync(path), 'it is a folder'],
    [
      'a pipe that nobody writes to',
      'pipe.yaml',
      (path: string) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]),
      'it is no regular file',
    ],
    ['a device behind a link', 'zero.yaml', (path: string) => symlinkSync('/dev/zero', path), 'it is no regular file'],
    ['a link to itself', 'loop.yaml', (path: string) => symlinkSync(path, path), 'its symbolic links go in a circle'],
    ['a file over 1 MB', 'big.yaml', (path: string) => writeFileSync(path, `#${'x'.repeat(1_048_576)}`), 'it is over 1 MB'],
  ] as const)('%s is refused at once', ([, name, make, reason]) => {
    const path = join(file.folder, name);
    make(path);
    expect(load(path)).toContain(`the file cannot be read: ${reason}`);
    rmSync(path, { recursive: true, force: true });
  });

  test('a file of exactly 1 MB is read', () => {
    expect(said(file.load(`#${'x'.repeat(999_999)}`))).toBe('accepted');
  });
});

describe('bytes that are no text', () => {
  test.for([
    ['UTF-16', Buffer.from('\uFEFFhttp: {}', 'utf16le'), 'saved as UTF-16'],
    ['Latin-1', Buffer.from('# caf\xe9', 'latin1'), 'not a text in UTF-8'],
    ['a gzip', Buffer.from('1f8b0800000000000003', 'hex'), 'not a text in UTF-8'],
    ['a program', Buffer.from('\x7fELF\x02\x01\x01\0\0'), 'U+007F'],
    ['a lone surrogate', Buffer.from('eda080', 'hex'), 'not a text in UTF-8'],
  ] as const)('%s is refused with the reason', ([, bytes, reason]) => expect(said(file.load(bytes))).toContain(reason));
});

describe('YAML made to cost much', () => {
  test.for([
    ['an alias bomb', BOMB, 'aliases counted as often as used'],
    ['100,000 open brackets', '['.repeat(100_000), 'words and signs'],
    ['3,000 open brackets', '['.repeat(3000), 'too deep'],
    ['levels by indentation', Array.from({ length: 500 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'), 'more than 24 levels'],
    ['200,000 keys', Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n'), 'words and signs'],
    ['10,000 keys', Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n'), 'unknown key'],
    ['250,000 documents', '---\n'.repeat(250_000), 'words and signs'],
    ['10,000 documents', '---\n'.repeat(10_000), 'several documents'],
    ['1 MB of brackets that close nothing', ']'.repeat(999_999), 'words and signs'],
    ['a key of 100,000 letters', `${'a'.repeat(100_000)}: 1`, 'longer than 1024'],
    ['a number of 1 MB', `http: { port: ${'1'.repeat(900_000)} }`, 'not a finite number'],
    [
      '2,000 anchors that hold the one before',
      Array.from({ length: 2000 }, (_, i) => `k${i}: &a${i} [*a${Math.max(0, i - 1)}]`).join('\n'),
      '',
    ],
  ] as const)('%s is refused', { timeout: 10_000 }, ([, text, reason]) => {
    const found = said(file.load(text));
    expect(found).not.toBe('accepted');
    expect(found).toContain(reason);
    expect(found.length).toBeLessThan(10_000);
  });

  test('a few aliases are fine, where the limit is not the reason', () => {
    expect(said(file.load('log: &l { level: info }\nstrategies:\n  - { file: &f a.strat, id: *f }\n'))).not.toContain('aliases');
  });
});

test('no name reaches the prototype of anything', () => {
  for (const name of ['__proto__', 'constructor', 'prototype'])
    for (const text of [
      `${name}: { polluted: 1 }`,
      `http: { ${name}: { polluted: 1 } }`,
      `exchanges: { a: { use: exchange/sim, ${name}: { polluted: 1 } } }`,
      `"${name.replace('o', '\\x6f')}": 1`,
    ]) {
      expect(said(file.load(text)), text).toContain('is reserved');
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    }
});
