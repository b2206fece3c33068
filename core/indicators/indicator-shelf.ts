import { join } from 'node:path';
import { nearest } from '#core/model/nearest-word.ts';
import type { Result } from '#core/model/result.ts';
import type { PluginAnswer, PluginSource } from '#dsl/check/plugin-source.ts';
import type { Compiler } from '#dsl/compile.ts';
import {
  findIndicators,
  type IndicatorFolder,
  type IndicatorProblem,
  loadIndicator,
  type LoadedIndicator,
  type ReadFile,
} from './indicator-folder.ts';
import { type Lock, LOCK_FILE, lockFault, readLock } from './lock-file.ts';

/** Whether a plugin may be used, and if not, why. */
export type LockState = 'locked' | 'not locked' | 'changed' | 'invalid';

export interface IndicatorState {
  readonly indicator: IndicatorFolder;
  readonly state: LockState;
  /** Null when it is locked. */
  readonly reason: string | null;
}

/** A plugin that a strategy was compiled with. */
export interface UsedPlugin {
  readonly name: string;
  readonly version: string;
  /** `sha512-...` of its code. */
  readonly code: string;
  /** The files that it was read from. */
  readonly files: readonly ReadFile[];
}

export interface ShelfOptions {
  /** Folders of plugins, strat's own first. */
  readonly folders: readonly { readonly folder: string; readonly isOwn: boolean }[];
  /** Where the lock file lies: the folder of the config. */
  readonly lockFolder: string;
  readonly compiler: Compiler;
}

/** Where compilations get plugins from. */
export interface PluginHost {
  readonly open: () => OpenShelf;
}

/** The plugins of one compilation. */
export interface OpenShelf {
  readonly source: PluginSource;
  /** What has been handed over so far, by name. */
  readonly used: () => readonly UsedPlugin[];
}

/** The indicator plugins that there are, and what of them is pinned, as found when it was made. Code is read when it is asked for. */
export class IndicatorShelf implements PluginHost {
  readonly lockPath: string;
  readonly found: readonly IndicatorFolder[];
  readonly problems: readonly IndicatorProblem[];
  readonly #compiler: Compiler;
  readonly #lock: Result<Lock, string>;
  readonly #loaded = new Map<string, Result<LoadedIndicator, string>>();

  constructor({ folders, lockFolder, compiler }: ShelfOptions) {
    this.lockPath = join(lockFolder, LOCK_FILE);
    this.#compiler = compiler;
    const { found, problems } = findIndicators(folders);
    this.found = found;
    this.problems = problems;
    this.#lock = readLock(this.lockPath);
  }

  /** The lock; the error says why it cannot be believed. */
  get lock(): Result<Lock, string> {
    return this.#lock;
  }

  load(indicator: IndicatorFolder): Result<LoadedIndicator, string> {
    const { name } = indicator.manifest;
    const known = this.#loaded.get(name) ?? loadIndicator(indicator, this.#compiler);
    this.#loaded.set(name, known);
    return known;
  }

  stateOf(indicator: IndicatorFolder): IndicatorState {
    const loaded = this.load(indicator);
    if (!loaded.ok) return { indicator, state: 'invalid', reason: loaded.error };
    if (!this.#lock.ok) return { indicator, state: 'not locked', reason: `${LOCK_FILE} cannot be used: ${this.#lock.error}` };
    const pinned = this.#lock.value.get(indicator.manifest.name);
    if (pinned === undefined) return { indicator, state: 'not locked', reason: 'pin it with: strat plugin lock' };
    const reason = lockFault(pinned, loaded.value.entry);
    return { indicator, state: reason === null ? 'locked' : 'changed', reason };
  }

  open(): OpenShelf {
    const used = new Map<string, UsedPlugin>();
    const source: PluginSource = (name) => {
      const answer = this.#answer(name);
      if (!answer.ok) return answer;
      const { manifest, manifestFile } = this.#named(name)!;
      const loaded = this.#loaded.get(name)!;
      if (loaded.ok) {
        const { entry, codeFile } = loaded.value;
        used.set(name, { name, version: manifest.version, code: entry.code, files: [manifestFile, codeFile] });
      }
      return answer;
    };
    return { source, used: () => [...used.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  }

  #named(name: string): IndicatorFolder | undefined {
    return this.found.find(({ manifest }) => manifest.name === name);
  }

  #answer(name: string): PluginAnswer {
    if (!this.#lock.ok)
      return refused('E0704', `${LOCK_FILE} cannot be used: ${this.#lock.error}`, 'restore it, or delete it and run: strat plugin lock');
    const pinned = this.#lock.value.get(name);
    const indicator = this.#named(name);
    if (pinned === undefined) return this.#notLocked(name, this.#lock.value, indicator !== undefined);
    if (indicator === undefined) return this.#gone(name);
    const loaded = this.load(indicator);
    if (!loaded.ok) return refused('E0704', `it is not valid: ${loaded.error}`);
    const reason = lockFault(pinned, loaded.value.entry);
    if (reason !== null) return refused('E0704', reason, 'see what changed; if it is meant so, run: strat plugin lock');
    return { ok: true, plugin: loaded.value.plugin };
  }

  #notLocked(name: string, lock: Lock, isFound: boolean): PluginAnswer {
    const meant =
      nearest(name, lock.keys())?.word ??
      (isFound
        ? undefined
        : nearest(
            name,
            this.found.map(({ manifest }) => manifest.name),
          )?.word);
    const hint =
      meant !== undefined
        ? `did you mean plugin:${meant}?`
        : isFound
          ? 'look at it, then run: strat plugin lock'
          : 'copy it into a folder of plugins, look at it, then run: strat plugin lock';
    return refused('E0703', `it is not in ${LOCK_FILE}`, hint);
  }

  /** It was pinned, and no folder has it any more, or not in a form that can be read. */
  #gone(name: string): PluginAnswer {
    const [problem] = this.problems.filter(({ id }) => id.endsWith(`/${name.slice(name.indexOf('/') + 1)}`));
    if (problem !== undefined) return refused('E0704', `it is not valid: manifest.json: ${problem.key}: ${problem.reason}`);
    return refused('E0704', `it is in ${LOCK_FILE}, and in no folder of plugins`, 'name its folder in the config, under plugins.folders');
  }
}

function refused(code: 'E0703' | 'E0704', reason: string, hint?: string): PluginAnswer {
  return hint === undefined ? { ok: false, code, reason } : { ok: false, code, reason, hint };
}
