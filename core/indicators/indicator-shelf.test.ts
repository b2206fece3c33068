import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { IndicatorShelf } from './indicator-shelf.ts';
import { type LockEntry, lockText } from './lock-file.ts';
import { CODE, MANIFEST, writePlugin } from './testing/plugin-files.ts';

const compiler = createCompiler();
let around = '';
let folder = '';
beforeEach(() => {
  around = realpathSync(mkdtempSync(join(tmpdir(), 'strat-shelf-')));
  folder = join(around, 'plugins');
  mkdirSync(folder);
});
afterEach(() => rmSync(around, { recursive: true }));

const shelf = (): IndicatorShelf => new IndicatorShelf({ folders: [{ folder, isOwn: false }], lockFolder: around, compiler });
/** As `strat plugin lock` does. */
const pin = (...names: readonly string[]): void => {
  const all = shelf();
  const entries = all.found.flatMap((indicator): [string, LockEntry][] => {
    const loaded = all.load(indicator);
    return loaded.ok && (names.length === 0 || names.includes(indicator.manifest.name))
      ? [[indicator.manifest.name, loaded.value.entry]]
      : [];
  });
  writeFileSync(join(around, 'strat.lock'), lockText(new Map(entries)));
};
const answer = (name: string): string => {
  const found = shelf().open().source(name);
  return found.ok
    ? `${found.plugin.form} ${found.plugin.manifest.name}`
    : `${found.code} ${found.reason}${found.hint === undefined ? '' : ` (${found.hint})`}`;
};
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const problems = (): readonly string[] => shelf().problems.map(({ id, key, reason }) => `${id} ${key}: ${reason}`);

describe('a plugin that is pinned', () => {
  test('is handed over, and what was used is known', () => {
    const path = writePlugin(folder, 'mean');
    writePlugin(folder, 'other', { manifest: { ...MANIFEST, name: '@acme/other' } });
    pin();
    const { source, used } = shelf().open();
    expect(source('@acme/mean')).toMatchObject({ ok: true, plugin: { form: 'script' } });
    expect(used()).toEqual([
      {
        name: '@acme/mean',
        version: '1.0.0',
        code: expect.stringMatching(/^sha512-/),
        files: ['manifest.json', 'mean.js'].map((file) => ({ path: join(path, file), sha256: sha256(join(path, file)) })),
      },
    ]);
  });

  test('may be a module of functions', () => {
    const manifest = { strat: 1, name: '@acme/tools', kind: 'indicator', version: '1.0.0', entry: 'tools.strat' };
    writePlugin(folder, 'tools', { manifest, files: { 'tools.strat': 'strat 1\nmodule "t"\nexport def f(x) = x\n' } });
    pin();
    expect(answer('@acme/tools')).toBe('module @acme/tools');
  });

  /** threats.md 40. */
  test.for<{ name: string; change: (path: string) => void; says: string }>([
    {
      name: 'whose code was swapped',
      change: (path) => appendFileSync(join(path, 'mean.js'), '\n// one more line\n'),
      says: 'E0704 its code is not the one in strat.lock (see what changed; if it is meant so, run: strat plugin lock)',
    },
    {
      name: 'whose manifest was swapped',
      change: (path) => writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...MANIFEST, lookback: 'length' })),
      says: 'E0704 its manifest is not the one in strat.lock (see what changed; if it is meant so, run: strat plugin lock)',
    },
    {
      name: 'of another version',
      change: (path) => writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...MANIFEST, version: '1.0.1' })),
      says: 'E0704 it is version 1.0.1, and strat.lock has 1.0.0 (see what changed; if it is meant so, run: strat plugin lock)',
    },
    {
      name: 'whose code is hostile now',
      change: (path) => writeFileSync(join(path, 'mean.js'), CODE.replace('let sum = 0;', 'eval("1");')),
      says: 'E0704 it is not valid: mean.js, line 3, column 3: there is no function "eval" in plugins',
    },
    {
      name: 'whose manifest is broken now',
      change: (path) => writeFileSync(join(path, 'manifest.json'), '{'),
      says: 'E0704 it is not valid: manifest.json: manifest.json: line 1, column 2: it is no JSON',
    },
    {
      name: 'whose code is gone',
      change: (path) => rmSync(join(path, 'mean.js')),
      says: 'E0704 it is not valid: mean.js: there is no such file',
    },
    {
      name: 'that is gone',
      change: (path) => rmSync(path, { recursive: true }),
      says: 'E0704 it is in strat.lock, and in no folder of plugins (name its folder in the config, under plugins.folders)',
    },
  ])('$name is refused', ({ change, says }) => {
    const path = writePlugin(folder, 'mean');
    pin();
    change(path);
    expect(answer('@acme/mean')).toBe(says);
  });
});

describe('a plugin that is not pinned', () => {
  test('is refused, found or not', () => {
    writePlugin(folder, 'mean');
    expect(answer('@acme/mean')).toBe('E0703 it is not in strat.lock (look at it, then run: strat plugin lock)');
    expect(answer('@acme/else')).toBe(
      'E0703 it is not in strat.lock (copy it into a folder of plugins, look at it, then run: strat plugin lock)',
    );
  });

  test('one that sounds like a pinned one is taken for a slip, also where it lies there (threats.md 40)', () => {
    writePlugin(folder, 'mean');
    writePlugin(folder, 'meann', { manifest: { ...MANIFEST, name: '@acme/meann' } });
    pin('@acme/mean');
    expect(answer('@acme/meann')).toBe('E0703 it is not in strat.lock (did you mean plugin:@acme/mean?)');
  });

  test('a lock file that cannot be believed pins nothing', () => {
    writePlugin(folder, 'mean');
    pin();
    writeFileSync(
      join(around, 'strat.lock'),
      readFileSync(join(around, 'strat.lock'), 'utf8').replace('"lock": 1', '"lock": 1, "lock": 1'),
    );
    expect(answer('@acme/mean')).toBe(
      'E0704 strat.lock cannot be used: line 2, column 14: the key "lock" is given twice (restore it, or delete it and run: strat plugin lock)',
    );
  });
});

