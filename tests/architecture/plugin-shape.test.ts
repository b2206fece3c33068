import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type PluginFolder, pluginShapeFaults } from './plugin-shape.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function folderAt(base: string, folder: string): Promise<PluginFolder> {
  const path = join(ROOT, base, folder);
  const { configSchema } = (await import(join(path, 'schema.ts'))) as { configSchema: { properties: object } };
  const files = new Map(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]));
  return { id: folder, files, keys: Object.keys(configSchema.properties) };
}
const pluginsIn = (base: string): readonly string[] =>
  globSync('*/*/manifest.ts', { cwd: join(ROOT, base) })
    .map(dirname)
    .toSorted();

describe('every plugin', () => {
  const plugins = [
    ...pluginsIn('plugins').map((id) => ['plugins', id] as const),
    ...pluginsIn('templates').map((id) => ['templates', id] as const),
  ];

  test('is looked at', () => expect(plugins.length).toBeGreaterThan(8));

  test.for(plugins)('in %s has the shape of one: %s', async ([base, id]) => {
    expect(pluginShapeFaults(await folderAt(base, id))).toEqual([]);
  });
});

describe('the rule', () => {
  const whole = new Map([
    ['manifest.ts', ''],
    ['schema.ts', ''],
    ['mine.ts', ''],
    ['mine.test.ts', 'riskRuleContract({ create });'],
    ['README.md', '# risk/mine\n\n## What it does\n\n## Config\n\n| `share` | 1 |\n\n## When something fails\n'],
  ]);
  const faults = (changes: readonly (readonly [string, string])[], keys: readonly string[] = ['share']): readonly string[] =>
    pluginShapeFaults({ id: 'risk/mine', files: new Map([...whole, ...changes]), keys });

  test('accepts a whole one', () => expect(faults([])).toEqual([]));

  test.for([
    { name: 'a test without the contract', changes: [['mine.test.ts', '']] },
    { name: 'another title', changes: [['README.md', (whole.get('README.md') ?? '').replace('risk/mine', 'risk/other')]] },
    { name: 'a missing heading', changes: [['README.md', (whole.get('README.md') ?? '').replace('## When something fails', '')]] },
    { name: 'a key that is no key', changes: [['README.md', (whole.get('README.md') ?? '').replace('`share`', '`shaer`')]] },
  ] as const)('catches $name', ({ changes }) => expect(faults(changes)).not.toEqual([]));

  test('catches a key that is not explained and a file that is missing', () => {
    expect(faults([], ['share', 'other'])).toEqual(['risk/mine: README.md says nothing of the key "other"']);
    expect(pluginShapeFaults({ id: 'risk/mine', files: new Map(), keys: [] })).toContain('risk/mine has no manifest.ts');
  });
});
