import type { ColumnName } from '#core/model/columns.ts';
import type { AccountRegister } from '#core/model/strategy-abi.ts';

/** Index of a node in `Graph.nodes`; arguments always come before the nodes that use them. */
export type NodeId = number;

/** How often a value can change: never, once a run (it depends on params), every bar. */
export type Rate = 'const' | 'param' | 'series';

/** Arithmetic on numbers; na (NaN) passes through. `min` and `max` give na when either side is. */
export const NUMERIC_OPS = [
  'neg',
  'abs',
  'sqrt',
  'log',
  'exp',
  'floor',
  'ceil',
  'round',
  'sign',
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'min',
  'max',
] as const;
export type NumericOp = (typeof NUMERIC_OPS)[number];

/** Numbers to a condition: true, false, or unknown when a side is na. */
export const COMPARE_OPS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

/** Three-valued logic (Kleene); `isNa` of a number or condition is never unknown. */
export const LOGIC_OPS = ['not', 'and', 'or', 'isNa'] as const;
export type LogicOp = (typeof LOGIC_OPS)[number];

/**
 * Primitives with memory. The first argument is the input, the others are lengths or factors that do not change within a
 * run. A window gives na until it holds `n` finite inputs in a row.
 *
 * - `delay(x, n)`: x n bars ago.
 * - `sum(x, n)`: built oldest first when the window fills, then `s + (x - x[n])` a bar.
 * - `variance(x, n)`: mean of squared deviations (ddof 0), updated as Welford's rolling form; never below zero.
 * - `highest(x, n)`, `lowest(x, n)`.
 * - `recursive(x, a, n)`: mean of the first n finite inputs, then `y + (x - y) * a`; an na input gives na and changes nothing.
 */
export const STATEFUL_OPS = ['delay', 'sum', 'variance', 'highest', 'lowest', 'recursive'] as const;
export type StatefulOp = (typeof STATEFUL_OPS)[number];

interface NodeBase {
  readonly args: readonly NodeId[];
  readonly rate: Rate;
  /** Its value is true, false or unknown (1, 0, NaN where stored) rather than a number. */
  readonly isCondition: boolean;
  /** It depends on the account, so it is computed after the broker's steps of the bar. */
  readonly usesAccount: boolean;
}

export type GraphNode = NodeBase &
  (
    | { readonly op: 'const'; readonly value: number }
    | { readonly op: 'param'; readonly index: number }
    | { readonly op: 'column'; readonly column: ColumnName }
    | { readonly op: 'barIndex' }
    | { readonly op: 'account'; readonly register: AccountRegister }
    | { readonly op: DerivedOp }
  );

/** Operators that only combine other nodes. */
export type DerivedOp = 'select' | NumericOp | CompareOp | LogicOp | StatefulOp;

export type Op = GraphNode['op'];

export interface Graph {
  readonly nodes: readonly GraphNode[];
}

const isOneOf =
  <T extends string>(ops: readonly T[]) =>
  (op: string): op is T =>
    (ops as readonly string[]).includes(op);

export const isNumericOp = isOneOf(NUMERIC_OPS);
export const isCompareOp = isOneOf(COMPARE_OPS);
export const isLogicOp = isOneOf(LOGIC_OPS);
export const isStatefulOp = isOneOf(STATEFUL_OPS);
