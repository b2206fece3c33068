import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HOMES } from '../../scripts/arrow-rules.ts';

type Packages = Readonly<Record<string, string>>;
const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies: Packages;
  readonly devDependencies: Packages;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
const lockText = read('package-lock.json');
const lock = JSON.parse(lockText) as {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly hasInstallScript?: boolean; readonly integrity?: string; readonly optional?: boolean }
    >
  >;
};
const all = { ...manifest.dependencies, ...manifest.devDependencies };

/** The Node that runs strat, and types without code. */
const WITHOUT_HOME = ['node'];

describe('packages', () => {
  test('are pinned exactly', () => {
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(Object.keys(all).length).toBeGreaterThan(10);
  });

  test('are locked in the pinned version', () => {
    for (const [name, version] of Object.entries(all)) expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  });

  test('that ship have one folder that imports them', () => {
    expect(Object.keys(manifest.dependencies).filter((name) => HOMES[name] === undefined && !WITHOUT_HOME.includes(name))).toEqual([]);
  });

  test('run an install script only if package.json says so by name', () => {
    const withScript = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true);
    const names = withScript.map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(names.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });
});

describe('the lock file', () => {
  test('names no download address', () => {
    expect(lockText.match(/"resolved"|https?:\/\/[^"]*\.tgz/g) ?? []).toEqual([]);
  });

  test('has a checksum for every package but optional ones of other platforms', () => {
    const bare = Object.entries(lock.packages).filter(
      ([place, entry]) => place !== '' && entry.integrity === undefined && entry.optional !== true,
    );
    expect(bare.map(([place]) => place)).toEqual([]);
  });
});