describe('what lies in a folder of plugins', () => {
  test('a broken plugin is named by its place and key, the others are found', () => {
    writePlugin(folder, 'mean');
    writePlugin(folder, 'bad', { manifest: { ...MANIFEST, name: '@acme/bad', state: '1e12' } });
    expect(shelf().found.map(({ id }) => id)).toEqual(['indicator/mean']);
    expect(problems()).toEqual([
      'indicator/bad state: "1e12" must lie from 0 to 100000 for all params, and goes from 1000000000000 to 1000000000000',
    ]);
  });

  test('two plugins of one name: the first is used', () => {
    const first = writePlugin(folder, 'mean');
    writePlugin(folder, 'same', {});
    expect(problems()).toEqual([`indicator/same name: "@acme/mean" is the name of the plugin in ${first} too, which is used`]);
  });

  test('folders without a manifest, files and names of other forms', () => {
    mkdirSync(join(folder, 'indicator', 'empty'), { recursive: true });
    writeFileSync(join(folder, 'indicator', 'file'), '');
    writePlugin(folder, 'Not-Kebab');
    expect(problems()).toEqual(['indicator/Not-Kebab folder: its name must be kebab-case']);
  });

  test.for<{ name: string; make: (path: string) => void; says: string }>([
    {
      name: 'code behind a link out of the folder',
      make: (path) => swap(join(path, 'mean.js'), () => symlinkSync(join(around, 'secret.js'), join(path, 'mean.js'))),
      says: 'mean.js: it leads out of the folder, through a link',
    },
    {
      name: 'code that is a pipe',
      make: (path) => swap(join(path, 'mean.js'), () => execFileSync('sh', ['-c', `mkfifo '${join(path, 'mean.js')}'`])),
      says: 'mean.js: it is no regular file',
    },
    {
      name: 'code that is a folder',
      make: (path) => swap(join(path, 'mean.js'), () => mkdirSync(join(path, 'mean.js'))),
      says: 'mean.js: it is a folder',
    },
    {
      name: 'code that is too large',
      make: (path) => writeFileSync(join(path, 'mean.js'), ' '.repeat(256 * 1024 + 1)),
      says: 'mean.js: it is over 256 KB',
    },
    {
      name: 'code that is no text',
      make: (path) => writeFileSync(join(path, 'mean.js'), Buffer.from([0xff, 0xfe, 0x00])),
      says: 'mean.js: it is no UTF-8 text',
    },
    {
      name: 'code that loops',
      make: (path) => writeFileSync(join(path, 'mean.js'), CODE.replace('i++', 'i--')),
      says: 'mean.js: it ran out of fuel on bar 0 of a test run',
    },
  ])('$name is not loaded', ({ make, says }) => {
    writeFileSync(join(around, 'secret.js'), CODE);
    const path = writePlugin(folder, 'mean');
    make(path);
    const all = shelf();
    const loaded = all.load(all.found[0]!);
    expect(loaded.ok ? 'loaded' : loaded.error).toContain(says);
    expect(all.stateOf(all.found[0]!).state).toBe('invalid');
  });

  test('a manifest behind a link out of the folder, and one of ten megabytes', () => {
    writeFileSync(join(around, 'manifest.json'), JSON.stringify(MANIFEST));
    const path = writePlugin(folder, 'mean');
    swap(join(path, 'manifest.json'), () => symlinkSync(join(around, 'manifest.json'), join(path, 'manifest.json')));
    writePlugin(folder, 'large', { manifest: JSON.stringify({ ...MANIFEST, summary: 'x'.repeat(1e7) }) });
    expect(problems()).toEqual([
      'indicator/large manifest.json: it is over 64 KB',
      'indicator/mean manifest.json: it leads out of the folder, through a link',
    ]);
  });

  test('a module with a mistake, and a strategy where a module belongs', () => {
    const manifest = { strat: 1, kind: 'indicator', version: '1.0.0', entry: 'm.strat' };
    writePlugin(folder, 'wrong', {
      manifest: { ...manifest, name: '@a/wrong' },
      files: { 'm.strat': 'strat 1\nmodule "m"\nexport def f(x) = x + nothing\n' },
    });
    writePlugin(folder, 'trades', {
      manifest: { ...manifest, name: '@a/trades' },
      files: { 'm.strat': 'strat 1\nstrategy "m"\ntrade A/B on 1h\nenter long when close > open\nsize 1 A\nstop 5%\n' },
    });
    const all = shelf();
    expect(all.found.map((one) => all.stateOf(one).reason)).toEqual([
      'm.strat: it is a strategy; functions come from a module',
      'm.strat: line 3, column 23: E0201 I do not know "nothing"',
    ]);
  });
});

function swap(path: string, make: () => void): void {
  rmSync(path);
  make();
}
