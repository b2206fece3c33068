import type { Remarks } from './report.ts';
import type { Definition, Said, Variable } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';
import { ScriptTooLarge } from './said-store.ts';

const MAX_REMEMBERING = 400;

/**
 * Puts in what variables were a bar before, once their last values are known: the past of a series, or the past of the series itself, which then becomes one that reads
 * its own past. Two that read each other's past have no words in strat.
 */
export class Loops {
  readonly #say: SaidBuilder;
  readonly #remarks: Remarks;
  /** Variables whose past a value needs, through names. */
  readonly #needs = new Map<Said, ReadonlySet<Variable>>();
  readonly #settled = new Map<Said, Said>();
  readonly #definitions = new Map<Definition, Definition>();
  readonly #loops = new Map<Variable, Definition | null>();
  readonly #groups = new Map<Variable, number>();
  readonly #groupSizes = new Map<number, readonly Variable[]>();

  constructor(variables: readonly Variable[], say: SaidBuilder, remarks: Remarks) {
    this.#say = say;
    this.#remarks = remarks;
    this.#group(variables);
  }

  /** The value with every past put in. */
  settle(said: Said): Said {
    const known = this.#settled.get(said);
    if (known !== undefined) return known;
    const settled = this.#rewritten(said, (inner) => this.settle(inner), null);
    this.#settled.set(said, settled);
    return settled;
  }

  /** @param inside the variable whose own series is being written: names that need its past are written out */
  #rewritten(said: Said, go: (said: Said) => Said, inside: Variable | null): Said {
    if (said.op === 'before') return this.#before(said.variable, go(said.args[0]!));
    if (said.op === 'ref') {
      const { definition } = said;
      if (definition.value === null) return said;
      if (inside !== null && this.#needsOf(definition.value).has(inside)) return go(definition.value);
      return this.#refTo(definition, said);
    }
    return this.#say.rebuilt(said, said.args.map(go));
  }

