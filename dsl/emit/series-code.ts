import { COLUMN_NAMES } from '#core/model/columns.ts';
import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import type { ExpressionCode } from './expression-code.ts';
import { isColumn, type StateLayout } from './state-layout.ts';

/** Name of the local that holds a candle column. */
export function columnName(node: GraphNode & { readonly op: 'column' }): string {
  if (node.column.kind !== 'bar') throw new RangeError('only candles have code');
  return `c${COLUMN_NAMES.indexOf(node.column.name)}`;
}

/**
 * Functions beside `run` and `decide` for the primitives that need loops with state: a monotonic queue of candidates for
 * highest and lowest. o = first slot: head, tail, finite inputs in a row, then n bar indexes, n values.
 */
export const SERIES_FUNCTIONS = ['highest', 'lowest']
  .map((name) => {
    const loses = name === 'highest' ? '<=' : '>=';
    return `function ${name}(S,o,m,n,i,x){
if(x-x!==0){S[o]=0;S[o+1]=0;S[o+2]=0;return 0/0;}
let h=S[o],t=S[o+1];const q=o+3,w=q+m;
if(t>h&&S[q+h%n]<=i-n)h++;
while(t>h&&S[w+(t-1)%n]${loses}x)t--;
S[q+t%n]=i;S[w+t%n]=x;t++;
S[o]=h;S[o+1]=t;const r=S[o+2]+1;S[o+2]=r;
return r>=n?S[w+h%n]:0/0;}`;
  })
  .join('\n');

/** Text of the place of a column's row, given the text of its index. */
export type RowText = (index: string) => string;

/** Statements that compute nodes of one bar, in graph order. */
export class SeriesCode {
  readonly #program: Program;
  readonly #expressions: ExpressionCode;
  readonly #layout: StateLayout;

  constructor(program: Program, expressions: ExpressionCode, layout: StateLayout) {
    this.#program = program;
    this.#expressions = expressions;
    this.#layout = layout;
  }

  /** One statement for a node that changes within the run, or '' when it needs none (it is written where it is used). */
  statement(id: NodeId, isStored: boolean, row: RowText): string {
    const node = this.#program.graph.nodes[id]!;
    if (node.op === 'column') return `const v${id}=${columnName(node)}[${row('i')}];`;
    if (node.op === 'barIndex' || node.op === 'account' || node.op === 'const') return '';
    if (isStatefulOp(node.op)) return this.#stateful(id, node, row);
    if (!node.isCondition) return `const v${id}=${this.#expressions.numeric(id)};`;
    return isStored ? `const v${id}=${this.#expressions.storedText(id)};` : '';
  }

  #stateful(id: NodeId, node: GraphNode, row: RowText): string {
    const [input = 0, second = 0, third = 0] = node.args;
    const x = this.#expressions.use(input);
    const n = this.#expressions.length(second);
    const isRaw = isColumn(this.#program, input);
    const source = this.#program.graph.nodes[input]!;
    const column: RowText = (index) => (source.op === 'column' ? `${columnName(source)}[${row(index)}]` : '');
    switch (node.op) {
      case 'delay':
        return isRaw ? `const v${id}=i>=${n}?${column(`i-${n}`)}:(0/0);` : this.#delay(id, x, n);
      case 'sum':
        return isRaw ? this.#columnSum(id, column, x, n) : this.#sum(id, x, n);
      case 'variance':
        return isRaw ? this.#columnVariance(id, column, x, n) : this.#variance(id, x, n);
      case 'highest':
      case 'lowest': {
        const { block } = this.#layout.byNode.get(id)!;
        return `const v${id}=${node.op}(S,${block},${this.#blockLength(id)},${n},i,${x});`;
      }
      case 'recursive':
        return this.#recursive(id, x, this.#expressions.use(second), this.#expressions.length(third), isRaw);
      default:
        throw new RangeError(`"${node.op}" has no code`);
    }
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

  #delay(id: NodeId, x: string, n: string): string {
    const place = `${this.#block(id)}+i%${n}`;
    const code = `if(i>=${n})v${id}=S[${place}];S[${place}]=${x};`;
    // A param may be 0 bars; a written 0 never gets here.
    return /^\d+$/.test(n) ? `let v${id}=(0/0);${code}` : `let v${id}=(0/0);if(${n}===0)v${id}=${x};else{${code}}`;
  }

  #columnSum(id: NodeId, column: RowText, x: string, n: string): string {
    const [sum] = this.#scalars(id);
    return `let v${id}=(0/0);if(i>=${n}){${sum}+=${x}-${column(`i-${n}`)};v${id}=${sum};}else if(i===${n}-1){${sum}=0;for(let k=0;k<${n};k++)${sum}+=${column('k')};v${id}=${sum};}`;
  }

  #sum(id: NodeId, x: string, n: string): string {
    const [run, sum] = this.#scalars(id);
    const block = this.#block(id);
    const ring = `S[${block}+(i+k)%${n}]`;
    return (
      `let v${id}=(0/0);const r${id}=${block}+i%${n},d${id}=S[r${id}];S[r${id}]=${x};` +
      `if(${x}-${x}===0){${run}++;if(${run}>${n}){${sum}+=${x}-d${id};v${id}=${sum};}` +
      `else if(${run}===${n}){${sum}=0;for(let k=1;k<=${n};k++)${sum}+=${ring};v${id}=${sum};}}else ${run}=0;`
    );
  }

  #columnVariance(id: NodeId, column: RowText, x: string, n: string): string {
    const [mean, squares] = this.#scalars(id);
    return (
      `let v${id}=(0/0);if(i>=${n}){const d=${column(`i-${n}`)},m=${mean}+(${x}-d)/${n};${squares}+=(${x}-d)*(${x}-m+d-${mean});${mean}=m;v${id}=${squares}>0?${squares}/${n}:0;}` +
      `else if(i===${n}-1){let m=0,q=0;for(let k=0;k<${n};k++)m+=${column('k')};m=m/${n};for(let k=0;k<${n};k++)q+=(${column('k')}-m)*(${column('k')}-m);${mean}=m;${squares}=q;v${id}=q>0?q/${n}:0;}`
    );
  }

  #variance(id: NodeId, x: string, n: string): string {
    const [run, mean, squares] = this.#scalars(id);
    const block = this.#block(id);
    const ring = `S[${block}+(i+k)%${n}]`;
    return (
      `let v${id}=(0/0);const r${id}=${block}+i%${n},d${id}=S[r${id}];S[r${id}]=${x};` +
      `if(${x}-${x}===0){${run}++;if(${run}>${n}){const m=${mean}+(${x}-d${id})/${n};${squares}+=(${x}-d${id})*(${x}-m+d${id}-${mean});${mean}=m;v${id}=${squares}>0?${squares}/${n}:0;}` +
      `else if(${run}===${n}){let m=0,q=0;for(let k=1;k<=${n};k++)m+=${ring};m=m/${n};for(let k=1;k<=${n};k++)q+=(${ring}-m)*(${ring}-m);${mean}=m;${squares}=q;v${id}=q>0?q/${n}:0;}}else ${run}=0;`
    );
  }

  #recursive(id: NodeId, x: string, factor: string, n: string, isRaw: boolean): string {
    const [run, mean] = this.#scalars(id);
    const body =
      `if(${run}>=${n}){${mean}+=(${x}-${mean})*${factor};v${id}=${mean};}` +
      `else{${mean}+=${x};${run}++;if(${run}===${n}){${mean}=${mean}/${n};v${id}=${mean};}}`;
    return `let v${id}=(0/0);${isRaw ? body : `if(${x}-${x}===0){${body}}`}`;
  }
}
