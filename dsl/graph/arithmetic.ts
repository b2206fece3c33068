import { type CompareOp, type GraphNode, isCompareOp, isLogicOp, isNumericOp, type LogicOp, type NumericOp } from './node.ts';

/**
 * The meaning of every operator without memory, once: constant folding and the interpreter use it, and the emitted code is
 * compared with it bit for bit. Numbers are doubles with NaN for na; conditions are 1, 0 and NaN for unknown.
 */
export function applyNumeric(op: NumericOp, a: number, b: number): number {
  switch (op) {
    case 'neg':
      return -a;
    case 'abs':
      return Math.abs(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'log':
      return Math.log(a);
    case 'exp':
      return Math.exp(a);
    case 'sin':
      return Math.sin(a);
    case 'cos':
      return Math.cos(a);
    case 'tan':
      return Math.tan(a);
    case 'asin':
      return Math.asin(a);
    case 'acos':
      return Math.acos(a);
    case 'atan':
      return Math.atan(a);
    case 'floor':
      return Math.floor(a);
    case 'ceil':
      return Math.ceil(a);
    case 'round':
      return Math.round(a);
    case 'sign':
      return Math.sign(a);
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'pow':
      return Math.pow(a, b);
    case 'min':
      return a < b ? a : b <= a ? b : Number.NaN;
    case 'max':
      return a > b ? a : b >= a ? b : Number.NaN;
  }
}

/** Number of operands that a numeric operator takes. */
export function arityOf(op: NumericOp): 1 | 2 {
  return ['add', 'sub', 'mul', 'div', 'pow', 'min', 'max'].includes(op) ? 2 : 1;
}

export function applyCompare(op: CompareOp, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  switch (op) {
    case 'lt':
      return a < b ? 1 : 0;
    case 'le':
      return a <= b ? 1 : 0;
    case 'gt':
      return a > b ? 1 : 0;
    case 'ge':
      return a >= b ? 1 : 0;
    case 'eq':
      return a === b ? 1 : 0;
    case 'ne':
      return a !== b ? 1 : 0;
  }
}

export function applyLogic(op: LogicOp, a: number, b: number): number {
  switch (op) {
    case 'not':
      return Number.isNaN(a) ? a : 1 - a;
    case 'and':
      return a === 0 || b === 0 ? 0 : a === 1 && b === 1 ? 1 : Number.NaN;
    case 'or':
      return a === 1 || b === 1 ? 1 : a === 0 && b === 0 ? 0 : Number.NaN;
    case 'isNa':
      return Number.isNaN(a) ? 1 : 0;
  }
}

/** `if c then a else b`; na when the condition is unknown. */
export function applySelect(condition: number, a: number, b: number): number {
  return condition === 1 ? a : condition === 0 ? b : Number.NaN;
}

/** Value of a node without memory that combines others, from their values. @throws RangeError when it is none. */
export function plainValue({ op, args }: Pick<GraphNode, 'op' | 'args'>, values: Float64Array): number {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = args.map((id) => values[id]!);
  if (op === 'select') return applySelect(a, b, c);
  if (isNumericOp(op)) return applyNumeric(op, a, b);
  if (isCompareOp(op)) return applyCompare(op, a, b);
  if (isLogicOp(op)) return applyLogic(op, a, b);
  throw new RangeError(`"${op}" has no plain value`);
}
