import type { ColumnName } from '#core/model/columns.ts';
import type { AccountRegister } from '#core/model/strategy-abi.ts';
import { applyCompare, applyLogic, applyNumeric, applySelect } from './arithmetic.ts';
import {
  type CompareOp,
  type DerivedOp,
  type Graph,
  type GraphNode,
  isCompareOp,
  isLogicOp,
  isNumericOp,
  type LogicOp,
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

  get size(): number {
    return this.#nodes.length;
  }

  node(id: NodeId): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  finish(): Graph {
    return { nodes: [...this.#nodes] };
  }

  constant(value: number): NodeId {
    // -0 and 0 differ in bits (1 / -0), so they are two constants.
    return this.#add(`const ${Object.is(value, -0) ? '-0' : value}`, {
      op: 'const',
      value,
      args: [],
      rate: 'const',
      isCondition: false,
      usesAccount: false,
    });
  }

  /** A condition that is always true, false, or (NaN) unknown. */
  truth(value: number): NodeId {
    return this.#add(`truth ${value}`, { op: 'const', value, args: [], rate: 'const', isCondition: true, usesAccount: false });
  }

  param(index: number): NodeId {
    return this.#add(`param ${index}`, { op: 'param', index, args: [], rate: 'param', isCondition: false, usesAccount: false });
  }

  column(column: ColumnName): NodeId {
    return this.#add(`column ${column}`, { op: 'column', column, args: [], rate: 'series', isCondition: false, usesAccount: false });
  }

  barIndex(): NodeId {
    return this.#add('barIndex', { op: 'barIndex', args: [], rate: 'series', isCondition: false, usesAccount: false });
  }

  account(register: AccountRegister): NodeId {
    return this.#add(`account ${register}`, { op: 'account', register, args: [], rate: 'series', isCondition: false, usesAccount: true });
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

  stateful(op: Exclude<StatefulOp, 'delay'>, args: readonly NodeId[]): NodeId {
    return this.#derive(op, args, false, 'series');
  }

  #derive(op: DerivedOp, args: readonly NodeId[], isCondition: boolean, least: Rate = 'const'): NodeId {
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
    return this.#add(`${op} ${args.join(' ')}`, { op, args, rate, isCondition, usesAccount: nodes.some((node) => node.usesAccount) });
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
