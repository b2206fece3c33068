import { ACCOUNT } from '#core/model/strategy-abi.ts';
import { type CompareOp, type GraphNode, isCompareOp, isNumericOp, isStatefulOp, type NodeId, type NumericOp } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { numberText } from './number-text.ts';
import { columnPlace, indexName } from './column-place.ts';

const INFIX: Partial<Record<NumericOp, string>> = { add: '+', sub: '-', mul: '*', div: '/' };
const CALL: Partial<Record<NumericOp, string>> = {
  abs: 'Math.abs',
  sqrt: 'Math.sqrt',
  log: 'Math.log',
  exp: 'Math.exp',
  sin: 'Math.sin',
  cos: 'Math.cos',
  tan: 'Math.tan',
  asin: 'Math.asin',
  acos: 'Math.acos',
  atan: 'Math.atan',
  floor: 'Math.floor',
  ceil: 'Math.ceil',
  round: 'Math.round',
  sign: 'Math.sign',
  pow: 'Math.pow',
};
const TRUE_WHEN: Record<Exclude<CompareOp, 'eq' | 'ne'>, string> = { lt: '<', le: '<=', gt: '>', ge: '>=' };
const FALSE_WHEN: Record<Exclude<CompareOp, 'eq' | 'ne'>, string> = { lt: '>=', le: '>', gt: '<=', ge: '<' };

/** Text of a register of the account. */
export type RegisterText = (field: number) => string;

/** Expressions of graph nodes as JavaScript text. Names are made of ids only; nothing of the source can get in. */
export class ExpressionCode {
  readonly #program: Program;
  /** Conditions kept in a local as 1, 0 or NaN. */
  readonly #stored: ReadonlySet<NodeId>;
  readonly #known: ReadonlySet<NodeId>;
  readonly #register: RegisterText;
  readonly #from: number;

  /**
   * @param known nodes that are neither na nor infinite where this code runs
   * @param from first bar that this code runs for
   */
  constructor(program: Program, stored: ReadonlySet<NodeId>, known: ReadonlySet<NodeId>, registerText: RegisterText, from = 0) {
    this.#program = program;
    this.#stored = stored;
    this.#known = known;
    this.#register = registerText;
    this.#from = from;
  }

