import type { GraphNode, NodeId } from '../graph/node.ts';
import { type RebuiltOp, REBUILT_STEPS } from '../graph/rebuilding.ts';
import type { Program } from '../program.ts';
import type { ExpressionCode } from './expression-code.ts';
import { columnPlace, indexName, type RowText } from './column-place.ts';
import { isCandle, isHeldWindow, type StateLayout } from './state-layout.ts';

/** A node's names in the code: `x` and `y` its inputs, `n` its length, `i` the index of the bar, `v` its value, the rest what it keeps. */
interface Names {
  readonly v: string;
  readonly x: string;
  readonly y: string;
  readonly n: string;
  readonly i: string;
  readonly scalars: readonly string[];
  /** The values of a short window, oldest first; null where they stand in a column or a ring. */
  readonly held: readonly string[] | null;
  readonly block: number;
  /** First slot of the second input's ring. */
  readonly secondBlock: number;
  /** Text of the candle column at an index; null of inputs whose window is kept in a ring. */
  readonly column: RowText | null;
}

/** Sums that are carried on from bar to bar. A window is the candle column itself, a ring in S, or a few locals. */
export class WindowCode {
  readonly #program: Program;
  readonly #expressions: ExpressionCode;
  readonly #layout: StateLayout;

  constructor(program: Program, expressions: ExpressionCode, layout: StateLayout) {
    this.#program = program;
    this.#expressions = expressions;
    this.#layout = layout;
  }

  /** Statement for the node's value of a bar. @param declared `let v7`, or `v7` where it is declared elsewhere */
  statement(id: NodeId, node: GraphNode & { readonly op: RebuiltOp }, declared: string, row: RowText): string {
    const names = this.#names(id, node, row);
    const { v, x, y, n, i, column, scalars, held, block, secondBlock } = names;
    const next = `${this.#move(node.op, names)}${v}=${this.#result(node.op, names)};`;
    const isFull = this.#expressions.isKnown(id);
    if (isFull && column !== null) return `${declared};{const d=${column(`${i}-${n}`)};${next}}`;
    if (column !== null) {
      const first = `${this.#build(node.op, names, '0')}${v}=${this.#result(node.op, names)};`;
      return `${declared}=(0/0);if(${i}>=${n}){const d=${column(`${i}-${n}`)};${next}}else if(${i}===${n}-1){${first}}`;
    }
    const run = scalars[0]!;
    const isKnown = node.op === 'covariance' ? `${x}-${x}===0&&${y}-${y}===0` : `${x}-${x}===0`;
    const second = node.op === 'covariance' ? `const q=${secondBlock}+${i}%${n},e=S[q];S[q]=${y};` : '';
    const take = held === null ? `const r=${block}+${i}%${n},d=S[r];S[r]=${x};${second}` : takeIn(held, x);
    if (isFull) return `${declared};{${take}${next}}`;
    const first = `${this.#build(node.op, names, `${i}+1`)}${v}=${this.#result(node.op, names)};`;
    const counted = `if(${isKnown}){${run}++;if(${run}>${n}){${next}}else if(${run}===${n}){${first}}}else ${run}=0;`;
    return `${declared}=(0/0);{${take}${counted}}`;
  }

  /**
   * What rebuilds the sums of a chart's nodes when a bar opens in another block of time than the bar before; '' when none of them has sums. It stands before
   * the bar's statements, so the windows end with the bar before.
   */
  rebuild(chart: number, row: RowText): string {
    return this.#nodes(chart)
      .map(([id, node]) => {
        const names = this.#names(id, node, row);
        const { n, i, column, scalars } = names;
        const isFull = column === null ? `${scalars[0]}>=${n}` : `${i}>=${n}`;
        return `if(${isFull}){${this.#build(node.op, names, column === null ? i : `${i}-${n}`)}}`;
      })
      .join('');
  }

  /** Text of when the next block of time begins on a chart, given that of a bar's open. */
  nextBlock(chart: number, open: string): string {
    const blockMs = this.#program.graph.charts[chart]!.stepMs * REBUILT_STEPS;
    return `(Math.floor(${open}/${blockMs})+1)*${blockMs}`;
  }

