import { type GraphNode, isStatefulOp, type NodeId, type StatefulOp } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { closedName, columnPlace, indexName, type RowText } from './column-place.ts';
import { signText } from './compared-quotients.ts';
import { type ExpressionCode, isLook } from './expression-code.ts';
import type { PluginCode } from './plugin-code.ts';
import { isCandle, isScanned, type StateLayout } from './state-layout.ts';
import type { WindowCode } from './window-code.ts';

/** Statements that compute nodes of one bar, in graph order. `i` is the index of the bar on the node's chart: `i`, or `j1` of chart 1. */
export class SeriesCode {
  readonly #program: Program;
  readonly #expressions: ExpressionCode;
  readonly #layout: StateLayout;
  readonly #plugins: PluginCode;
  readonly #windows: WindowCode;
  /** Nodes whose locals are declared elsewhere. */
  readonly #hoisted: ReadonlySet<NodeId>;
  /** Nodes that stand in columns of the piece of bars at hand. */
  readonly #ready: ReadonlySet<NodeId>;
  /** Beginning of the names of the bounds of doubt; null = numbers. */
  readonly #doubt: string | null;

  constructor(
    program: Program,
    expressions: ExpressionCode,
    layout: StateLayout,
    { plugins, windows }: { readonly plugins: PluginCode; readonly windows: WindowCode },
    hoisted: ReadonlySet<NodeId>,
    ready: ReadonlySet<NodeId>,
    doubt: string | null,
  ) {
    this.#program = program;
    this.#expressions = expressions;
    this.#layout = layout;
    this.#plugins = plugins;
    this.#windows = windows;
    this.#hoisted = hoisted;
    this.#ready = ready;
    this.#doubt = doubt;
  }

  /** One statement for a node that changes within the run, or '' when it needs none (it is written where it is used). */
  statement(id: NodeId, isStored: boolean, row: RowText): string {
    const node = this.#program.graph.nodes[id]!;
    const i = indexName(node.chart);
    const value = `${this.#const(id)}=`;
    if (this.#ready.has(id)) return `${value}t${id}[i-origin|0];`;
    if (isLook(node, this.#program)) return '';
    switch (node.op) {
      case 'column':
        return `${value}${this.#at(node, i, row)};`;
      case 'barIndex':
      case 'account':
      case 'const':
        return '';
      case 'self': {
        const [last, isOn] = this.#scalars(this.#layout.loops.get(node.loop)!);
        return `${value}${isOn}===1?${last}:(0/0);`;
      }
      case 'loop': {
        const [last, isOn] = this.#scalars(id);
        const [next = 0, start = 0] = node.args;
        return `${value}${isOn}===1&&${last}===${last}?${this.#expressions.use(next)}:${this.#expressions.use(start)};${last}=v${id};${isOn}=1;`;
      }
      case 'plugin':
        return this.#plugins.step(id, node);
      case 'pluginOutput':
        return `${value}${this.#plugins.output(node)};`;
      case 'machine':
        return `${node.machine}(S,${this.#block(id)},${node.args.map((arg) => this.#expressions.use(arg)).join(',')});`;
      case 'machineOutput':
        return `${value}S[${this.#block(node.args[0]!) + node.output}];`;
      case 'sample':
        return `${value}${this.#sampled(node)};`;
      default:
    }
    if (isStatefulOp(node.op)) return this.#stateful(id, node, node.op, row, i);
    if (node.isSignOnly === true && this.#expressions.isKnown(id)) {
      const use = (arg: NodeId): string => this.#expressions.use(arg);
      const bound = this.#doubt === null ? null : `${this.#doubt}${id}`;
      return `${this.#let(id)};${signText(`v${id}`, bound, node.args, this.#program, use)}`;
    }
    if (!node.isCondition) return `${value}${this.#expressions.numeric(id)};`;
    return isStored ? `${value}${this.#expressions.storedText(id)};` : '';
  }

  /** The last value that the other chart gave, unless there was none or it is too old. */
  #sampled(node: GraphNode & { readonly op: 'sample' }): string {
    const [source = 0] = node.args;
    const from = this.#program.graph.nodes[source]!.chart;
    const [last] = this.#layout.sampled.get(source)!.scalars.map((slot) => `s${slot}`);
    const tooOld = node.maxAgeMs === null ? '' : `||${closedName(node.chart)}-${closedName(from)}>${node.maxAgeMs}`;
    // On its first bar a chart has counted none yet; of one that another chart reads then, this bar is known.
    const isFirst = node.chart === 0 ? '' : `&&!e${from}`;
    return `${indexName(from)}===0${isFirst}${tooOld}?(0/0):${last}`;
  }

  #const(id: NodeId): string {
    return this.#hoisted.has(id) ? `v${id}` : `const v${id}`;
  }

  #let(id: NodeId): string {
    return this.#hoisted.has(id) ? `v${id}` : `let v${id}`;
  }

