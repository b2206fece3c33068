/**
 * The code of an indicator plugin as data: what is left of its JavaScript once it was found to be in the allowed subset (docs/plugins.md).
 * It can be printed (`print-step-code.ts`) and interpreted (`step-machine.ts`); it cannot say anything but arithmetic on numbers, truth values and windows
 * of doubles. A function calls only functions behind it in the list, so nothing calls itself.
 */
export interface StepCode {
  readonly functions: readonly StepFunction[];
  /** Places in `functions`. `init(params, state)` runs once before the first bar, `step(params, state, input, out)` on every bar. */
  readonly init: number;
  readonly step: number;
}

export interface StepFunction {
  /** Locals 0 .. parameters - 1 are its arguments. */
  readonly parameters: readonly ('number' | 'window')[];
  readonly locals: number;
  readonly body: readonly StepStatement[];
}

/** A number or a truth value; nothing else is ever in a local that is no window. */
export type StepExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'local'; readonly local: number }
  /** A double of a window; NaN outside of it. */
  | { readonly kind: 'read'; readonly window: number; readonly index: StepExpression }
  /** Number of doubles in a window. */
  | { readonly kind: 'size'; readonly window: number }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly x: StepExpression }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly x: StepExpression; readonly y: StepExpression }
  | { readonly kind: 'logical'; readonly op: '&&' | '||'; readonly x: StepExpression; readonly y: StepExpression }
  | { readonly kind: 'choice'; readonly test: StepExpression; readonly yes: StepExpression; readonly no: StepExpression }
  | { readonly kind: 'math'; readonly name: MathFunction; readonly args: readonly StepExpression[] }
  | { readonly kind: 'test'; readonly name: TestName; readonly x: StepExpression }
  | StepCall;

export type TestName = 'isNaN' | 'isFinite';

/** A function that ends without `return` gives NaN. A window is handed on by the local that holds it. */
export interface StepCall {
  readonly kind: 'call';
  readonly callee: number;
  readonly args: readonly ({ readonly kind: 'window'; readonly local: number } | StepExpression)[];
}

export type StepStatement =
  | { readonly kind: 'set'; readonly local: number; readonly value: StepExpression }
  /** Nothing happens outside of the window. */
  | { readonly kind: 'write'; readonly window: number; readonly index: StepExpression; readonly value: StepExpression }
  | { readonly kind: 'if'; readonly test: StepExpression; readonly yes: readonly StepStatement[]; readonly no: readonly StepStatement[] }
  | {
      readonly kind: 'for';
      readonly start: readonly StepStatement[];
      readonly test: StepExpression;
      readonly next: readonly StepStatement[];
      readonly body: readonly StepStatement[];
    }
  | { readonly kind: 'return'; readonly value: StepExpression }
  | { readonly kind: 'leave'; readonly how: 'break' | 'continue' }
  | { readonly kind: 'do'; readonly call: StepCall };

export const UNARY_OPS = ['-', '+', '!', '~'] as const;
export type UnaryOp = (typeof UNARY_OPS)[number];

export const BINARY_OPS = ['+', '-', '*', '/', '%', '**', '<', '<=', '>', '>=', '===', '!==', '&', '|', '^', '<<', '>>', '>>>'] as const;
export type BinaryOp = (typeof BINARY_OPS)[number];

/** Functions of Math that take numbers and always give the same for the same; how many they take, null = any number. */
export const MATH_FUNCTIONS = {
  abs: 1,
  acos: 1,
  acosh: 1,
  asin: 1,
  asinh: 1,
  atan: 1,
  atan2: 2,
  atanh: 1,
  cbrt: 1,
  ceil: 1,
  clz32: 1,
  cos: 1,
  cosh: 1,
  exp: 1,
  expm1: 1,
  floor: 1,
  fround: 1,
  hypot: null,
  imul: 2,
  log: 1,
  log10: 1,
  log1p: 1,
  log2: 1,
  max: null,
  min: null,
  pow: 2,
  round: 1,
  sign: 1,
  sin: 1,
  sinh: 1,
  sqrt: 1,
  tan: 1,
  tanh: 1,
  trunc: 1,
} as const satisfies Readonly<Record<string, number | null>>;
export type MathFunction = keyof typeof MATH_FUNCTIONS;

export const MATH_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['E', Math.E],
  ['LN10', Math.LN10],
  ['LN2', Math.LN2],
  ['LOG10E', Math.LOG10E],
  ['LOG2E', Math.LOG2E],
  ['PI', Math.PI],
  ['SQRT1_2', Math.SQRT1_2],
  ['SQRT2', Math.SQRT2],
]);

export const isMathFunction = (name: string): name is MathFunction => Object.hasOwn(MATH_FUNCTIONS, name);

/** Turns of loops and calls of functions that one call of `init` or `step` may make; the next one ends the plugin for the run. */
export const STEP_FUEL = 1_000_000;