  #refTo(definition: Definition, ref: Said): Said {
    for (const variable of this.#needsOf(definition.value!)) {
      if (variable.value === ref && this.#isLoop(variable)) {
        const loop = this.#loopOf(variable);
        return loop === null ? this.#say.unsaid(variable.place) : this.#say.ref(loop);
      }
    }
    const known = this.#definitions.get(definition);
    if (known !== undefined) return this.#say.ref(known);
    const value = this.settle(definition.value!);
    if (value.kind === 'unsaid') return value;
    const settled =
      value === definition.value ? definition : this.#say.definition(definition.wish, definition.place, definition.comments, value);
    this.#definitions.set(definition, settled);
    return this.#say.ref(settled);
  }

  #before(variable: Variable, bars: Said): Said {
    if (this.#isLost(variable)) {
      this.#tellLost(variable);
      return this.#say.unsaid(variable.place);
    }
    if (!this.#isLoop(variable)) return this.#say.past(this.settle(variable.value), bars);
    // `var x = 20` that nothing changes
    if (variable.value.op === 'before' && variable.first.rate !== 'series') return this.settle(variable.first);
    const loop = this.#loopOf(variable);
    return loop === null ? this.#say.unsaid(variable.place) : this.#say.past(this.#say.ref(loop), bars);
  }

  #loopOf(variable: Variable): Definition | null {
    const known = this.#loops.get(variable);
    if (known !== undefined) return known;
    const say = this.#say;
    const { value, first } = variable;
    const whole = value.op === 'ref' && value.definition.value !== null ? value.definition.value : value;
    const definition = say.definition(variable.name, variable.place, variable.comments, whole);
    this.#loops.set(variable, definition);
    const self = say.ref(definition);
    const goes = this.#through(variable, (bars) => say.past(self, bars))(whole);
    const starts = this.#through(variable, (bars) => (bars.op === 'number' && bars.value === 1 ? this.settle(first) : say.na))(whole);
    if (goes.isSided || goes.kind === 'unsaid' || starts.kind === 'unsaid') {
      if (goes.isSided)
        this.#remarks.dropped(variable.place, variable.name, 'it remembers the side of the position, which strat knows in rules only');
      this.#loops.set(variable, null);
      return null;
    }
    definition.value = goes;
    definition.start = starts;
    this.#asValueWhen(definition, self);
    return definition;
  }

  /** `if c then x else itself` that starts as na is `value_when(c, x)`. */
  #asValueWhen(definition: Definition, self: Said): void {
    const say = this.#say;
    const { value, start } = definition;
    if (value?.op !== 'choice' || start === null) return;
    const [condition, held, kept] = value.args as [Said, Said, Said];
    const isKept = kept === say.past(self, say.number(1));
    if (!isKept || start !== say.choice(condition, held, say.na) || mentions(condition, self) || mentions(held, self)) return;
    const bare = condition.op === 'call' && condition.name === 'known' ? condition.args[0]! : condition;
    definition.value = say.call('value_when', [bare, held], { kind: held.kind, unit: held.unit, mayBeNa: true });
    definition.start = null;
  }

  /** Rewrites a value of a loop: names that need the loop's past are written out, its past becomes what `past` says. */
  #through(variable: Variable, past: (bars: Said) => Said): (said: Said) => Said {
    const done = new Map<Said, Said>();
    const go = (said: Said): Said => {
      const known = done.get(said);
      if (known !== undefined) return known;
      const result = said.op === 'before' && said.variable === variable ? past(go(said.args[0]!)) : this.#rewritten(said, go, variable);
      done.set(said, result);
      return result;
    };
    return go;
  }

  #needsOf(said: Said): ReadonlySet<Variable> {
    const known = this.#needs.get(said);
    if (known !== undefined) return known;
    const found = new Set<Variable>();
    if (said.op === 'before') found.add(said.variable);
    if (said.op === 'ref' && said.definition.value !== null)
      for (const variable of this.#needsOf(said.definition.value)) found.add(variable);
    for (const arg of said.args) for (const variable of this.#needsOf(arg)) found.add(variable);
    const needs = found.size === 0 ? NONE : found;
    this.#needs.set(said, needs);
    return needs;
  }

  #isLoop(variable: Variable): boolean {
    return this.#needsOf(variable.value).has(variable);
  }

  #isLost(variable: Variable): boolean {
    return (this.#groupSizes.get(this.#groups.get(variable) ?? -1)?.length ?? 1) > 1;
  }

  #tellLost(variable: Variable): void {
    const names = this.#groupSizes.get(this.#groups.get(variable)!)!.map(({ name }) => name);
    const others = names.filter((name) => name !== variable.name).slice(0, 5);
    this.#remarks.dropped(
      variable.place,
      variable.name,
      `it and ${others.join(', ')} read each other's past, for which strat has no words`,
    );
  }

  /** Variables that read each other's past, as strongly connected components (Tarjan 1972). */
  #group(variables: readonly Variable[]): void {
    const remembering = new Set<Variable>();
    for (const { value } of variables) for (const variable of this.#needsOf(value)) remembering.add(variable);
    if (remembering.size > MAX_REMEMBERING) throw new ScriptTooLarge();
    const [index, low] = [new Map<Variable, number>(), new Map<Variable, number>()];
    const stack: Variable[] = [];
    const visit = (variable: Variable): void => {
      index.set(variable, index.size);
      low.set(variable, index.get(variable)!);
      stack.push(variable);
      for (const next of this.#needsOf(variable.value)) {
        if (!index.has(next)) visit(next);
        if (stack.includes(next)) low.set(variable, Math.min(low.get(variable)!, low.get(next)!));
      }
      if (low.get(variable) !== index.get(variable)) return;
      const group = stack.splice(stack.indexOf(variable));
      const number = this.#groupSizes.size;
      this.#groupSizes.set(number, group);
      for (const member of group) this.#groups.set(member, number);
    };
    for (const variable of remembering) if (!index.has(variable)) visit(variable);
  }
}

const NONE: ReadonlySet<Variable> = new Set();

function mentions(said: Said, what: Said): boolean {
  return said === what || said.args.some((arg) => mentions(arg, what));
}
