import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MANIFEST } from '#core/indicators/testing/plugin-files.ts';
import type { Discovery } from '#core/kernel/discover.ts';
import { createKernel, type Discovered } from '#core/kernel/kernel.ts';
import { createLogger } from '#core/observe/logger.ts';

const SILENT = createLogger({ level: 'silent' });

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-plugins-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const manifest = (id: string, changes = ''): string =>
  `export const manifest = { id: '${id}', kind: '${id.split('/')[0]}', api: 1, summary: 'One of a test', capabilities: [], requires: [],
  config: { type: 'object', additionalProperties: false }, load: async () => ({})${changes === '' ? '' : `, ${changes}`} };\n`;

async function discover(folders: readonly string[], budgetMs = 2000): Promise<Discovered> {
  const kernel = createKernel({
    log: SILENT,
    folder: '/',
    budgetMs,
    ownPlugins: folderOf({ 'risk/own/manifest.ts': manifest('risk/own') }),
  });
  onTestFinished(kernel.close);
  return kernel.discover(folders);
}
const told = ({ problems }: Discovery): readonly string[] => problems.map(({ plugin, key, code }) => `${plugin} ${key} ${code}`);

describe('discovery', () => {
  test('finds the plugins of all folders by id, with the schemas of their configs', async () => {
    const folder = folderOf({
      'risk/mine/manifest.ts': manifest('risk/mine'),
      'exchange/venue/manifest.ts': manifest('exchange/venue'),
      'risk/no-plugin/readme.md': 'nothing here',
      'indicator/mean/manifest.json': JSON.stringify(MANIFEST),
      '.git/hooks/x': '',
      'README.md': '',
    });
    const found = await discover([folder]);
    expect(told(found)).toEqual([]);
    expect([...found.plugins.keys()]).toEqual(['exchange/venue', 'risk/mine', 'risk/own']);
    expect(found.indicators.found.map(({ id, manifest: { name } }) => `${id} ${name}`)).toEqual(['indicator/mean @acme/mean']);
    expect(found.schemas.get('risk/mine')).toEqual({ type: 'object', additionalProperties: false });
    expect(found.plugins.get('risk/own')?.isOwn).toBe(true);
    expect(found.plugins.get('risk/mine')).toMatchObject({ isOwn: false, manifest: { summary: 'One of a test' } });
  });

  test('leaves out what is broken, names it, and finds the others', async () => {
    const folder = folderOf({
      'risk/good/manifest.ts': manifest('risk/good'),
      'risk/throws/manifest.ts': "throw new Error('top level, secret=hunter2');\n",
      'risk/syntax/manifest.ts': 'export const manifest = {{{;\n',
      'risk/hangs/manifest.ts': 'await new Promise(() => undefined);\nexport const manifest = {};\n',
      'risk/empty/manifest.ts': 'export const other = 1;\n',
      'risk/moved/manifest.ts': manifest('risk/elsewhere'),
      'risk/old/manifest.ts': manifest('risk/old', 'api: 0'),
      'risk/Camel/manifest.ts': manifest('risk/Camel'),
      'magic/wand/manifest.ts': manifest('magic/wand'),
      'indicator/empty/manifest.json': '{}',
    });
    const found = await discover([folder], 300);
    expect([...found.plugins.keys()]).toEqual(['risk/good', 'risk/own']);
    expect(told(found).toSorted()).toEqual([
      'indicator/empty strat PLUGIN_INVALID',
      'magic/wand kind PLUGIN_INVALID',
      'risk/Camel id PLUGIN_INVALID',
      'risk/empty manifest PLUGIN_INVALID',
      'risk/hangs manifest PLUGIN_TIMEOUT',
      'risk/moved id PLUGIN_INVALID',
      'risk/old api PLUGIN_API',
      'risk/syntax manifest PLUGIN_INVALID',
      'risk/throws manifest PLUGIN_INVALID',
    ]);
    expect(JSON.stringify(found.problems)).not.toContain('hunter2');
  });

  test('uses the first of two with one id, and names both places', async () => {
    const one = folderOf({ 'risk/twin/manifest.ts': manifest('risk/twin'), 'risk/own/manifest.ts': manifest('risk/own') });
    const two = folderOf({ 'risk/twin/manifest.ts': manifest('risk/twin') });
    const found = await discover([one, two]);
    expect(found.plugins.get('risk/twin')?.folder).toContain(one);
    expect(found.plugins.get('risk/own')?.isOwn).toBe(true);
    expect(told(found)).toEqual(['risk/own id PLUGIN_DOUBLED', 'risk/twin id PLUGIN_DOUBLED']);
    expect(found.problems[1]?.text).toContain(two);
  });

  test('follows no link out of a folder of plugins', async () => {
    const outside = folderOf({ 'manifest.ts': manifest('risk/linked') });
    const folder = folderOf({ 'risk/inside/manifest.ts': manifest('risk/inside'), 'risk/file/readme.md': '' });
    symlinkSync(outside, join(folder, 'risk/linked'));
    symlinkSync(join(outside, 'manifest.ts'), join(folder, 'risk/file/manifest.ts'));
    symlinkSync('/dev', join(folder, 'risk/device'));
    const found = await discover([folder]);
    expect([...found.plugins.keys()]).toEqual(['risk/inside', 'risk/own']);
    expect(told(found)).toEqual(['risk/file folder PLUGIN_INVALID', 'risk/linked folder PLUGIN_INVALID']);
  });

  test('says of a folder that is not there', async () => {
    const found = await discover(['/not/there/at-all']);
    expect(found.problems.map(({ text }) => text)).toEqual(['Plugin "/not/there/at-all": folder: there is no such folder of plugins']);
  });
});