  #column({ chart, column }: GraphNode & { readonly op: 'column' }): string {
    return `c${columnPlace(this.#program, { chart, column })}`;
  }

  /** A column at an index. */
  #at(node: GraphNode & { readonly op: 'column' }, index: string, row: RowText): string {
    const { column } = node;
    return `${this.#column(node)}[${column.kind === 'signal' ? `${index}&${column.mask}` : row(index)}]`;
  }

  #stateful(id: NodeId, node: GraphNode, op: StatefulOp, row: RowText, i: string): string {
    const [input = 0, second = 0, third = 0, fourth = 0] = node.args;
    const x = this.#expressions.use(input);
    const n = this.#expressions.length(second);
    const isRaw = isCandle(this.#program, input);
    const source = this.#program.graph.nodes[input]!;
    const column = source.op === 'column' ? this.#column(source) : '';
    const at: RowText = (index) => (source.op === 'column' ? this.#at(source, index, row) : '');
    switch (op) {
      case 'delay':
        if (column === '') return this.#delay(id, x, n, i);
        return `${this.#const(id)}=${this.#expressions.isKnown(id) ? '' : `${i}>=${n}?`}${at(`${i}-${n}`)}${this.#expressions.isKnown(id) ? '' : ':(0/0)'};`;
      case 'sum':
      case 'variance':
      case 'covariance':
        return this.#windows.statement(id, { ...node, op }, this.#let(id), row);
      case 'recursive':
        return this.#recursive(id, x, this.#expressions.use(second), this.#expressions.length(third), isRaw);
      case 'allOf':
      case 'anyOf':
        return this.#quantified(id, x, n, op === 'allOf' ? 1 : 0);
      case 'parabolic':
        return `${this.#const(id)}=parabolic(S,${this.#block(id)},${this.#expressions.use(third)},${this.#expressions.use(fourth)},${x},${this.#expressions.use(second)});`;
      case 'lastMean':
      case 'sineSum':
      case 'cosineSum':
        return `${this.#const(id)}=${op}(S,${this.#block(id)},${this.#expressions.length(third)},${i},${x},${this.#expressions.use(second)});`;
      case 'nearestRank':
      case 'entropy':
      case 'rescaledRange':
        return `${this.#const(id)}=${op}(S,${this.#block(id)},${this.#blockLength(id)},${n},${i},${x},${this.#expressions.use(third)});`;
      case 'percentile':
        return `${this.#const(id)}=percentile(S,${this.#block(id)},${this.#blockLength(id)},${n},${i},${x},${this.#expressions.use(third)});`;
      case 'bellMean':
        return `${this.#const(id)}=bellMean(S,${this.#block(id)},${this.#blockLength(id)},${n},${i},${x},${this.#expressions.use(third)},${this.#expressions.use(fourth)});`;
      case 'highest':
      case 'lowest':
        if (source.op === 'column' && isScanned(this.#program, node)) return this.#extreme(id, op, source, x, n, row);
        return `${this.#const(id)}=${op}(S,${this.#block(id)},${this.#blockLength(id)},${n},${i},${x});`;
      case 'highestAge':
      case 'highestFirstAge':
      case 'lowestFirstAge':
      case 'lowestAge':
      case 'weightedSum':
      case 'meanDeviation':
      case 'percentRank':
      case 'mode':
      case 'medianDeviation':
      case 'skewness':
      case 'kurtosis':
      case 'rankCorrelation':
        return `${this.#const(id)}=${op}(S,${this.#block(id)},${this.#blockLength(id)},${n},${i},${x});`;
    }
  }

  /** The best candle and its bar; when it leaves the window, the window is looked through. */
  #extreme(id: NodeId, op: 'highest' | 'lowest', node: GraphNode & { readonly op: 'column' }, x: string, n: string, row: RowText): string {
    const [best, bar] = this.#scalars(id);
    const i = indexName(node.chart);
    const column = this.#column(node);
    const mask = row('i') === 'i' ? '-1' : 'M';
    const value = this.#expressions.isKnown(id) ? best : `${i}>=${n}-1?${best}:(0/0)`;
    return (
      `if(${i}===0||${x}${op === 'highest' ? '>=' : '<='}${best}){${best}=${x};${bar}=${i};}` +
      `else if(${bar}<=${i}-${n}){const q=${op}Bar(${column},${i}-${n}+1,${i},${mask});${best}=${column}[${row('q')}];${bar}=q;}` +
      `${this.#const(id)}=${value};`
    );
  }

  /** One after another alike, and bars since the last of the other kind (that bar is 1). */
  #quantified(id: NodeId, x: string, n: string, alike: 0 | 1): string {
    const [run, since] = this.#scalars(id);
    const other = 1 - alike;
    return (
      `if(${x}===${alike})${run}++;else ${run}=0;if(${x}===${other})${since}=1;else if(${since}>0)${since}++;` +
      `${this.#const(id)}=${since}>0&&${since}<=${n}?${other}:${run}>=${n}?${alike}:(0/0);`
    );
  }

  #scalars(id: NodeId): readonly string[] {
    return this.#layout.byNode.get(id)!.scalars.map((slot) => `s${slot}`);
  }

  #block(id: NodeId): number {
    return this.#layout.byNode.get(id)!.block;
  }

  /** Half of a queue's block, less its three counters. */
  #blockLength(id: NodeId): number {
    return this.#layout.blockLengths.get(id)!;
  }

  #delay(id: NodeId, x: string, n: string, i: string): string {
    const [last] = this.#scalars(id);
    if (last !== undefined) return `${this.#const(id)}=${this.#expressions.isKnown(id) ? last : `${i}>=1?${last}:(0/0)`};${last}=${x};`;
    const place = `${this.#block(id)}+${i}%${n}`;
    const code = `if(${i}>=${n})v${id}=S[${place}];S[${place}]=${x};`;
    // A param may be 0 bars; a written 0 never gets here.
    return /^\d+$/.test(n) ? `${this.#let(id)}=(0/0);${code}` : `${this.#let(id)}=(0/0);if(${n}===0)v${id}=${x};else{${code}}`;
  }

  #recursive(id: NodeId, x: string, factor: string, n: string, isRaw: boolean): string {
    const [run, mean] = this.#scalars(id);
    if (this.#expressions.isKnown(id)) return `${mean}+=(${x}-${mean})*${factor};${this.#const(id)}=${mean};`;
    const body =
      `if(${run}>=${n}){${mean}+=(${x}-${mean})*${factor};v${id}=${mean};}` +
      `else{${mean}+=${x};${run}++;if(${run}===${n}){${mean}=${mean}/${n};v${id}=${mean};}}`;
    return `${this.#let(id)}=(0/0);${isRaw ? body : `if(${x}-${x}===0){${body}}`}`;
  }
}
