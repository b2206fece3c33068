import type { PineStatement, Place } from './pine-nodes.ts';
import type { Said, Variable } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';

export type FunctionStatement = Extract<PineStatement, { kind: 'Function' }>;

/** Kind and unit of a variable. */
export interface Likeness extends Pick<Said, 'kind' | 'unit' | 'mayBeNa'> {
  /** A `var` that nothing changes, and that began with what is the same on every bar. */
  readonly isFixed: boolean;
}

class Scope {
  readonly names = new Map<string, Variable | FunctionStatement>();
  readonly parent: Scope | null;

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  find(name: string): Variable | FunctionStatement | null {
    return this.names.get(name) ?? this.parent?.find(name) ?? null;
  }
}

/** Names and variables of a script while it runs: blocks and functions have names of their own, branches are taken back. */
export class ScriptNames {
  readonly variables: Variable[] = [];
  readonly #say: SaidBuilder;
  readonly #likeness: readonly Likeness[];
  readonly #global = new Scope(null);
  #scope = this.#global;
  /** What variables were before each open branch changed them. */
  readonly #journals: Map<Variable, Said>[] = [];

  /** @param likeness what variables turned out to be in an earlier run, by their number: Pine declares a price as 0.0 */
  constructor(say: SaidBuilder, likeness: readonly Likeness[]) {
    this.#say = say;
    this.#likeness = likeness;
  }

  /** What the variables are at the end of the bar. */
  get likenesses(): readonly Likeness[] {
    return this.variables.map((variable) => {
      const { first, value } = variable;
      const { kind, unit, mayBeNa } = value;
      return { kind, unit, mayBeNa, isFixed: value.op === 'before' && value.variable === variable && first.rate !== 'series' };
    });
  }

  get openBranches(): number {
    return this.#journals.length;
  }

  /** Whether the variable that is declared next never changes. */
  get isNextFixed(): boolean {
    return this.#likeness[this.variables.length]?.isFixed === true;
  }

  variable(name: string): Variable | null {
    const found = this.#scope.find(name);
    return found === null || 'kind' in found ? null : found;
  }

  userFunction(name: string): FunctionStatement | null {
    const found = this.#scope.find(name);
    return found !== null && 'kind' in found ? found : null;
  }

  addFunction(statement: FunctionStatement): void {
    this.#scope.names.set(statement.name, statement);
  }

  /** Runs with names of its own: of a block those around it are seen, of a function the global ones. */
  inside<T>(what: 'block' | 'function', run: () => T): T {
    const outer = this.#scope;
    this.#scope = new Scope(what === 'block' ? outer : this.#global);
    try {
      return run();
    } finally {
      this.#scope = outer;
    }
  }

  declare(name: string, value: Said, place: Place, comments: readonly string[], first = this.#say.na): Variable {
    const variable = this.add(name, value, place, comments, first);
    this.#scope.names.set(name, variable);
    // In a branch that is not taken it keeps what it was.
    this.#journals.at(-1)?.set(variable, first.kind === 'na' ? value : this.before(variable, this.#say.number(1), value));
    return variable;
  }

  /** A variable that no name of the script means. */
  add(name: string, value: Said, place: Place, comments: readonly string[], first: Said): Variable {
    const variable: Variable = { id: this.variables.length, name, place, comments, first, value };
    this.variables.push(variable);
    return variable;
  }

  before(variable: Variable, bars: Said, like: Said): Said {
    const known = this.#likeness[variable.id];
    const isBetter = known !== undefined && (known.kind === 'number' || known.kind === 'condition');
    return this.#say.before(variable, bars, isBetter ? { ...like, ...known } : like);
  }

  set(variable: Variable, value: Said): void {
    const journal = this.#journals.at(-1);
    if (journal !== undefined && !journal.has(variable)) journal.set(variable, variable.value);
    variable.value = value;
  }

  /** Runs a branch and takes back what it changed. @returns its value, and what the variables were at its end */
  branch(run: () => Said): { readonly value: Said; readonly changed: ReadonlyMap<Variable, Said> } {
    const journal = new Map<Variable, Said>();
    this.#journals.push(journal);
    const value = run();
    this.#journals.pop();
    const changed = new Map<Variable, Said>();
    for (const [variable, before] of journal) {
      changed.set(variable, variable.value);
      variable.value = before;
    }
    return { value, changed };
  }
}
