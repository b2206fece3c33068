import { type ChartColumn, columnKey } from '#core/model/chart-column.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import type { ScriptPlugin } from '../check/plugin-source.ts';
import { type PluginInstance, pluginInstances } from '../plugin/plugin-instance.ts';
import { plainValue } from './arithmetic.ts';
import type { Machine } from './machines/machine.ts';
import { machineOf } from './machines/machines.ts';
import { type Graph, type GraphNode, inputsOf, isStatefulOp, type NodeId, type StatefulOp } from './node.ts';
import { createPrimitive, type Primitive } from './primitives.ts';
import { blockOf, REBUILT_STEPS } from './rebuilding.ts';
import { runConstants } from './run-constants.ts';

/** What the evaluator needs of a program: the graph, what its columns hold behind the candles, and its indicators in JavaScript. */
export interface EvaluatedGraph {
  readonly graph: Graph;
  readonly columns: readonly ChartColumn[];
  readonly plugins: readonly ScriptPlugin[];
}

/** A chart on its way through its bars. */
interface ChartCursor {
  /** Place of its close times in the columns; -1 when they are not needed. */
  readonly closeTimes: number;
  /** Bars taken in. */
  done: number;
  /** When the last of them closed, ms. */
  closedAt: number;
  /** When its next block of time begins, ms (see rebuilding.ts). */
  blockEnds: number;
}

/**
 * The slow reference for what a graph means: one value per node and bar, straight from the definitions in node.ts.
 * Call `step` once a bar of the traded chart, in order. Emitted code must agree with it to the last bit.
 */
export class GraphEvaluator {
  /** By node, at the last bar of its chart. */
  readonly values: Float64Array;
  readonly #graph: Graph;
  readonly #primitives = new Map<NodeId, Primitive>();
  readonly #machines = new Map<NodeId, ReturnType<Machine['create']>>();
  /** What each machine gave last. */
  readonly #machineOutputs = new Map<NodeId, readonly number[]>();
  readonly #plugins: ReadonlyMap<NodeId, PluginInstance>;
  /** Of nodes that are columns: where these stand; -1 of others. */
  readonly #columnPlaces: readonly number[];
  readonly #charts: readonly ChartCursor[];
  readonly #loops = new Map<number, NodeId>();