  /** The value of a node where it is used: a literal or the name of its local. */
  use(id: NodeId): string {
    const node = this.#node(id);
    if (node.op === 'const') return numberText(node.value);
    if (node.op === 'barIndex') return indexName(node.chart);
    if (node.op === 'account') return this.#register(ACCOUNT[node.register]);
    if (isLook(node, this.#program)) return this.#look(node);
    if (node.isCondition && !this.#isStored(id) && !isKept(node)) return this.storedText(id);
    return `${node.rate === 'param' ? 'p' : 'v'}${id}`;
  }

  /** A value of a shared series some bars ago. */
  #look({ args: [source, length], chart }: GraphNode): string {
    const [{ column, chart: of }, n] = [this.#node(source!), this.#node(length!)] as [GraphNode & { readonly op: 'column' }, GraphNode];
    if (column.kind !== 'signal' || n.op !== 'const') throw new RangeError('it looks back at a series that others have in common');
    const i = indexName(chart);
    const value = `c${columnPlace(this.#program, { chart: of, column })}[${i}-${n.value}&${column.mask}]`;
    return n.value <= this.#from ? value : `(${i}>=${n.value}?${value}:(0/0))`;
  }

  /** A length (const or param) as a small integer, which keeps index arithmetic out of doubles. */
  length(id: NodeId): string {
    const node = this.#node(id);
    return node.op === 'const' ? numberText(node.value) : `n${id}`;
  }

  /** Text that computes a numeric node without memory from the names of its arguments. */
  numeric(id: NodeId): string {
    const node = this.#node(id);
    const [a = '', b = ''] = node.args.map((arg) => this.use(arg));
    if (node.op === 'select') {
      const [condition, yes, no] = node.args;
      const signed = this.#signed(node);
      if (signed !== null) return signed;
      if (this.isKnown(condition!)) return `(${this.isTrue(condition!)}?${this.use(yes!)}:${this.use(no!)})`;
      return `(${this.isTrue(condition!)}?${this.use(yes!)}:${this.isFalse(condition!)}?${this.use(no!)}:(0/0))`;
    }
    if (!isNumericOp(node.op)) throw new RangeError(`"${node.op}" is not arithmetic`);
    if (node.op === 'neg') return `(-${a})`;
    if (this.isKnown(node.args[0]!) && this.isKnown(node.args[1] ?? node.args[0]!)) {
      // Without a branch: half of it would be mispredicted where x is the step of a price. The sum is exactly 2x or 0.
      if (node.op === 'max' && b === '0') return `(0.5*(Math.abs(${a})+${a}))`;
      if (node.op === 'min') return `(${a}<${b}?${a}:${b})`;
      if (node.op === 'max') return `(${a}>${b}?${a}:${b})`;
    }
    if (node.op === 'min') return `(${a}<${b}?${a}:${b}<=${a}?${b}:(0/0))`;
    if (node.op === 'max') return `(${a}>${b}?${a}:${b}>=${a}?${b}:(0/0))`;
    const infix = INFIX[node.op];
    return infix === undefined ? `${CALL[node.op]}(${node.args.map((arg) => this.use(arg)).join(',')})` : `(${a}${infix}${b})`;
  }

  /** A condition as 1, 0 or NaN. */
  storedText(id: NodeId): string {
    const isTrue = this.#truth(id, true);
    if (this.isKnown(id)) return `(${isTrue}?1:0)`;
    const isFalse = this.#truth(id, false);
    return `(${isTrue}?1:${isFalse}?0:(0/0))`;
  }

  /** JavaScript that is true exactly when the condition is known to be true. */
  isTrue(id: NodeId): string {
    return this.#isStored(id) ? `${this.use(id)}===1` : this.#truth(id, true);
  }

  /** JavaScript that is true exactly when the condition is known to be false. */
  isFalse(id: NodeId): string {
    return this.#isStored(id) ? `${this.use(id)}===0` : this.#truth(id, false);
  }

  /** Comparisons of JavaScript are false for NaN both ways, so each form of a condition needs no test for na. */
  #truth(id: NodeId, wanted: boolean): string {
    const node = this.#node(id);
    const form = (arg: NodeId, value: boolean): string => (value ? this.isTrue(arg) : this.isFalse(arg));
    const [a = 0, b = 0, c = 0] = node.args;
    if (node.op === 'const') return node.value === (wanted ? 1 : 0) ? 'true' : 'false';
    if (node.op === 'not') return form(a, !wanted);
    if (node.op === 'and') return `(${form(a, wanted)}${wanted ? '&&' : '||'}${form(b, wanted)})`;
    if (node.op === 'or') return `(${form(a, wanted)}${wanted ? '||' : '&&'}${form(b, wanted)})`;
    if (node.op === 'select') return `((${this.isTrue(a)}&&${form(b, wanted)})||(${this.isFalse(a)}&&${form(c, wanted)}))`;
    if (node.op === 'isNa' && this.isKnown(a)) return wanted ? 'false' : 'true';
    if (node.op === 'isNa') {
      const x = this.use(a);
      return wanted ? `(${x}!==${x})` : `(${x}===${x})`;
    }
    if (isCompareOp(node.op)) return this.#comparison(node.op, this.use(a), this.use(b), wanted);
    if (isKept(node)) return `(v${id}===${wanted ? 1 : 0})`;
    throw new RangeError(`"${node.op}" is not a condition`);
  }

  #comparison(op: CompareOp, a: string, b: string, wanted: boolean): string {
    if (op === 'eq' || op === 'ne') return (op === 'eq') === wanted ? `(${a}===${b})` : `(${a}<${b}||${a}>${b})`;
    return `(${a}${(wanted ? TRUE_WHEN : FALSE_WHEN)[op]}${b})`;
  }

  /** Whether the node is neither na nor infinite where this code runs. */
  isKnown(id: NodeId): boolean {
    return this.#known.has(id);
  }

  /**
   * `if a > b then x else if a < b then -x else 0`, what follows the direction of a price, without a branch: x times 1, -1 or 0. Only of a volume, as zero
   * times something negative is a zero of the other sign.
   */
  #signed({ args: [rises, x, other] }: GraphNode): string | null {
    const [up, down] = [this.#node(rises!), this.#node(other!)];
    if (up.op !== 'gt' || down.op !== 'select' || !this.isKnown(rises!) || this.#isStored(rises!)) return null;
    const [falls, minus, zero] = down.args;
    const [a, b] = up.args;
    const [fall, negative, nothing] = [this.#node(falls!), this.#node(minus!), this.#node(zero!)];
    const isSigned =
      fall.op === 'lt' &&
      fall.args[0] === a &&
      fall.args[1] === b &&
      negative.op === 'neg' &&
      negative.args[0] === x &&
      nothing.op === 'const';
    const volume = this.#node(x!);
    if (!isSigned || !Object.is(nothing.value, 0) || volume.op !== 'column' || volume.column.kind !== 'bar') return null;
    return `(${this.use(x!)}*(((${this.use(a!)}>${this.use(b!)})|0)-((${this.use(a!)}<${this.use(b!)})|0)))`;
  }

  #isStored(id: NodeId): boolean {
    return this.#stored.has(id);
  }

  #node(id: NodeId): GraphNode {
    return this.#program.graph.nodes[id]!;
  }
}

/**
 * Whether a node is read where it is used, and has no local: so many bars back in the column of a shared series. What a rule asks of the bar before is seldom asked for,
 * as what it asks of the bar at hand comes first.
 */
export function isLook({ op, args, isCondition }: GraphNode, { graph: { nodes } }: Program): boolean {
  if (op !== 'delay' || isCondition) return false;
  const [source, length] = [nodes[args[0]!]!, nodes[args[1]!]!];
  return source.op === 'column' && source.column.kind === 'signal' && length.op === 'const';
}

/** Whether a condition's value stands in a local whenever it is used: it comes from memory, a column or another chart. */
export function isKept({ op }: GraphNode): boolean {
  return (
    isStatefulOp(op) ||
    op === 'column' ||
    op === 'self' ||
    op === 'loop' ||
    op === 'sample' ||
    op === 'pluginOutput' ||
    op === 'machineOutput'
  );
}
