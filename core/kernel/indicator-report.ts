import type { IndicatorProblem } from '#core/indicators/indicator-folder.ts';
import type { IndicatorShelf, IndicatorState } from '#core/indicators/indicator-shelf.ts';
import { LOCK_FILE } from '#core/indicators/lock-file.ts';
import { type PluginProblem, pluginProblem, printable } from './plugin-problem.ts';

/** An indicator plugin as doctor and `plugin list` show it. */
export interface ReportedIndicator {
  /** `indicator/fisher`: its place. */
  readonly id: string;
  /** `@acme/fisher`: what strategies call it. */
  readonly name: string;
  readonly version: string;
  readonly summary: string | null;
  /** A module of functions of the language, or a step function in JavaScript. */
  readonly form: 'module' | 'script';
  readonly isOwn: boolean;
  readonly folder: string;
  readonly lock: IndicatorState['state'];
}

/** The indicators with their lock states; their code is checked and tried for it. */
export function reportIndicators(shelf: IndicatorShelf): readonly ReportedIndicator[] {
  return shelf.found.map((indicator) => {
    const { id, folder, isOwn, manifest } = indicator;
    const { name, version, summary, form } = manifest;
    return { id, name, version, summary, form, isOwn, folder, lock: shelf.stateOf(indicator).state };
  });
}

const problemOf = ({ id, key, reason }: IndicatorProblem): PluginProblem =>
  pluginProblem(printable(id), 'discovery', 'PLUGIN_INVALID', { plugin: printable(id), key, reason: printable(reason) }, key);

/** What is wrong with manifests. */
export function manifestProblems(shelf: IndicatorShelf): readonly PluginProblem[] {
  return shelf.problems.map(problemOf);
}

/** What is wrong with the code of those whose manifest is right, with the lock file, and what is not as it was pinned. */
export function codeProblems(shelf: IndicatorShelf): readonly PluginProblem[] {
  const lock = shelf.lock.ok ? [] : [problemOf({ id: 'indicator', key: LOCK_FILE, reason: shelf.lock.error })];
  const code = shelf.found
    .map((indicator) => shelf.stateOf(indicator))
    .flatMap(({ indicator: { id }, state, reason }) => {
      if (reason === null || state === 'not locked') return [];
      return [problemOf({ id, key: state === 'changed' ? LOCK_FILE : 'entry', reason })];
    });
  return [...lock, ...code];
}
