import type { StepExpression } from './step-code.ts';

/** The windows that a plugin is given; what arrives in a parameter of a function may be several of them, from call to call. */
export type WindowRole = 'params' | 'state' | 'input' | 'out';

/** What a parameter of a function receives: the same kind at every call. */
export type ParameterUse =
  /** `isFixed`: at every call a value that does not depend on the data. */
  { readonly kind: 'number'; readonly isFixed: boolean } | { readonly kind: 'window'; readonly roles: ReadonlySet<WindowRole> };

/** What a name stands for inside of a function. */
export type ScriptName =
  /** Declared further down in its block: until then it cannot be used, and hides what is outside. */
  | { readonly kind: 'later' }
  | { readonly kind: 'constant'; readonly value: StepExpression }
  | { readonly kind: 'window'; readonly local: number; readonly roles: ReadonlySet<WindowRole> }
  | {
      readonly kind: 'local';
      readonly local: number;
      /** `loop`: the variable of a loop, which only the head of the loop changes. */
      readonly how: 'const' | 'let' | 'loop';
      /** Its value does not depend on the data: it can bound a loop. */
      readonly isFixed: boolean;
    };

/** Names of one block and of those around it. */
export class ScriptScope {
  readonly #outer: ScriptScope | null;
  readonly #names = new Map<string, ScriptName>();

  constructor(outer: ScriptScope | null) {
    this.#outer = outer;
  }

  find(name: string): ScriptName | undefined {
    return this.#names.get(name) ?? this.#outer?.find(name);
  }

  declare(name: string, what: ScriptName): void {
    this.#names.set(name, what);
  }
}