  #nodes(chart: number): readonly (readonly [NodeId, GraphNode & { readonly op: RebuiltOp }])[] {
    return this.#layout.rebuilt.get(chart)?.nodes.map((id) => [id, this.#node(id)] as const) ?? [];
  }

  #node(id: NodeId): GraphNode & { readonly op: RebuiltOp } {
    return this.#program.graph.nodes[id] as GraphNode & { readonly op: RebuiltOp };
  }

  #names(id: NodeId, node: GraphNode & { readonly op: RebuiltOp }, row: RowText): Names {
    const { scalars, block } = this.#layout.byNode.get(id)!;
    const [input = 0, second = 0, third = 0] = node.args;
    const source = this.#program.graph.nodes[input]!;
    const isPair = node.op === 'covariance';
    const place = !isPair && source.op === 'column' && isCandle(this.#program, input) ? columnPlace(this.#program, source) : null;
    const slots = scalars.map((slot) => `s${slot}`);
    const held = isHeldWindow(this.#program, node) ? slots.slice(-this.#layout.blockLengths.get(id)!) : null;
    return {
      v: `v${id}`,
      x: this.#expressions.use(input),
      y: isPair ? this.#expressions.use(second) : '',
      n: this.#expressions.length(isPair ? third : second),
      i: indexName(node.chart),
      scalars: slots,
      held,
      block,
      secondBlock: block + this.#layout.blockLengths.get(id)!,
      column: place === null ? null : (index) => `c${place}[${row(index)}]`,
    };
  }

  /** The sums of a window anew, oldest first; `from` = index of its oldest bar, in rings up to whole rounds. */
  #build(op: RebuiltOp, { n, scalars, held, block, secondBlock, column }: Names, from: string): string {
    const at = (ring: number): string => (column === null ? `S[${ring}+(${from}+k)%${n}]` : column(from === '0' ? 'k' : `${from}+k`));
    const sum = (total: string, value: (at: string) => string, ring = block): string =>
      `let ${total}=0;${held === null ? `for(let k=0;k<${n};k++)${total}+=${value(at(ring))};` : held.map((one) => `${total}+=${value(one)};`).join('')}`;
    const kept = column === null ? scalars.slice(1) : scalars;
    if (op === 'sum') return `{${sum('a', (x) => x)}${kept[0]}=a;}`;
    const oldest = (ring: number): string => held?.[0] ?? (column === null ? `S[${ring}+(${from})%${n}]` : column(from));
    const mean = `const o=${oldest(block)};${sum('a', (x) => `${x}-o`)}a=a/${n};`;
    const square = (x: string): string => `(${x}-o-a)*(${x}-o-a)`;
    if (op === 'variance') return `{${mean}${sum('q', square)}${kept[0]}=o;${kept[1]}=a;${kept[2]}=q;}`;
    const second = `const p=${oldest(secondBlock)};${sum('b', (y) => `${y}-p`, secondBlock)}b=b/${n};`;
    const product = (x: string): string => `(${x}-o-a)*(${at(secondBlock)}-p-b)`;
    return `{${mean}${second}${sum('q', product)}${kept[0]}=o;${kept[1]}=p;${kept[2]}=a;${kept[3]}=b;${kept[4]}=q;}`;
  }

  /** One bar on: `d` (and `e`) is what leaves the window. */
  #move(op: RebuiltOp, { x, y, n, scalars, column }: Names): string {
    const kept = column === null ? scalars.slice(1) : scalars;
    if (op === 'sum') return `${kept[0]}+=${x}-d;`;
    if (op === 'variance') {
      const [origin, mean, squares] = kept;
      return `const m=${mean}+(${x}-d)/${n};${squares}+=(${x}-d)*(${x}-${origin}-m+(d-${origin}-${mean}));${mean}=m;`;
    }
    const [originX, originY, meanX, meanY, products] = kept;
    return `const m=${meanY}+(${y}-e)/${n};${products}+=(${x}-d)*(${y}-${originY}-m)+(${y}-e)*(d-${originX}-${meanX});${meanX}+=(${x}-d)/${n};${meanY}=m;`;
  }

  #result(op: RebuiltOp, { n, scalars, column }: Names): string {
    const kept = column === null ? scalars.slice(1) : scalars;
    if (op === 'sum') return kept[0]!;
    return op === 'variance' ? `${kept[2]}>0?${kept[2]}/${n}:0` : `${kept[4]}/${n}`;
  }
}

/** A value comes into a window in locals, the oldest one (`d`) leaves. */
function takeIn(held: readonly string[], x: string): string {
  return `const d=${held[0]};${held.map((slot, place) => `${slot}=${held[place + 1] ?? x};`).join('')}`;
}
