import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CODE, MANIFEST, writePlugin } from '#core/indicators/testing/plugin-files.ts';
import { type Outcome, startStrat, temporaryFolder } from './cli-process.ts';
import { harmless, hasStack } from './cli-fixtures.ts';

let folder = '';
let plugins = '';
beforeEach(() => {
  folder = temporaryFolder();
  plugins = join(folder, 'mine');
  mkdirSync(plugins);
  writeFileSync(join(folder, 'strat.yaml'), 'plugins: { folders: [mine] }\n');
});
const plugin = async (...args: readonly string[]): Promise<Outcome> => {
  const outcome = await startStrat(['plugin', ...args], { cwd: folder });
  expect(harmless(outcome.stdout + outcome.stderr)).toBe(true);
  expect(hasStack(outcome.stdout + outcome.stderr)).toBe(false);
  return outcome;
};
const lock = (): { readonly plugins: Readonly<Record<string, { readonly version: string }>> } =>
  JSON.parse(readFileSync(join(folder, 'strat.lock'), 'utf8')) as ReturnType<typeof lock>;

describe('strat plugin lock', () => {
  test('pins what was found, beside the config, and tells what is new, changed or gone', async () => {
    const path = writePlugin(plugins, 'mean');
    const other = writePlugin(plugins, 'other', { manifest: { ...MANIFEST, name: '@acme/other' } });
    const first = await plugin('lock', '--json');
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 'strat.lock/1',
      plugins: [
        { name: '@strat/elder-ray', change: 'new' },
        { name: '@strat/fisher', change: 'new' },
        { name: '@acme/mean', version: '1.0.0', change: 'new' },
        { name: '@acme/other', change: 'new' },
      ],
      problems: [],
    });
    expect(Object.keys(lock().plugins)).toEqual(['@acme/mean', '@acme/other', '@strat/elder-ray', '@strat/fisher']);

    writeFileSync(join(path, 'mean.js'), `${CODE}\n`);
    rmSync(other, { recursive: true });
    const { stdout, status } = await plugin('lock');
    expect(stdout).toMatch(/^CHANGED +@acme\/mean 1\.0\.0$/m);
    expect(stdout).toMatch(/^removed +@acme\/other 1\.0\.0$/m);
    expect(stdout).toMatch(/^as before +@strat\/fisher 1\.0\.0$/m);
    expect(status).toBe(0);
    expect(Object.keys(lock().plugins)).not.toContain('@acme/other');
  });

  test('pins the named ones only, and asks back about a slip', async () => {
    writePlugin(plugins, 'mean');
    expect((await plugin('lock', '@acme/mean')).status).toBe(0);
    expect(Object.keys(lock().plugins)).toEqual(['@acme/mean']);
    const { status, stderr } = await plugin('lock', '@acme/meen');
    expect(stderr).toBe('Plugin "@acme/meen", named on the command line, is not installed; did you mean @acme/mean?\n');
    expect(status).toBe(1);
  });

  test('pins no plugin that is not valid, and the others all the same', async () => {
    writePlugin(plugins, 'mean');
    writePlugin(plugins, 'evil', {
      manifest: { ...MANIFEST, name: '@acme/evil' },
      files: { 'mean.js': CODE.replace('let sum = 0;', 'process.exit(1);') },
    });
    writePlugin(plugins, 'bad', { manifest: { ...MANIFEST, entry: '../../x.js' } });
    const { status, stderr } = await plugin('lock');
    expect(stderr).toContain('not pinned: @acme/evil: mean.js, line 3, column 3: there is no function "process.exit" in plugins\n');
    expect(stderr).toContain(
      'not pinned: indicator/bad: entry: it must be the name of a .js or .strat file in the same folder, found "../../x.js"\n',
    );
    expect(status).toBe(1);
    expect(Object.keys(lock().plugins)).toContain('@acme/mean');
    expect(Object.keys(lock().plugins)).not.toContain('@acme/evil');
  });

  test('does not write over a lock file that it does not believe', async () => {
    writePlugin(plugins, 'mean');
    writeFileSync(join(folder, 'strat.lock'), '{"lock": 1, "plugins": {"__proto__": {}}}');
    const { status, stderr } = await plugin('lock');
    expect(stderr).toContain('cannot be used: line 1, column 25: the key "__proto__" is not allowed. Restore it from a backup');
    expect(status).toBe(1);
    expect(readFileSync(join(folder, 'strat.lock'), 'utf8')).toContain('__proto__');
  });
});

describe('strat plugin list', () => {
  test('shows indicators with their lock state', async () => {
    const path = writePlugin(plugins, 'mean', { manifest: { ...MANIFEST, summary: 'Mean of the last bars' } });
    await plugin('lock', '@acme/mean');
    writePlugin(plugins, 'evil', { manifest: { ...MANIFEST, name: '@acme/evil' }, files: { 'mean.js': 'while (true) {}' } });
    expect((await plugin('list')).stdout).toMatch(/^indicator\/mean +locked +folder +@acme\/mean 1\.0\.0: Mean of the last bars$/m);
    writeFileSync(join(path, 'mean.js'), `${CODE}\n`);
    const { indicators } = JSON.parse((await plugin('list', '--json')).stdout) as { indicators: readonly { name: string; lock: string }[] };
    expect(indicators.map(({ name, lock: state }) => `${name} ${state}`)).toEqual([
      '@strat/elder-ray not locked',
      '@strat/fisher not locked',
      '@acme/evil invalid',
      '@acme/mean changed',
    ]);
  });
});

describe('strat plugin check', () => {
  test('says that nothing is wrong, or what is', async () => {
    const path = writePlugin(plugins, 'mean');
    expect(await plugin('check', path)).toMatchObject({ status: 0, stdout: expect.stringContaining('ok: @acme/mean 1.0.0') });
    writeFileSync(join(path, 'mean.js'), CODE.replace('i < state.length; i++) {', 'i < input[0]; i++) {'));
    expect(await plugin('check', path)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'mean.js, line 4, column 19: the end of this loop is not fixed: compare i with a number, a param or a const made of them\n',
    });
    writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...MANIFEST, licence: 'MIT' }));
    expect(await plugin('check', path, '--json')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('manifest.json: licence: there is no such key; did you mean \\"license\\"?'),
    });
  });

  test('reads the manifest of plugins of other kinds', async () => {
    const path = join(plugins, 'risk', 'mine');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'manifest.ts'), 'export const manifest = { id: "risk/mine", kind: "risk", api: 1 };\n');
    const { status, stderr } = await plugin('check', path);
    expect(stderr).toContain('Plugin "risk/mine": summary: it must be one line of text');
    expect(status).toBe(1);
  });

  test.for([
    { args: ['check'], says: 'Name one folder', code: 2 },
    { args: ['check', 'a', 'b'], says: 'Name one folder', code: 2 },
    { args: ['check', 'nowhere'], says: 'there is no such folder', code: 1 },
    { args: ['check', '.'], says: 'it has neither a manifest.json', code: 1 },
    { args: ['check', 'strat.yaml'], says: 'it is no folder', code: 1 },
    { args: ['install', '@acme/mean'], says: 'There is no "plugin install @acme/mean"', code: 2 },
    { args: [], says: 'Say what to do', code: 2 },
  ])('$args is refused', async ({ args, says, code }) => {
    const { status, stderr } = await plugin(...args);
    expect(stderr).toContain(says);
    expect(status).toBe(code);
  });
});
