import type { ColumnName } from '#core/model/columns.ts';
import type { AccountRegister } from '#core/model/strategy-abi.ts';
import { applyCompare, applyLogic, applyNumeric, applySelect } from './arithmetic.ts';
import { type Chart, type ColumnRef, columnKey } from '#core/model/chart-column.ts';
import type { MachineName } from './machines/machines.ts';
import {
  type CompareOp,
  type DerivedOp,
  type Graph,
  type GraphNode,
  isCompareOp,
  isLogicOp,
  isNumericOp,
  type LogicOp,
  type MarketUnit,
  type NodeId,
  type NumericOp,
  type Rate,
  type StatefulOp,
} from './node.ts';

const RATE_ORDER: readonly Rate[] = ['const', 'param', 'series'];

/** The faster-changing of two rates. */
export function higherRate(a: Rate, b: Rate): Rate {
  return RATE_ORDER.indexOf(a) >= RATE_ORDER.indexOf(b) ? a : b;
}

/**
 * Builds the expression graph: equal expressions become one node (hash-consing), operations on constants become constants.
 * Nodes are pure, so sharing never changes a result; it only saves work and state.
 */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #byKey = new Map<string, NodeId>();
  readonly #charts: Chart[];
  #loops = 0;

  /** `base`: the chart that is traded. */
  constructor(base: Chart) {
    this.#charts = [base];
  }

  get size(): number {
    return this.#nodes.length;
  }

  node(id: NodeId): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  finish(): Graph {
    return { nodes: [...this.#nodes], charts: [...this.#charts] };
  }

  /** Number of a chart; equal charts are one. */
  chart(chart: Chart): number {
    const known = this.#charts.findIndex(({ market, timeframe }) => market === chart.market && timeframe === chart.timeframe);
    return known >= 0 ? known : this.#charts.push(chart) - 1;
  }

  chartOf(number: number): Chart {
    const chart = this.#charts[number];
    if (chart === undefined) throw new RangeError(`no chart ${number}`);
    return chart;
  }

  constant(value: number): NodeId {
    // -0 and 0 differ in bits (1 / -0), so they are two constants.
    return this.#add(`const ${Object.is(value, -0) ? '-0' : value}`, { op: 'const', value, ...leaf('const') });
  }

  /** A condition that is always true, false, or (NaN) unknown. */
  truth(value: number): NodeId {
    return this.#add(`truth ${value}`, { op: 'const', value, ...leaf('const'), isCondition: true });
  }

  param(index: number): NodeId {
    return this.#add(`param ${index}`, { op: 'param', index, ...leaf('param') });
  }

  unit(unit: MarketUnit): NodeId {
    return this.#add(`unit ${unit}`, { op: 'unit', unit, ...leaf('param') });
  }

  /** A column of the candles. */
  column(name: ColumnName, chart = 0): NodeId {
    return this.columnOf({ kind: 'bar', name }, chart);
  }

  /** A column of the candles or one that the host prepares. `isCondition`: it holds 1, 0 and na for true, false and unknown. */
  columnOf(column: ColumnRef, chart = 0, isCondition = false): NodeId {
    const key = `column ${columnKey({ chart, column })} ${isCondition}`;
    return this.#add(key, { op: 'column', column, ...leaf('series'), isCondition, chart });
  }

  barIndex(chart = 0): NodeId {
    return this.#add(`barIndex ${chart}`, { op: 'barIndex', ...leaf('series'), chart });
  }

  account(register: AccountRegister): NodeId {
    return this.#add(`account ${register}`, { op: 'account', register, ...leaf('series'), usesAccount: true });
  }

  numeric(op: NumericOp, a: NodeId, b?: NodeId): NodeId {
    return this.#derive(op, b === undefined ? [a] : [a, b], false);
  }

  compare(op: CompareOp, a: NodeId, b: NodeId): NodeId {
    return this.#derive(op, [a, b], true);
  }

  logic(op: LogicOp, a: NodeId, b?: NodeId): NodeId {
    return this.#derive(op, b === undefined ? [a] : [a, b], true);
  }

  select(condition: NodeId, a: NodeId, b: NodeId): NodeId {
    return this.#derive('select', [condition, a, b], this.node(a).isCondition);
  }

  /** x n bars ago; a value that never changes is its own past. */
  delay(x: NodeId, n: NodeId): NodeId {
    const source = this.node(x);
    const length = this.node(n);
    if (source.rate !== 'series' || (length.op === 'const' && length.value === 0)) return x;
    return this.#derive('delay', [x, n], source.isCondition);
  }

  /** A primitive with memory. `chart`: where it runs when its inputs do not say (they are no series). */
  stateful(op: Exclude<StatefulOp, 'delay'>, args: readonly NodeId[], chart = 0): NodeId {
    return this.#derive(op, args, op === 'allOf' || op === 'anyOf', 'series', chart);
  }

  /** A series that reads its own past: `self` is its value one bar before; close it with `loop`. Every call is a loop of its own. */
  self(isCondition: boolean, chart = 0): { readonly self: NodeId; readonly loop: number } {
    const loop = this.#loops;
    this.#loops += 1;
    return { self: this.#add(`self ${loop}`, { op: 'self', loop, ...leaf('series'), isCondition, chart }), loop };
  }

  loop(loop: number, self: NodeId, value: NodeId, start: NodeId): NodeId {
    const { chart, isCondition } = this.node(self);
    const usesAccount = this.node(value).usesAccount || this.node(start).usesAccount;
    this.#chartOfArgs([self, value, start]);
    return this.#add(`loop ${loop}`, { op: 'loop', loop, args: [value, start], rate: 'series', isCondition, usesAccount, chart });
  }

  /** x of another chart as it is known on `chart`; a value that is no series is the same everywhere. The traded chart is read by no other. */
  sample(x: NodeId, chart: number, maxAgeMs: number | null): NodeId {
    const node = this.node(x);
    if (node.rate !== 'series' || node.chart === chart) return x;
    if (node.chart === 0) throw new RangeError('a value of the traded chart on another one');
    return this.#add(`sample ${x} ${chart} ${maxAgeMs}`, {
      op: 'sample',
      maxAgeMs,
      args: [x],
      rate: 'series',
      isCondition: node.isCondition,
      usesAccount: false,
      chart,
    });
  }

  /** `stateSize`: most doubles of state, whatever the params are. */
  plugin(plugin: number, args: readonly NodeId[], chart: number, stateSize: number): NodeId {
    const usesAccount = args.some((arg) => this.node(arg).usesAccount);
    this.#chartOfArgs(args);
    return this.#add(`plugin ${plugin} ${chart} ${args.join(' ')}`, {
      op: 'plugin',
      plugin,
      stateSize,
      args,
      rate: 'series',
      isCondition: false,
      usesAccount,
      chart,
    });
  }

  pluginOutput(plugin: NodeId, output: number): NodeId {
    const { usesAccount, chart } = this.node(plugin);
    return this.#add(`pluginOutput ${plugin} ${output}`, {
      op: 'pluginOutput',
      output,
      args: [plugin],
      rate: 'series',
      isCondition: false,
      usesAccount,
      chart,
    });
  }

  /** `chartOfNone`: where it runs when its inputs do not say. */
  machine(machine: MachineName, args: readonly NodeId[], chartOfNone = 0): NodeId {
    const usesAccount = args.some((arg) => this.node(arg).usesAccount);
    const chart = this.#chartOfArgs(args) ?? chartOfNone;
    const key = `machine ${machine} ${chart} ${args.join(' ')}`;
    return this.#add(key, { op: 'machine', machine, args, rate: 'series', isCondition: false, usesAccount, chart });
  }

  machineOutput(machine: NodeId, output: number): NodeId {
    const { usesAccount, chart } = this.node(machine);
    const key = `machineOutput ${machine} ${output}`;
    return this.#add(key, { op: 'machineOutput', output, args: [machine], rate: 'series', isCondition: false, usesAccount, chart });
  }

  #derive(op: DerivedOp, args: readonly NodeId[], isCondition: boolean, least: Rate = 'const', chartOfNone = 0): NodeId {
    const nodes = args.map((id) => this.node(id));
    const rate = nodes.reduce<Rate>((highest, node) => higherRate(highest, node.rate), least);
    const values = nodes.map((node) => (node.op === 'const' ? node.value : undefined));
    if (rate === 'const') {
      const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = values;
      const folded = isNumericOp(op)
        ? applyNumeric(op, a, b)
        : isCompareOp(op)
          ? applyCompare(op, a, b)
          : isLogicOp(op)
            ? applyLogic(op, a, b)
            : applySelect(a, b, c);
      return isCondition ? this.truth(folded) : this.constant(folded);
    }
    const chart = rate === 'series' ? (this.#chartOfArgs(args) ?? chartOfNone) : 0;
    const usesAccount = nodes.some((node) => node.usesAccount);
    return this.#add(`${op} ${args.join(' ')} ${chart}`, { op, args, rate, isCondition, usesAccount, chart });
  }

  /** The one chart that the series among the arguments lie on; null when none is a series. */
  #chartOfArgs(args: readonly NodeId[]): number | null {
    const charts = new Set(args.map((id) => this.node(id)).flatMap((node) => (node.rate === 'series' ? [node.chart] : [])));
    if (charts.size > 1) throw new RangeError(`series of charts ${[...charts].join(' and ')} meet without a sample`);
    return [...charts][0] ?? null;
  }

  #add(key: string, node: GraphNode): NodeId {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = this.#nodes.length;
    this.#nodes.push(node);
    this.#byKey.set(key, id);
    return id;
  }
}

/** What all nodes without arguments have in common. */
const leaf = <R extends Rate>(rate: R) => ({ args: [], rate, isCondition: false, usesAccount: false, chart: 0 }) as const;
