import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '#core/config/config.ts';
import { configError } from '#core/config/config-error.ts';
import { loadConfig } from '#core/config/load-config.ts';
import type { JsonSchema } from '#core/ports/plugin.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { installedSchemas } from './installed-schemas.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEMPLATES = globSync('core/config/templates/*.yaml', { cwd: ROOT }).toSorted();

let folder = '';
let schemas: ReadonlyMap<string, JsonSchema> = new Map();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strat-templates-'));
  symlinkSync(join(ROOT, 'strategies'), join(folder, 'strategies'));
  schemas = await installedSchemas();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The template as a user has it: copied beside the strategies. */
function load(name: string, edit: (text: string) => string = (text) => text): Config {
  const path = join(folder, 'strat.yaml');
  writeFileSync(path, edit(readFileSync(join(ROOT, name), 'utf8')));
  const result = loadConfig({ path, env: {}, pluginSchemas: schemas });
  if (!result.ok) throw configError(basename(name), result.error);
  return result.value;
}

/** Lines that a user would uncomment. */
const uncommented = (text: string): string => text.replace(/^( +)# (- |  \w+: |\w+: \{)/gm, '$1$2');

test('there are the three templates', () => {
  expect(TEMPLATES.map((path) => basename(path))).toEqual(['aggressive.yaml', 'conservative.yaml', 'multi-asset.yaml']);
});

describe.for(TEMPLATES)('%s', (name) => {
  test('loads, with a brake and a voice', () => {
    const config = load(name);
    expect(config.strategies.length).toBeGreaterThan(1);
    expect(config.risk.map(({ use }) => use)).toEqual(['risk/max-position', 'risk/max-daily-loss']);
    expect(config.notifiers.length).toBeGreaterThan(0);
  });

  test('its strategies compile with its params', () => {
    for (const { path, params, capital } of load(name).strategies) {
      const options = { set: params, capital, feeRate: undefined, slippageRate: undefined };
      const prepared = prepareStrategy(createCompiler(), readFileSync(path, 'utf8'), path, options);
      expect(prepared.ok ? [] : prepared.error.map(({ message }) => message), path).toEqual([]);
    }
  });

  test('loads with its commented lines, too', () => {
    const before = load(name);
    const after = load(name, uncommented);
    const more = name.includes('multi-asset')
      ? { exchanges: 1, notifiers: 1, strategies: 1 }
      : { exchanges: 0, notifiers: 0, strategies: 0 };
    expect({
      exchanges: after.exchanges.size - before.exchanges.size,
      notifiers: after.notifiers.length - before.notifiers.length,
      strategies: after.strategies.length - before.strategies.length,
    }).toEqual(more);
  });
});

test('the careful template risks less than the bold one in every rule', () => {
  const percents = (name: string): readonly number[] =>
    load(`core/config/templates/${name}.yaml`).risk.map(({ config }) => Number.parseFloat(String(config['maxShare'] ?? config['maxLoss'])));
  const [careful, bold] = [percents('conservative'), percents('aggressive')];
  expect(careful.map((value, index) => value < (bold[index] ?? 0))).toEqual([true, true]);
});
