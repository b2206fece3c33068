import { describe, expect, test } from 'vitest';
import { completeLock, platformOf } from './complete-lock.ts';

describe('platformOf', () => {
  test.for([
    ['@swc/core-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@swc/core-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['@oxlint/binding-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@rolldown/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@oxlint/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
    ['@esbuild/win32-x64', { os: ['win32'], cpu: ['x64'] }],
    ['@swc/core-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
    ['fsevents', undefined],
    ['chevrotain', undefined],
  ] as const)('reads %s', ([name, platform]) => expect(platformOf(name)).toEqual(platform));
});

describe('completeLock', () => {
  const parent = { version: '1.0.0', dev: true, optionalDependencies: { 'tool-darwin-arm64': '1.0.0', 'tool-linux-x64-gnu': '1.0.0' } };
  const present = {
    version: '1.0.0',
    integrity: 'sha512-x',
    resolved: 'https://mirror.example/tool.tgz',
    dev: true,
    optional: true,
    os: ['linux'],
    cpu: ['x64'],
  };

  test('adds the platform package that the mirror did not have, and keeps the one it had', () => {
    const { resolved: _, ...kept } = present;
    expect(completeLock({ 'node_modules/tool': parent, 'node_modules/tool-linux-x64-gnu': present })).toEqual({
      'node_modules/tool': parent,
      'node_modules/tool-darwin-arm64': { version: '1.0.0', os: ['darwin'], cpu: ['arm64'], dev: true, optional: true },
      'node_modules/tool-linux-x64-gnu': kept,
    });
  });

  test('leaves no download address', () => {
    expect(JSON.stringify(completeLock({ 'node_modules/tool-linux-x64-gnu': present }))).not.toContain('mirror.example');
  });

  test('changes nothing when done twice', () => {
    const once = completeLock({ 'node_modules/tool': parent, 'node_modules/tool-linux-x64-gnu': present });
    expect(JSON.stringify(completeLock(once))).toBe(JSON.stringify(once));
  });

  test('adds nothing that names no platform or no exact version', () => {
    const odd = { version: '1.0.0', optionalDependencies: { fsevents: '2.3.3', 'tool-darwin-x64': '^1.0.0' } };
    expect(Object.keys(completeLock({ 'node_modules/odd': odd }))).toEqual(['node_modules/odd']);
  });

  test('sorts by place, so that a lock file has one form', () => {
    expect(Object.keys(completeLock({ 'node_modules/b': {}, '': {}, 'node_modules/a': {} }))).toEqual([
      '',
      'node_modules/a',
      'node_modules/b',
    ]);
  });
});
