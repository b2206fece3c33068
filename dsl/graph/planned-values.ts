import type { Program } from '../program.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { GraphEvaluator } from './evaluator.ts';
import type { NodeId } from './node.ts';
import { type PluginFaults, PluginWatch } from './plugin-watch.ts';

/** The slow reference for what `run` of a planned program hands to the trading engine: the values that its rules name, bar by bar. */
export class PlannedValues {
  readonly #evaluator: GraphEvaluator;
  readonly #plugins: PluginWatch;
  readonly #values: readonly NodeId[];

  constructor(program: Program, params: Float64Array, settings: Float64Array) {
    this.#evaluator = new GraphEvaluator(program, params, settings);
    this.#plugins = new PluginWatch(program, this.#evaluator);
    this.#values = tradePlanOf(program).values;
  }

  /** Bars come in order, `columns` as in `GraphEvaluator.step`, `account` holds the ACCOUNT registers at this bar's close. */
  at(index: number, columns: readonly Float64Array[], account: Float64Array): Float64Array {
    this.#evaluator.step(index, columns, account);
    return Float64Array.from(this.#values, (id) => this.#evaluator.values[id]!);
  }

  /** What has happened to plugins since the call before: once a bar, after `at`. */
  pluginFaults(): PluginFaults {
    return this.#plugins.next();
  }

  /** Turns of loops and calls of all plugins so far. */
  pluginFuel(): number {
    return this.#evaluator.pluginFuel();
  }

  /** Value of a node at the bar last computed. */
  valueOf(id: NodeId): number {
    return this.#evaluator.values[id]!;
  }
}
