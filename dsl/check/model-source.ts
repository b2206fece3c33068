import type { ModelColumn } from '#core/model/chart-column.ts';

/** Which predictions a model has, or why there is none: E0701 when it may not be read, E0702 when it cannot be. */
export type ModelText =
  | { readonly ok: true; readonly outputs: readonly ModelColumn[] }
  | { readonly ok: false; readonly code: 'E0701' | 'E0702'; readonly reason: string };

/**
 * How the host finds models. `path` has been checked as those of modules are (ModuleSource); `from` is the id of the importing file, null for the one that is
 * compiled. `age` comes with any other output.
 */
export type ModelSource = (path: string, from: string | null) => ModelText;
