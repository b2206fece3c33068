import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** The manifest of an indicator is data, and its functions are those of its module. */
function indicatorAt(base: string, folder: string): PluginFolder {
  const path = join(ROOT, base, folder);
  const files = new Map(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]));
  const { entry, params = {} } = JSON.parse(files.get('manifest.json') ?? '') as { readonly entry: string; readonly params?: object };
  const functions = [...(files.get(entry) ?? '').matchAll(/^export def (\w+)/gm)].map(([, name = '']) => name);
  return { id: `indicator/${basename(folder)}`, files, keys: [...Object.keys(params), ...functions] };
}
const indicators = ['plugins', 'templates'].flatMap((base) =>
  globSync('indicator*/*/manifest.json', { cwd: join(ROOT, base) }).map((manifest) => [base, dirname(manifest)] as const),
);

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

describe('every indicator', () => {
  test('is looked at', () => expect(indicators.length).toBeGreaterThan(3));

  test.for(indicators)('in %s has the shape of one: %s', ([base, folder]) => {
    expect(pluginShapeFaults(indicatorAt(base, folder))).toEqual([]);
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

  test('asks an indicator for its manifest as data, its params and its contract', () => {
    const indicator = (readme: string, test: string): readonly string[] =>
      pluginShapeFaults({
        id: 'indicator/mine',
        files: new Map([
          ['README.md', readme],
          ['mine.test.ts', test],
        ]),
        keys: ['length'],
      });
    expect(
      indicator('# indicator/mine\n\n## What it does\n\n## Params\n\n| `length` | 1 |\n\n## When something fails\n', 'indicatorContract('),
    ).toEqual(['indicator/mine has no manifest.json']);
    expect(indicator((whole.get('README.md') ?? '').replace('risk/', 'indicator/'), '')).toHaveLength(5);
  });

  test('catches a key that is not explained and a file that is missing', () => {
    expect(faults([], ['share', 'other'])).toEqual(['risk/mine: README.md says nothing of the key "other"']);
    expect(pluginShapeFaults({ id: 'risk/mine', files: new Map(), keys: [] })).toContain('risk/mine has no manifest.ts');
  });
});
