import type { Place } from './pine-nodes.ts';
import { type Definition, PLAIN, QUANTITY, type Rate, type Said, type SaidKind, type SaidOp, type Unit, type Variable } from './said.ts';

/** Parts of one value, and nodes of a script: what is above is refused, as strategy files of that size are. */
const MAX_SIZE = 4000;
const MAX_NODES = 100_000;

/** The script is larger than what is translated. Never leaves the importer. */
export class ScriptTooLarge extends Error {}

/** What a new node is; left out is what most are: a series without a unit that is known once it has warmed up. */
export interface Facts {
  readonly kind: SaidKind;
  readonly unit?: Unit;
  readonly rate?: Rate;
  readonly mayBeNa?: boolean;
  readonly usesAccount?: boolean;
}

/** Kinds that can be operands. */
export const OPERANDS: ReadonlySet<SaidKind> = new Set<SaidKind>(['number', 'condition', 'time', 'weekday', 'na']);
/** The place of what no line of the script says. */
export const NOWHERE: Place = { line: 0, column: 0 };

/** Numbers as strat writes them: no exponents, at most 12 digits behind the point. */
export function numberText(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

/** Keeps the values of one script, equal ones once, and makes those without operands. */
export class SaidStore {
  readonly #nodes = new Map<string, Said>();
  #definitions = 0;
  readonly yes: Said;
  readonly no: Said;
  readonly na: Said;
  readonly nothing: Said;

  constructor() {
    this.yes = this.add({ op: 'truth', value: true }, [], { kind: 'condition', rate: 'const' });
    this.no = this.add({ op: 'truth', value: false }, [], { kind: 'condition', rate: 'const' });
    this.na = this.add({ op: 'na' }, [], { kind: 'na', rate: 'const', mayBeNa: true });
    this.nothing = this.add({ op: 'nothing' }, [], { kind: 'nothing', rate: 'const' });
  }

  number(value: number): Said {
    return this.add({ op: 'number', value, text: numberText(value) }, [], { kind: 'number', rate: 'const' });
  }

  text(text: string): Said {
    return this.add({ op: 'text', text }, [], { kind: 'text', rate: 'const' });
  }

  color(): Said {
    return this.add({ op: 'text', text: '' }, [], { kind: 'color', rate: 'const' });
  }

  truth(value: boolean): Said {
    return value ? this.yes : this.no;
  }

  /** A name or literal of strat. */
  word(text: string, facts: Facts): Said {
    return this.add({ op: 'word', text }, [], { rate: 'series', ...facts });
  }

  /** Size of the position with its sign. */
  position(): Said {
    return this.add({ op: 'position' }, [], { kind: 'number', unit: QUANTITY, usesAccount: true });
  }

  unsaid(place: Place): Said {
    return this.add({ op: 'unsaid', place: { line: place.line, column: place.column } }, [], { kind: 'unsaid' });
  }

  definition(wish: string, place: Place, comments: readonly string[], value: Said): Definition {
    this.#definitions += 1;
    return { id: this.#definitions, wish, place, comments, value, statement: null, start: null };
  }

  param(wish: string, place: Place, comments: readonly string[], statement: string): Definition {
    this.#definitions += 1;
    return { id: this.#definitions, wish, place, comments, value: null, statement, start: null };
  }

  ref(definition: Definition): Said {
    const { value } = definition;
    if (value === null) return this.add({ op: 'ref', definition }, [], { kind: 'number', rate: 'param' });
    const { kind, unit, rate, mayBeNa, usesAccount } = value;
    return this.add({ op: 'ref', definition }, [], { kind, unit, rate, mayBeNa, usesAccount });
  }

  option(definition: Definition, options: readonly string[]): Said {
    return this.add({ op: 'option', definition, options }, [], { kind: 'option', rate: 'param' });
  }

  /** A variable at the end of a bar before. @param like what it is now: its kind and unit */
  before(variable: Variable, bars: Said, like: Said): Said {
    if (bars.kind === 'unsaid') return bars;
    if (!OPERANDS.has(like.kind)) return this.unsaid(NOWHERE);
    const { kind, unit, usesAccount } = like;
    return this.add({ op: 'before', variable }, [bars], { kind, unit, usesAccount, mayBeNa: like.mayBeNa });
  }

  /** Whether a bar lies in a session: what `time(..., session)` asks. */
  session(name: string): Said {
    return this.add({ op: 'call', name: 'session' }, [this.word(name, { kind: 'nothing' })], { kind: 'session' });
  }

  tuple(items: readonly Said[]): Said {
    return this.add({ op: 'tuple' }, items, { kind: 'tuple' });
  }

  /** The node with these operands: the one that is there, or a new one. @throws ScriptTooLarge */
  protected add(
    op: SaidOp,
    args: readonly Said[],
    { kind, unit = PLAIN, rate = 'series', mayBeNa = false, usesAccount = false }: Facts,
  ): Said {
    const key = `${keyOf(op)} ${kind} ${args.map(({ id }) => id).join(' ')} ${unit.quote} ${unit.base} ${unit.bars}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MAX_NODES) throw new ScriptTooLarge();
    const isNamed = op.op === 'ref' && op.definition.value !== null;
    const size = args.reduce((sum, arg) => sum + arg.size, 1);
    if (size > MAX_SIZE) throw new ScriptTooLarge();
    const isSided = op.op === 'position' || args.some((arg) => arg.isSided) || (isNamed && op.definition.value!.isSided);
    const said: Said = { ...op, id: this.#nodes.size, kind, unit, rate, args, size, mayBeNa, isSided, usesAccount };
    this.#nodes.set(key, said);
    return said;
  }
}

function keyOf(op: SaidOp): string {
  switch (op.op) {
    case 'ref':
    case 'option':
      return `${op.op} ${op.definition.id}`;
    case 'before':
      return `before ${op.variable.id}`;
    default:
      return JSON.stringify(op);
  }
}