  /** @param settings in SETTING order: what the units of the market are */
  constructor({ graph, columns, plugins }: EvaluatedGraph, params: Float64Array, settings: Float64Array) {
    this.#graph = graph;
    this.values = runConstants(graph, params, settings);
    const candles = COLUMN_NAMES.map((name): ChartColumn => ({ chart: 0, column: { kind: 'bar', name } }));
    const places = new Map([...candles, ...columns].map((column, place) => [columnKey(column), place]));
    const placeOf = (column: ChartColumn): number => places.get(columnKey(column)) ?? -1;
    this.#columnPlaces = graph.nodes.map((node) => (node.op === 'column' ? placeOf({ chart: node.chart, column: node.column }) : -1));
    this.#charts = graph.charts.map((_, chart) => ({
      closeTimes: placeOf({ chart, column: { kind: 'closeTime' } }),
      done: 0,
      closedAt: -Infinity,
      blockEnds: -Infinity,
    }));
    this.#plugins = pluginInstances(graph, plugins, this.values);
    for (const [id, node] of graph.nodes.entries()) {
      if (node.op === 'loop') this.#loops.set(node.loop, id);
      if (node.op === 'machine') {
        const { inputs, create } = machineOf(node.machine);
        this.#machines.set(id, create(node.args.slice(inputs).map((arg) => this.values[arg]!)));
      }
      if (!isStatefulOp(node.op)) continue;
      const fixed = node.args.slice(inputsOf(node.op)).map((arg) => this.values[arg]!);
      this.#primitives.set(id, createPrimitive(node.op, fixed));
    }
  }

  /**
   * Values of all nodes at bar `index` of the traded chart, and before it at all bars of other charts that closed by then.
   * @param columns the candles of the traded chart in COLUMN_NAMES order, then `columns` of the program; those of another chart have their own length
   * @param account registers of the account at the close of this bar, in ACCOUNT order
   */
  step(index: number, columns: readonly Float64Array[], account: Float64Array): void {
    const [traded, ...others] = this.#charts;
    if (traded === undefined) return;
    const now = traded.closeTimes < 0 ? Number.NaN : columns[traded.closeTimes]![index]!;
    const nextClose = (chart: ChartCursor): number =>
      chart.closeTimes < 0 ? Infinity : (columns[chart.closeTimes]![chart.done] ?? Infinity);
    for (;;) {
      const time = Math.min(...others.map(nextClose));
      if (!(time <= now)) break;
      const closing = new Set<number>();
      for (const [place, chart] of others.entries()) if (nextClose(chart) === time) closing.add(place + 1);
      for (const place of closing) this.#charts[place]!.closedAt = time;
      for (const place of closing) this.#rebuild(place, time - this.#graph.charts[place]!.stepMs);
      this.#compute(closing, columns, account);
      for (const place of closing) this.#charts[place]!.done += 1;
    }
    traded.done = index;
    traded.closedAt = now;
    this.#rebuild(0, columns[0]![index]!);
    this.#compute(new Set([0]), columns, account);
  }

  /** Status of the plugin at a node, of PLUGIN_STATUS. */
  pluginStatus(id: NodeId): number {
    return this.#plugins.get(id)!.status;
  }

  /** Turns of loops and calls of all plugins so far. */
  pluginFuel(): number {
    let fuel = 0;
    for (const { spent } of this.#plugins.values()) fuel += spent;
    return fuel;
  }

  /** Builds the sums of a chart anew where a bar opens in another block of time than the one before. */
  #rebuild(place: number, openMs: number): void {
    const chart = this.#charts[place]!;
    if (!(openMs >= chart.blockEnds)) return;
    const { stepMs } = this.#graph.charts[place]!;
    chart.blockEnds = (blockOf(openMs, stepMs) + 1) * stepMs * REBUILT_STEPS;
    for (const [id, primitive] of this.#primitives) if (this.#graph.nodes[id]!.chart === place) primitive.rebuild?.();
  }

  /** One bar of each of these charts, node by node. */
  #compute(charts: ReadonlySet<number>, columns: readonly Float64Array[], account: Float64Array): void {
    for (const [id, node] of this.#graph.nodes.entries()) {
      if (node.rate === 'series' && charts.has(node.chart)) this.values[id] = this.#value(id, node, columns, account);
    }
  }

  #value(id: NodeId, node: GraphNode, columns: readonly Float64Array[], account: Float64Array): number {
    const { values } = this;
    const chart = this.#charts[node.chart]!;
    const [a = -1, b = -1] = node.args;
    switch (node.op) {
      case 'column':
        return columns[this.#columnPlaces[id]!]?.[chart.done] ?? Number.NaN;
      case 'barIndex':
        return chart.done;
      case 'account':
        return account[ACCOUNT[node.register]]!;
      case 'self':
        return values[this.#loops.get(node.loop)!]!;
      case 'loop':
        // What the loop was one bar before still stands in its place.
        return values[Number.isNaN(values[id]!) ? b : a]!;
      case 'sample': {
        const from = this.#charts[this.#graph.nodes[a]!.chart]!;
        return node.maxAgeMs !== null && chart.closedAt - from.closedAt > node.maxAgeMs ? Number.NaN : values[a]!;
      }
      case 'plugin': {
        const { length } = this.#plugins.get(id)!.input;
        this.#plugins.get(id)!.step(node.args.slice(0, length).map((arg) => values[arg]!));
        return Number.NaN;
      }
      case 'pluginOutput':
        return this.#plugins.get(a)!.out[node.output]!;
      case 'machine': {
        const inputs = node.args.slice(0, machineOf(node.machine).inputs).map((arg) => values[arg]!);
        this.#machineOutputs.set(id, this.#machines.get(id)!(inputs));
        return Number.NaN;
      }
      case 'machineOutput':
        return this.#machineOutputs.get(a)![node.output]!;
      default:
    }
    const primitive = this.#primitives.get(id);
    if (primitive === undefined) return plainValue(node, values);
    return primitive(values[a]!, inputsOf(node.op as StatefulOp) === 2 ? values[b]! : Number.NaN);
  }
}
