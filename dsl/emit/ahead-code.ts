import type { GraphNode, NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import type { ExpressionCode } from './expression-code.ts';
import { doubledExtreme, type ExtremeOp, nearExtremes, sweptExtreme } from './extreme-functions.ts';
import { columnPlace } from './column-place.ts';

/** Most bars that are computed ahead at once: few, so that prices are near each other; where a window is swept as many as the driver's largest chunk. */
const PIECE = 1024;
const LONG_PIECE = 4096;
/** Longest window that is made of windows half as long; longer ones are swept, which costs the same for any length. */
const LONGEST_DOUBLED = 32;
/** Shortest window of which prices near each other are computed. */
const SHORTEST_NEAR = 4;

interface Extreme {
  readonly id: NodeId;
  readonly op: ExtremeOp;
  readonly column: GraphNode & { readonly op: 'column' };
  readonly length: GraphNode;
  readonly lengthText: string;
}

/**
 * The highest and lowest candles of windows, computed for a piece of the bars before the loop over them: where a new extreme comes, and when the last one leaves the
 * window, cannot be predicted, and costs a processor more than all the rest of a bar. Each has a column of its own (`t6`), which keeps nothing from piece to piece,
 * and a function (`f6`) that fills it. Those of prices with windows of one length have a faster one together (`h6`), which gives up (0) where prices are too far
 * apart. All are written out, as V8 makes code twice as fast for an array and numbers that it knows.
 */
export class AheadCode {
  readonly #extremes: readonly Extreme[];
  readonly #groups: readonly (readonly Extreme[])[];
  readonly #program: Program;

  constructor(program: Program, expressions: ExpressionCode, nodes: ReadonlySet<NodeId>) {
    this.#program = program;
    this.#extremes = [...nodes].map((id) => {
      const { op, args } = program.graph.nodes[id]!;
      const [column, length] = args.map((arg) => program.graph.nodes[arg]!) as [Extreme['column'], GraphNode];
      return { id, op: op as ExtremeOp, column, length, lengthText: expressions.length(args[1]!) };
    });
    this.#groups = [...Map.groupBy(this.#extremes, (one) => groupKey(one)).values()];
  }

  get isUsed(): boolean {
    return this.#extremes.length > 0;
  }

  /** Most bars of a piece. */
  get pieceSize(): number {
    return this.#extremes.some((one) => doubledLength(one) === null) ? LONG_PIECE : PIECE;
  }

  /** The arrays and functions, beside `run`. */
  functions(): string {
    const alone = this.#extremes.map((one) => {
      const t = `t${one.id}`;
      const n = doubledLength(one);
      const text = n === null ? sweptExtreme(one.op, t) : doubledExtreme(one.op, t, n);
      return `const ${t}=new Float64Array(${LONG_PIECE + LONGEST_DOUBLED});\nfunction f${one.id}(c,n,lo,hi){\n${text}\nfor(let k=0;k<n-1-lo&&k<hi-lo;k++)${t}[k]=0/0;}\n`;
    });
    const together = this.#groups.map((group) => {
      const n = nearLength(group[0]!);
      if (n === null) return '';
      const extremes = group.map(({ id, op }) => ({ op, t: `t${id}` }));
      return `function h${group[0]!.id}(${group.map((_, place) => `c${place}`).join(',')},lo,hi){\n${nearExtremes(extremes, n)}}\n`;
    });
    return alone.join('') + together.join('');
  }

  /**
   * The bars [lo, hi) in pieces.
   * @param bars text for the bars from i up to `end`
   * @param size bars of a piece, `pieceSize` at most
   */
  pieces(bars: string, size: number): string {
    return `for(let i=lo;i<hi;){\nlet end=hi-i>${size}?i+${size}|0:hi;\n${bars}\n}`;
  }

  /** What computes the bars from i up to `end`. */
  compute(): string {
    if (!this.isUsed) return '';
    const columnText = ({ column }: Extreme): string => `c${columnPlace(this.#program, column)}`;
    const calls = this.#groups.map((group) => {
      const each = group.map((one) => `f${one.id}(${columnText(one)},${one.lengthText},i,end);`).join('');
      return nearLength(group[0]!) === null ? each : `if(h${group[0]!.id}(${group.map(columnText).join(',')},i,end)===0){${each}}`;
    });
    return `${calls.join('')}\n`;
  }
}

/** Its length where that is known and short; null of others. */
function doubledLength({ length }: Extreme): number | null {
  return length.op === 'const' && length.value > 1 && length.value <= LONGEST_DOUBLED ? length.value : null;
}

/** Its length where it can be computed of prices near each other; null of others, and of volumes, which seldom are near each other. */
function nearLength(extreme: Extreme): number | null {
  const n = doubledLength(extreme);
  const { column } = extreme.column;
  return n === null || n < SHORTEST_NEAR || (column.kind === 'bar' && column.name === 'volume') ? null : n;
}

/** Extremes with the same key are computed together. */
function groupKey(extreme: Extreme): string {
  const n = nearLength(extreme);
  return n === null ? `alone ${extreme.id}` : `near ${n}`;
}
