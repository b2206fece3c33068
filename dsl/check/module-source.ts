import type { LineMap } from '../diagnostics/line-map.ts';
import type { Definition } from './scope.ts';

/** A file to import, or why there is none: E0701 when it may not be read, E0702 when it cannot be. */
export type ModuleText =
  | { readonly ok: true; readonly id: string; readonly text: string }
  | { readonly ok: false; readonly code: 'E0701' | 'E0702'; readonly reason: string };

/**
 * How the host finds modules. `path` has been checked: it starts with `./`, has `/` between parts of letters, digits, `_`, `-` and single
 * dots, and goes nowhere up. `from` is the id of the importing module, null for the file that is compiled. An `id` is canonical: one file
 * has one, whatever path led to it.
 */
export type ModuleSource = (path: string, from: string | null) => ModuleText;

/** A module as its functions know it: for what is found inside of them. */
export interface ModulePlace {
  readonly id: string;
  /** From the folder of the file that is compiled: `./lib/trend.strat`. */
  readonly path: string;
  readonly lines: LineMap;
}

/** Functions that a module lets others use, and the names of those it keeps to itself. */
export interface ModuleExports {
  readonly path: string;
  readonly exported: ReadonlyMap<string, Definition>;
  readonly hidden: ReadonlySet<string>;
}
