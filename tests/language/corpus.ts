import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { CompileOptions } from '#dsl/compile.ts';
import { FISHER_CODE, FISHER_MANIFEST, scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';

/** The programs that come with the design of the language; absent where only the repository is. */
export const CORPUS = '../shared/corpus';
export const HAS_CORPUS = existsSync(CORPUS);

export interface ProgramFile {
  /** `01_sma_cross.strat`. */
  readonly name: string;
  readonly source: string;
}

/** Programs in a folder of the corpus, in the order of their names; none where the folder is not. */
export function corpusPrograms(folder = ''): readonly ProgramFile[] {
  const path = `${CORPUS}/${folder}`;
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => name.endsWith('.strat'));
  return names.toSorted().map((name) => ({ name, source: readFileSync(`${path}/${name}`, 'utf8') }));
}

/** The strategies that strat comes with. */
export function shippedPrograms(): readonly ProgramFile[] {
  const folders = readdirSync('strategies', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => ({ name: `${name}.strat`, source: readFileSync(`strategies/${name}/${name}.strat`, 'utf8') }));
}

/** The plugin of the design, with a look-back that waits for its memory too: 60 bars later that has faded (0.67 ** 60 < 1e-10). */
const fisher = scriptPlugin({ ...FISHER_MANIFEST, lookback: 'length + 60' }, FISHER_CODE);

/** What programs of the corpus import: its own files, a model with two outputs, the plugin of the design. */
export const corpusInputs: CompileOptions = {
  modules: (path) => {
    const file = `${CORPUS}/${path}`;
    return existsSync(file)
      ? { ok: true, id: path, text: readFileSync(file, 'utf8') }
      : { ok: false, code: 'E0702', reason: 'it is not there' };
  },
  models: () => ({ ok: true, outputs: ['up', 'down'] }),
  plugins: (name) =>
    name === '@acme/fisher' ? { ok: true, plugin: fisher } : { ok: false, code: 'E0703', reason: 'it is not in strat.lock' },
};
