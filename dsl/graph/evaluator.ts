import type { ChartColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import { plainValue } from './arithmetic.ts';
import { type Graph, type GraphNode, isStatefulOp, type NodeId, type StatefulOp } from './node.ts';
import { runConstants } from './run-constants.ts';

interface WindowState {
  /** Every input so far, by bar: slow and plain on purpose. */
  readonly inputs: number[];
  /** Finite inputs in a row up to now; for `recursive` the number taken into the seed. */
  run: number;
  sum: number;
  mean: number;
}

const isFiniteInput = (x: number): boolean => x - x === 0;

/** What the evaluator needs of a program: the graph, and what its columns hold behind the candles. */
export interface EvaluatedGraph {
  readonly graph: Graph;
  readonly columns: readonly ChartColumn[];
}

/**
 * The slow reference for what a graph means: one value per node and bar, straight from the definitions in node.ts.
 * Call `step` once a bar, in order. Emitted code must agree with it to the last bit.
 */
export class GraphEvaluator {
  readonly values: Float64Array;
  readonly #graph: Graph;
  readonly #windows = new Map<NodeId, WindowState>();

  /** @param settings in SETTING order: what the units of the market are */
  constructor({ graph }: EvaluatedGraph, params: Float64Array, settings: Float64Array) {
    this.#graph = graph;
    this.values = runConstants(graph, params, settings);
    for (const [id, node] of graph.nodes.entries()) {
      if (isStatefulOp(node.op)) this.#windows.set(id, { inputs: [], run: 0, sum: 0, mean: 0 });
    }
  }

  /**
   * Values of all nodes at bar `index`.
   * @param columns the candles of the traded chart in COLUMN_NAMES order, then `columns` of the program; those of another chart have their own length
   * @param account registers of the account at the close of this bar, in ACCOUNT order
   */
  step(index: number, columns: readonly Float64Array[], account: Float64Array): void {
    for (const [id, node] of this.#graph.nodes.entries()) {
      if (node.rate !== 'series') continue;
      if (node.op === 'column')
        this.values[id] = node.column.kind === 'bar' ? columns[COLUMN_NAMES.indexOf(node.column.name)]![index]! : Number.NaN;
      else if (node.op === 'barIndex') this.values[id] = index;
      else if (node.op === 'account') this.values[id] = account[ACCOUNT[node.register]]!;
      else if (isStatefulOp(node.op)) this.values[id] = this.#windowValue(node.op, id, node, index);
      else this.values[id] = plainValue(node, this.values);
    }
  }

  #arg(node: GraphNode, position: number): number {
    const id = node.args[position];
    return id === undefined ? Number.NaN : this.values[id]!;
  }

  #windowValue(op: StatefulOp, id: NodeId, node: GraphNode, index: number): number {
    const state = this.#windows.get(id)!;
    const x = this.#arg(node, 0);
    state.inputs[index] = x;
    if (op === 'delay') {
      const n = this.#arg(node, 1);
      return index >= n ? state.inputs[index - n]! : Number.NaN;
    }
    if (op === 'recursive') return recursive(state, x, this.#arg(node, 1), this.#arg(node, 2));
    const n = this.#arg(node, 1);
    state.run = isFiniteInput(x) ? state.run + 1 : 0;
    if (state.run < n) return Number.NaN;
    const window = state.inputs.slice(index - n + 1, index + 1);
    if (op === 'highest') return window.reduce((best, value) => (value >= best ? value : best), -Infinity);
    if (op === 'lowest') return window.reduce((best, value) => (value <= best ? value : best), Infinity);
    const left = state.inputs[index - n]!;
    return op === 'sum' ? rollingSum(state, window, left, n) : rollingVariance(state, window, left, n);
  }
}

function rollingSum(state: WindowState, window: readonly number[], left: number, n: number): number {
  state.sum = state.run === n ? window.reduce((sum, value) => sum + value, 0) : state.sum + (window[n - 1]! - left);
  return state.sum;
}

function rollingVariance(state: WindowState, window: readonly number[], left: number, n: number): number {
  if (state.run === n) {
    state.mean = window.reduce((sum, value) => sum + value, 0) / n;
    state.sum = window.reduce((sum, value) => sum + (value - state.mean) * (value - state.mean), 0);
  } else {
    const x = window[n - 1]!;
    const mean = state.mean + (x - left) / n;
    state.sum += (x - left) * (x - mean + left - state.mean);
    state.mean = mean;
  }
  return state.sum > 0 ? state.sum / n : 0;
}

function recursive(state: WindowState, x: number, factor: number, n: number): number {
  if (!isFiniteInput(x)) return Number.NaN;
  if (state.run < n) {
    state.sum += x;
    state.run += 1;
    if (state.run === n) state.mean = state.sum / n;
  } else {
    state.mean += (x - state.mean) * factor;
  }
  return state.run === n ? state.mean : Number.NaN;
}
