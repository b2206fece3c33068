import {
  type BinaryOp,
  type MathFunction,
  type StepCall,
  type StepCode,
  type StepExpression,
  type StepStatement,
  STEP_FUEL,
} from './step-code.ts';

type Value = number | boolean;

/** A turn or call too many; ends the call of `init` or `step`. */
export class OutOfFuel extends Error {}

/** One call of a function: values of its locals, and the windows that arrived in parameters. */
interface Frame {
  readonly values: Value[];
  readonly windows: readonly (Float64Array | undefined)[];
}

const LEAVE = { break: Symbol('break'), continue: Symbol('continue') } as const;
type Outcome = Value | symbol | undefined;

/**
 * Runs the code of a plugin by walking it: slow, without any JavaScript being made of text. Where it runs nothing but its windows is touched. Emitted code
 * must agree with it to the last bit, fuel included.
 */
export class StepMachine {
  readonly #code: StepCode;
  #fuel = 0;
  #spent = 0;

  constructor(code: StepCode) {
    this.#code = code;
  }

  /** Value of an expression of numbers only. */
  static constant(expression: StepExpression): Value {
    return new StepMachine({ functions: [], init: 0, step: 0 }).#evaluate(expression, { values: [], windows: [] });
  }

  /** Fuel used by all calls so far. */
  get spent(): number {
    return this.#spent;
  }

  /** @throws OutOfFuel */
  init(params: Float64Array, state: Float64Array): void {
    this.#enter(this.#code.init, [params, state]);
  }

  /** @throws OutOfFuel */
  step(params: Float64Array, state: Float64Array, input: Float64Array, out: Float64Array): void {
    this.#enter(this.#code.step, [params, state, input, out]);
  }

  #enter(index: number, windows: readonly Float64Array[]): void {
    this.#fuel = STEP_FUEL;
    try {
      this.#run(index, { values: [], windows });
    } finally {
      this.#spent += STEP_FUEL - this.#fuel;
    }
  }

  #burn(): void {
    this.#fuel -= 1;
    if (this.#fuel < 0) throw new OutOfFuel();
  }

  #run(index: number, frame: Frame): Value {
    this.#burn();
    const outcome = this.#block(this.#code.functions[index]!.body, frame);
    return typeof outcome === 'number' || typeof outcome === 'boolean' ? outcome : Number.NaN;
  }

  #block(statements: readonly StepStatement[], frame: Frame): Outcome {
    for (const statement of statements) {
      const outcome = this.#statement(statement, frame);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  #statement(statement: StepStatement, frame: Frame): Outcome {
    switch (statement.kind) {
      case 'set':
        frame.values[statement.local] = this.#evaluate(statement.value, frame);
        return undefined;
      case 'write': {
        const index = Number(this.#evaluate(statement.index, frame));
        frame.windows[statement.window]![index] = Number(this.#evaluate(statement.value, frame));
        return undefined;
      }
      case 'if':
        return this.#block(this.#evaluate(statement.test, frame) ? statement.yes : statement.no, frame);
      case 'for':
        return this.#loop(statement, frame);
      case 'return':
        return this.#evaluate(statement.value, frame);
      case 'leave':
        return LEAVE[statement.how];
      case 'do':
        this.#call(statement.call, frame);
        return undefined;
    }
  }

  #loop({ start, test, next, body }: StepStatement & { readonly kind: 'for' }, frame: Frame): Outcome {
    for (this.#block(start, frame); this.#evaluate(test, frame); this.#block(next, frame)) {
      this.#burn();
      const outcome = this.#block(body, frame);
      if (outcome === LEAVE.break) break;
      if (outcome !== undefined && outcome !== LEAVE.continue) return outcome;
    }
    return undefined;
  }

  #call({ callee, args }: StepCall, frame: Frame): Value {
    const values: Value[] = [];
    const windows: (Float64Array | undefined)[] = [];
    for (const [place, arg] of args.entries()) {
      if (arg.kind === 'window') windows[place] = frame.windows[arg.local];
      else values[place] = this.#evaluate(arg, frame);
    }
    return this.#run(callee, { values, windows });
  }

  #evaluate(e: StepExpression, frame: Frame): Value {
    switch (e.kind) {
      case 'number':
      case 'truth':
        return e.value;
      case 'local':
        return frame.values[e.local]!;
      case 'read':
        return frame.windows[e.window]![Number(this.#evaluate(e.index, frame))] ?? Number.NaN;
      case 'size':
        return frame.windows[e.window]!.length;
      case 'unary': {
        const x = this.#evaluate(e.x, frame);
        return e.op === '!' ? !x : e.op === '-' ? -Number(x) : e.op === '+' ? Number(x) : ~Number(x);
      }
      case 'binary':
        return binary(e.op, this.#evaluate(e.x, frame), this.#evaluate(e.y, frame));
      case 'logical': {
        const x = this.#evaluate(e.x, frame);
        return (e.op === '&&') === Boolean(x) ? this.#evaluate(e.y, frame) : x;
      }
      case 'choice':
        return this.#evaluate(this.#evaluate(e.test, frame) ? e.yes : e.no, frame);
      case 'math': {
        const args = e.args.map((arg) => Number(this.#evaluate(arg, frame)));
        return mathOf(e.name)(...args);
      }
      case 'test': {
        const x = Number(this.#evaluate(e.x, frame));
        return e.name === 'isNaN' ? Number.isNaN(x) : Number.isFinite(x);
      }
      case 'call':
        return this.#call(e, frame);
    }
  }
}

const mathOf = (name: MathFunction): ((...args: number[]) => number) => Math[name];

function binary(op: BinaryOp, left: Value, right: Value): Value {
  if (op === '===') return left === right;
  if (op === '!==') return left !== right;
  const x = Number(left);
  const y = Number(right);
  switch (op) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '**':
      return x ** y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    case '>>>':
      return x >>> y;
  }
}
