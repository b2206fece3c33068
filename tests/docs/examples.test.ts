import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openIndicator } from '#core/testkit/indicator-values.ts';
import type { ModuleSource } from '#dsl/check/module-source.ts';
import type { IndicatorPlugin, PluginSource } from '#dsl/check/plugin-source.ts';
import { createCompiler } from '#dsl/compile.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Example {
  readonly place: string;
  readonly source: string;
  /** Finds the modules that the same page shows: blocks that begin with ```strat and a path. */
  readonly modules: ModuleSource;
}

/** Every fenced `strat` block of the documentation. */
function examplesOf(file: string): readonly Example[] {
  const text = readFileSync(`${ROOT}${file}`, 'utf8');
  const blocks = [...text.matchAll(/^```strat(?: (\S+))?\n(.*?)^```$/gms)];
  const shown = new Map(blocks.map(([, path, source]) => [path, source]));
  const modules: ModuleSource = (path) => {
    const source = shown.get(path);
    return source === undefined ? { ok: false, code: 'E0702', reason: 'the page does not show it' } : { ok: true, id: path, text: source };
  };
  return blocks.map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    source: match[2]!,
    modules,
  }));
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync(['docs/**/*.md', 'strategies/*/README.md', 'plugins/indicator/*/README.md'], { cwd: ROOT }),
];
const examples = pages.flatMap(examplesOf);
const strategies = globSync('strategies/*/*.strat', { cwd: ROOT });

/** strat's own indicator plugins, as if all were pinned. */
const indicators = new Map<string, IndicatorPlugin>(
  globSync('plugins/indicator/*/', { cwd: ROOT }).map((folder) => {
    const plugin = openIndicator(`${ROOT}${folder}`);
    return [plugin.manifest.name, plugin];
  }),
);
const plugins: PluginSource = (name) => {
  const plugin = indicators.get(name);
  return plugin === undefined ? { ok: false, code: 'E0703', reason: 'strat has no such plugin' } : { ok: true, plugin };
};

describe('examples of the documentation', () => {
  test('there are some', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(strategies.length).toBeGreaterThan(4);
  });

  test.for(examples)('$place compiles without a finding', ({ source, modules }) => {
    expect(frames(new LineMap(source), createCompiler().compile(source, { modules, plugins }).diagnostics)).toBe('');
  });

  test.for(strategies)('%s compiles without a finding', (file) => {
    const source = readFileSync(`${ROOT}${file}`, 'utf8');
    expect(frames(new LineMap(source), createCompiler().compile(source).diagnostics)).toBe('');
  });
});
