import type { GraphNode, NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import type { ExpressionCode } from './expression-code.ts';
import { columnPlace } from './series-code.ts';

/** Most bars that are computed ahead at once: as many as the driver's largest chunk. */
export const PIECE = 4096;
/** Longest window that is made of windows half as long; longer ones are swept, which costs the same for any length. */
const LONGEST_DOUBLED = 32;

type Extreme = GraphNode & { readonly op: 'highest' | 'lowest' };

/**
 * The highest and lowest candles of windows, computed for a piece of the bars before the loop over them: where a new extreme comes, and when the last one leaves the
 * window, cannot be predicted, and costs a processor more than all the rest of a bar. Each has a column of its own (`t6`), which holds nothing from piece to piece,
 * and a function (`f6`) that fills it. Both are written out for it, as V8 makes code twice as fast for an array that it knows.
 */
export class AheadCode {
  readonly #program: Program;
  readonly #expressions: ExpressionCode;
  readonly #nodes: readonly NodeId[];

  constructor(program: Program, expressions: ExpressionCode, nodes: ReadonlySet<NodeId>) {
    this.#program = program;
    this.#expressions = expressions;
    this.#nodes = [...nodes];
  }

  get isUsed(): boolean {
    return this.#nodes.length > 0;
  }

  /** The arrays and functions, beside `run`. */
  functions(): string {
    return this.#nodes
      .map((id) => {
        const { op, args } = this.#node(id);
        const length = this.#program.graph.nodes[args[1]!]!;
        const t = `t${id}`;
        const isShort = length.op === 'const' && length.value > 1 && length.value <= LONGEST_DOUBLED;
        const text = isShort ? doubled(op, t, length.value) : swept(op, t);
        return `const ${t}=new Float64Array(${PIECE + LONGEST_DOUBLED});\nfunction f${id}(c,n,lo,hi){\n${text}\nfor(let k=0;k<n-1-lo&&k<hi-lo;k++)${t}[k]=0/0;}\n`;
      })
      .join('');
  }

  /**
   * The bars [lo, hi) in pieces.
   * @param bars text for the bars from i up to `end`
   * @param size bars of a piece, PIECE at most
   */
  pieces(bars: string, size: number): string {
    return `for(let i=lo;i<hi;){\nlet end=hi-i>${size}?i+${size}|0:hi;\n${bars}\n}`;
  }

  /** What computes the bars from i up to `end`. */
  compute(): string {
    if (!this.isUsed) return '';
    const calls = this.#nodes.map((id) => {
      const [input, length] = this.#node(id).args;
      const source = this.#program.graph.nodes[input!] as GraphNode & { readonly op: 'column' };
      return `f${id}(c${columnPlace(this.#program, source)},${this.#expressions.length(length!)},i,end);`;
    });
    return `${calls.join('')}\n`;
  }

  #node(id: NodeId): Extreme {
    return this.#program.graph.nodes[id] as Extreme;
  }
}

/**
 * The extremes of windows of 2, 4, 8 ... bars, each made of two that are half as long, and last those of n bars, made of two that overlap. Place k holds the window
 * that begins k bars after the first of all. The place to take is computed, as a choice would be a branch; of equal candles the later counts.
 */
function doubled(op: Extreme['op'], t: string, n: number): string {
  const best = (from: string, at: string, step: number): string =>
    `${from}[${at}+${step}-Math.imul(${step},(${from}[${at}]${op === 'highest' ? '>' : '<'}${from}[${at}+${step}|0])|0)|0]`;
  const passes = [`const f=lo-${n - 1}|0,m=hi-f|0;\nfor(let k=f<0?-f|0:0;k<m-1;k=k+1|0){const j=f+k|0;${t}[k]=${best('c', 'j', 1)};}`];
  for (let width = 2; width < n;) {
    const step = Math.min(width, n - width);
    width += step;
    passes.push(`for(let k=0;k<m-${width - 1};k=k+1|0)${t}[k]=${best(t, 'k', step)};`);
  }
  return passes.join('\n');
}

/**
 * In strides of n bars: back from each to n - 1 bars before it, then forward over it. A window that ends within a stride has the extreme of both parts. The place of
 * a bar's window holds that of the part before until the bar is reached. Of equal candles the later one counts.
 */
function swept(op: Extreme['op'], t: string): string {
  const [beats, none] = op === 'highest' ? ['>', '-1/0'] : ['<', '1/0'];
  return `for(let b=lo;b<hi;b=b+n|0){
const e=hi-b<n?hi:b+n|0,q=b<n?0:b-n+1|0;let y=${none};
for(let j=b-1|0;j>=q;j=j-1|0){const x=c[j];if(x${beats}y)y=x;const i=j+n-1|0;if(i<e)${t}[i-lo|0]=y;}
y=${none};
for(let i=b;i<e;i=i+1|0){const x=c[i],k=i-lo|0;if(x${beats}=y)y=x;if(i-b===n-1||!(${t}[k]${beats}y))${t}[k]=y;}
}`;
}
