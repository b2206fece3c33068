import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { NodeId, NumericOp } from '../graph/node.ts';
import { type AlgebraResult, joinedType, type Operand } from './algebra.ts';
import { isPlain, isScalar, scaleDimension, scalarType, type Type, typeOfDimension, typeWords } from './type.ts';
import type { Value } from './value.ts';

/** A checked argument and where it stands. */
export interface BoundArgument {
  readonly value: Value;
  readonly span: Span;
}

/** What a function of the compiler may do: build nodes, and refuse an argument (the result then is poison). */
export interface FunctionContext {
  readonly builder: GraphBuilder;
  operand(value: Value): Operand;
  /** The chart that the function is called on: where what has no series in it runs. */
  readonly chart: number;
  constantOf(value: Value): number | null;
  /** Bounds of a value that is fixed before the run, over all that its params may be; null of a series. */
  fixedRange(node: NodeId): { readonly low: number; readonly high: number } | null;
  poison(): Value;
  /** `code`: E0307 (a wrong kind) when not said. */
  refuse(span: Span, message: string, hint?: string, code?: DiagnosticCode): Value;
}

/** A function that is not written in the language itself; its arguments are numbers of any unit (or na), already checked. */
export interface BuiltinFunction {
  readonly parameters: readonly string[];
  /** Its arguments may be conditions too. */
  readonly takesConditions?: boolean;
  apply(context: FunctionContext, args: readonly BoundArgument[]): Value;
}

type One = (context: FunctionContext, x: BoundArgument) => Value;
type Two = (context: FunctionContext, x: BoundArgument, y: BoundArgument) => Value;

const unary = (apply: One): BuiltinFunction => ({ parameters: ['x'], apply: (context, [x]) => apply(context, x!) });
const binary = (first: string, second: string, apply: Two): BuiltinFunction => ({
  parameters: [first, second],
  apply: (context, [x, y]) => apply(context, x!, y!),
});

/** Keeps the unit of its argument. */
const keepsUnit = (op: NumericOp): BuiltinFunction =>
  unary(({ builder }, { value }) => ({ type: value.type, node: builder.numeric(op, value.node) }));

const extreme = (op: 'min' | 'max'): BuiltinFunction =>
  binary('a', 'b', (context, a, b) => {
    const joined: AlgebraResult = joinedType(context.operand(a.value), context.operand(b.value));
    if (!joined.ok) {
      const code = joined.code === 'E0306' ? joined.code : 'E0307';
      return context.refuse(b.span, `${op} takes two values of one unit: ${joined.message}`, joined.hint, code);
    }
    return { type: joined.type, node: context.builder.numeric(op, a.value.node, b.value.node) };
  });

const isPlainType = (type: Type): boolean => type.kind === 'na' || (isScalar(type) && isPlain(type.dimension));

const squareRoot = unary((context, x) => {
  const { type } = x.value;
  const node = context.builder.numeric('sqrt', x.value.node);
  if (!isScalar(type)) return { type, node };
  const { base, quote, time, bars } = type.dimension;
  if ([base, quote, time, bars].some((exponent) => exponent % 2 !== 0)) {
    return context.refuse(x.span, `the root of ${typeWords(type)} has no unit`, 'divide by a value of the same unit first');
  }
  return { type: typeOfDimension(scaleDimension(type.dimension, 0.5), type.currency, type.kind === 'number' ? 'number' : 'ratio'), node };
});

const power = binary('x', 'y', (context, x, y) => {
  if (!isPlainType(y.value.type)) return context.refuse(y.span, `an exponent is a number, found ${typeWords(y.value.type)}`);
  const { type } = x.value;
  const node = context.builder.numeric('pow', x.value.node, y.value.node);
  if (!isScalar(type) || isPlain(type.dimension))
    return { type: isScalar(type) && type.kind === 'number' ? type : scalarType('ratio'), node };
  const exponent = context.constantOf(y.value);
  if (exponent === null || !Number.isInteger(exponent)) {
    return context.refuse(x.span, `a power of ${typeWords(type)} has no unit`, 'divide by a value of the same unit first');
  }
  return { type: typeOfDimension(scaleDimension(type.dimension, exponent), type.currency, 'ratio'), node };
});

/** What has a meaning for plain numbers only. */
const ofNumber = (op: NumericOp): BuiltinFunction =>
  unary((context, x) => {
    if (!isPlainType(x.value.type)) return context.refuse(x.span, `${op} takes a number, found ${typeWords(x.value.type)}`);
    return { type: scalarType('number'), node: context.builder.numeric(op, x.value.node) };
  });

const toNumber = (op: 'log' | 'sign'): BuiltinFunction =>
  unary(({ builder }, { value }) => ({ type: scalarType('number'), node: builder.numeric(op, value.node) }));

/** Functions of section 8 that the compiler knows itself. */
export const FUNCTIONS: ReadonlyMap<string, BuiltinFunction> = new Map<string, BuiltinFunction>([
  ['abs', keepsUnit('abs')],
  ['floor', keepsUnit('floor')],
  ['ceil', keepsUnit('ceil')],
  ['round', keepsUnit('round')],
  ['sign', toNumber('sign')],
  ['log', toNumber('log')],
  ['exp', ofNumber('exp')],
  ['sin', ofNumber('sin')],
  ['cos', ofNumber('cos')],
  ['tan', ofNumber('tan')],
  ['asin', ofNumber('asin')],
  ['acos', ofNumber('acos')],
  ['atan', ofNumber('atan')],
  ['sqrt', squareRoot],
  ['pow', power],
  ['min', extreme('min')],
  ['max', extreme('max')],
]);
