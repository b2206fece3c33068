import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Compilation, type CompileOptions, createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { FISHER_CODE, FISHER_MANIFEST, scriptPlugin } from '../plugin/testing/script-plugin.ts';
import type { ModuleSource } from './module-source.ts';
import type { PluginSource } from './plugin-source.ts';

const CORPUS = '../shared/corpus';
const compiler = createCompiler();
const modules: ModuleSource = (path) => ({ ok: true, id: path, text: readFileSync(`${CORPUS}/${path}`, 'utf8') });
const fisher = scriptPlugin(FISHER_MANIFEST, FISHER_CODE);
const plugins: PluginSource = (name) =>
  name === '@acme/fisher' ? { ok: true, plugin: fisher } : { ok: false, code: 'E0703', reason: 'it is not in strat.lock' };

/** `E0304 6:32` for each finding. */
function places(source: string, { diagnostics }: Compilation): readonly string[] {
  const lines = new LineMap(source);
  return diagnostics.map(({ code, span }) => {
    const { line, column } = lines.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

const programsOf = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.strat')) : [];

describe.skipIf(!existsSync(CORPUS))('programs of the corpus', () => {
  const inputs: CompileOptions = { modules, plugins, models: () => ({ ok: true, outputs: ['up', 'down'] }) };

  it.each(programsOf(CORPUS))('%s compiles, on one line without comments too', (name) => {
    const source = readFileSync(`${CORPUS}/${name}`, 'utf8');
    const flat = source
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*$/, ''))
      .join(' ');
    const [whole, line] = [compiler.compile(source, inputs), compiler.compile(flat, inputs)];
    expect(places(source, whole)).toEqual([]);
    expect(places(flat, line)).toEqual([]);
    expect(whole.program?.entries.length).toBeGreaterThan(0);
    expect(line.program?.graph).toEqual(whole.program?.graph);
  });

  it('the plugin of the corpus is missed by its name where nobody hands it over', () => {
    const { diagnostics } = compiler.compile(readFileSync(`${CORPUS}/28_plugin_indicator.strat`, 'utf8'));
    expect(diagnostics).toMatchObject([{ code: 'E0703', message: expect.stringContaining('@acme/fisher') }]);
  });

  it('the module of the corpus has no error', () => {
    expect(compiler.compile(readFileSync(`${CORPUS}/lib/trend.strat`, 'utf8')).diagnostics).toEqual([]);
  });
});

describe.skipIf(!existsSync(CORPUS))('wrong programs of the corpus', () => {
  it.each(programsOf(`${CORPUS}/bad`))('%s gives exactly its error', (name) => {
    const source = readFileSync(`${CORPUS}/bad/${name}`, 'utf8');
    const wanted = /^# expect (E\d{4}) at (\d+:\d+)/.exec(source);
    const compilation = compiler.compile(source);
    expect(places(source, compilation)).toEqual([`${wanted?.[1]} ${wanted?.[2]}`]);
    expect(compilation.program).toBeNull();
  });
});

describe('shipped strategies', () => {
  it.each(readdirSync('strategies', { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))(
    '%s compiles without a warning',
    (name) => {
      const source = readFileSync(`strategies/${name}/${name}.strat`, 'utf8');
      const compilation = compiler.compile(source);
      expect(places(source, compilation)).toEqual([]);
      expect(compilation.program?.entries.length).toBeGreaterThan(0);
      expect(existsSync(`strategies/${name}/README.md`)).toBe(true);
    },
  );
});
