import { numberText } from '../emit/number-text.ts';
import type { StepCall, StepCode, StepExpression, StepStatement } from './step-code.ts';

/** Name of the counter that printed code takes its fuel from: a variable around all plugins, set before each call of `init` or `step`. */
export const FUEL = 'fuel';

/**
 * The code of a plugin as JavaScript functions. Nothing of its source gets in: functions are `g<prefix>_<place>`, locals `x<number>`, numbers go through
 * `numberText`. Every turn of a loop and every call takes fuel, and throws when there is none.
 */
export function printStepCode(code: StepCode, prefix: number): string {
  const printer = new Printer(prefix);
  return code.functions
    .map(({ parameters, locals, body }, index) => {
      const names = Array.from({ length: locals }, (_, local) => `x${local}`);
      const own = names.slice(parameters.length);
      const declared = own.length === 0 ? '' : `let ${own.join(',')};`;
      return `function ${printer.name(index)}(${names.slice(0, parameters.length).join(',')}){${BURN}${declared}${printer.block(body)}return 0/0;}`;
    })
    .join('\n');
}

/** Names of the printed functions `init` and `step`. */
export function entryNames({ init, step }: StepCode, prefix: number): { readonly init: string; readonly step: string } {
  const printer = new Printer(prefix);
  return { init: printer.name(init), step: printer.name(step) };
}

const BURN = `if(--${FUEL}<0)throw 0;`;

class Printer {
  readonly #prefix: number;

  constructor(prefix: number) {
    this.#prefix = prefix;
  }

  name(index: number): string {
    return `g${this.#prefix}_${index}`;
  }

  block(statements: readonly StepStatement[]): string {
    return statements.map((statement) => this.#statement(statement)).join('');
  }

  #statement(s: StepStatement): string {
    switch (s.kind) {
      case 'set':
        return `x${s.local}=${this.#text(s.value)};`;
      case 'write':
        return `x${s.window}[${this.#index(s.index)}]=${this.#text(s.value)};`;
      case 'if':
        return `if(${this.#text(s.test)}){${this.block(s.yes)}}${s.no.length === 0 ? '' : `else{${this.block(s.no)}}`}`;
      case 'for': {
        const [start, next] = [s.start, s.next].map((part) => this.block(part).replaceAll(/;$/g, ''));
        return `for(${start};${this.#text(s.test)};${next}){${BURN}${this.block(s.body)}}`;
      }
      case 'return':
        return `return ${this.#text(s.value)};`;
      case 'leave':
        return `${s.how};`;
      case 'do':
        return `${this.#call(s.call)};`;
    }
  }

  /** An index as a number, whatever it is: a truth value or nothing as the name of a member would be a place outside of the window's doubles. */
  #index(e: StepExpression): string {
    return `+${this.#text(e)}`;
  }

  #call({ callee, args }: StepCall): string {
    return `${this.name(callee)}(${args.map((arg) => (arg.kind === 'window' ? `x${arg.local}` : this.#text(arg))).join(',')})`;
  }

  /** In brackets wherever it is more than one word. */
  #text(e: StepExpression): string {
    switch (e.kind) {
      case 'number':
        return numberText(e.value);
      case 'truth':
        return String(e.value);
      case 'local':
        return `x${e.local}`;
      case 'read':
        return `(+x${e.window}[${this.#index(e.index)}])`;
      case 'size':
        return `x${e.window}.length`;
      case 'unary':
        return `(${e.op}${this.#text(e.x)})`;
      case 'binary':
      case 'logical':
        return `(${this.#text(e.x)}${e.op}${this.#text(e.y)})`;
      case 'choice':
        return `(${this.#text(e.test)}?${this.#text(e.yes)}:${this.#text(e.no)})`;
      case 'math':
        return `Math.${e.name}(${e.args.map((arg) => this.#text(arg)).join(',')})`;
      case 'test':
        return `${e.name}(${this.#text(e.x)})`;
      case 'call':
        return this.#call(e);
    }
  }
}
