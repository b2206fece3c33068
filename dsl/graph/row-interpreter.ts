import { ROW_TAIL, rowLength, type TradePlan } from '#core/model/trade-plan.ts';
import type { Program } from '../program.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { GraphEvaluator } from './evaluator.ts';
import type { NodeId } from './node.ts';
import { PluginWatch } from './plugin-watch.ts';

/** The slow reference for `decide`, and for what `run` hands to the trading engine: the values that rules name, bar by bar. */
export class RowInterpreter {
  readonly #evaluator: GraphEvaluator;
  readonly #plugins: PluginWatch;
  readonly #values: readonly NodeId[];
  readonly #plan: TradePlan;

  constructor(program: Program, params: Float64Array, settings: Float64Array) {
    this.#evaluator = new GraphEvaluator(program, params, settings);
    this.#plugins = new PluginWatch(program, this.#evaluator);
    const { values, plan } = tradePlanOf(program);
    this.#values = values;
    this.#plan = plan;
  }

  /** The row of bar `index` (`rowLength`). Bars come in order, `columns` as in `GraphEvaluator.step`, `account` holds the ACCOUNT registers at this bar's close. */
  decide(index: number, columns: readonly Float64Array[], account: Float64Array): Float64Array {
    this.#evaluator.step(index, columns, account);
    const row = new Float64Array(rowLength(this.#plan));
    for (const [place, id] of this.#values.entries()) row[place] = this.valueOf(id);
    const { flagged, disabled } = this.#plugins.next();
    row[this.#plan.valueCount + ROW_TAIL.pluginsFlagged] = flagged;
    row[this.#plan.valueCount + ROW_TAIL.pluginsDisabled] = disabled;
    return row;
  }

  /** Turns of loops and calls of all plugins so far. */
  pluginFuel(): number {
    return this.#evaluator.pluginFuel();
  }

  /** Value of a node at the bar last decided. */
  valueOf(id: NodeId): number {
    return this.#evaluator.values[id]!;
  }
}
