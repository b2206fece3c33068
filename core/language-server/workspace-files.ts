import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KNOWN_CALENDARS } from '#core/runtime/known-calendars.ts';
import { modelFolder, type ModelFolder } from '#core/runtime/model-folder.ts';
import { isInside, moduleFolder } from '#core/runtime/module-source.ts';
import type { ModuleSource } from '#dsl/check/module-source.ts';
import type { CompileOptions } from '#dsl/compile.ts';

/** What a document's checks may read, and what they have read. */
export interface DocumentFiles {
  readonly options: CompileOptions;
  /** Real paths of the modules read so far. */
  readonly read: ReadonlySet<string>;
}

const OUTSIDE = 'it lies outside of the folder that the editor has open';

/**
 * Where documents find what they import: in the editor when it is open there, else on disk, and only within the folders that the editor has open (those of the
 * document itself when it has none). Plugins are not looked at: nothing of a stranger runs because a file is looked at.
 */
export class WorkspaceFiles {
  readonly #roots: readonly string[];
  readonly #textOf: (path: string) => string | null;
  readonly #models = new Map<string, ModelFolder>();

  /** @param textOf the text of a file that is open in the editor, by its real path */
  constructor(roots: readonly string[], textOf: (path: string) => string | null) {
    this.#roots = roots.flatMap((root) => realPath(root) ?? []);
    this.#textOf = textOf;
  }

  /** Models are read once; call it when files may have changed. */
  forget(): void {
    this.#models.clear();
  }

  filesOf(uri: string): DocumentFiles {
    const path = pathOf(uri);
    const read = new Set<string>();
    if (path === null || !this.#isAllowed(path)) {
      const outside = { ok: false, code: 'E0702', reason: OUTSIDE } as const;
      return { options: { modules: () => outside, models: () => outside, plugins: notHere, calendars: KNOWN_CALENDARS }, read };
    }
    const { source } = moduleFolder(path);
    const modules: ModuleSource = (wanted, from) => {
      const text = source(wanted, from);
      if (!text.ok) return text;
      read.add(text.id);
      return { ...text, text: this.#textOf(text.id) ?? text.text };
    };
    const models = this.#models.get(path) ?? modelFolder(path);
    this.#models.set(path, models);
    return { options: { modules, models: models.source, plugins: notHere, calendars: KNOWN_CALENDARS }, read };
  }

  #isAllowed(path: string): boolean {
    const real = realPath(path) ?? realPath(dirname(path));
    return real !== null && (this.#roots.length === 0 || this.#roots.some((root) => real === root || isInside(root, real)));
  }
}

/** What the editor says of plugins instead of running their code. */
export const PLUGIN_NOTE = 'indicator plugins are not looked at in the editor';
const notHere: NonNullable<CompileOptions['plugins']> = () => ({ ok: false, code: 'E0703', reason: PLUGIN_NOTE, hint: 'run: strat check' });

/** The path of a `file:` address on this machine; null for any other. */
export function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

export function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
