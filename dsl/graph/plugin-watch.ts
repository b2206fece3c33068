import { pluginNodes } from '../emit/usage.ts';
import { PLUGIN_STATUS } from '../plugin/plugin-instance.ts';
import type { Program } from '../program.ts';
import type { GraphEvaluator } from './evaluator.ts';
import type { NodeId } from './node.ts';

/** What happened to plugins on a bar: the digit of each use (1 for the first, 2, 4, ...), added up. */
export interface PluginFaults {
  readonly flagged: number;
  readonly disabled: number;
}

/** Tells of each use of a plugin once that it gave an infinite value, and once that it was disabled. */
export class PluginWatch {
  readonly #evaluator: GraphEvaluator;
  readonly #plugins: readonly NodeId[];
  readonly #told: number[] = [];

  constructor(program: Program, evaluator: GraphEvaluator) {
    this.#evaluator = evaluator;
    this.#plugins = pluginNodes(program);
  }

  /** What has happened since the bar before; once a bar, after the evaluator's step. */
  next(): PluginFaults {
    let [flagged, disabled] = [0, 0];
    for (const [place, id] of this.#plugins.entries()) {
      const before = this.#told[place];
      const status = this.#evaluator.pluginStatus(id);
      this.#told[place] = status;
      if (status === before || status <= PLUGIN_STATUS.running) continue;
      if (status === PLUGIN_STATUS.disabled) disabled += 2 ** place;
      else flagged += 2 ** place;
    }
    return { flagged, disabled };
  }
}
