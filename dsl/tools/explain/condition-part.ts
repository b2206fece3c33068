import type { Expression, NameExpression } from '../../ast/expression.ts';
import type { LetStatement } from '../../ast/nodes.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';

/** Something that a part of a condition is made of, and that has a value of its own. */
export interface ConditionOperand {
  /** `expressionKey` of it. */
  readonly key: string;
  readonly span: Span;
  /** Where it is a name: the line that says what it is. */
  readonly definition: Span | null;
  /** What it was one bar before matters, too. */
  readonly hasPast: boolean;
}

/**
 * A condition as it is written: joined by `and`, `or` and `not`, names of conditions written out, down to what cannot be taken apart. A leaf is a truth of its own;
 * what stands above follows from its parts.
 */
export interface ConditionPart {
  readonly kind: 'and' | 'or' | 'not' | 'name' | 'leaf';
  readonly key: string;
  readonly span: Span;
  readonly parts: readonly ConditionPart[];
  /** Of a leaf. */
  readonly operands: readonly ConditionOperand[];
}

/** The lets that a condition may name, on bars of the traded chart. */
export type KnownLets = ReadonlyMap<string, LetStatement>;

/** Tells expressions of one text apart. */
export function expressionKey({ kind, span }: Pick<Expression, 'kind' | 'span'>): string {
  return `${kind}:${span.start}:${span.end}`;
}

/** Takes a condition apart. */
export function conditionPart(e: Expression, lets: KnownLets): ConditionPart {
  const made = (
    kind: ConditionPart['kind'],
    parts: readonly ConditionPart[],
    operands: readonly ConditionOperand[] = [],
  ): ConditionPart => ({
    kind,
    key: expressionKey(e),
    span: e.span,
    parts,
    operands,
  });
  if (e.kind === 'Logic')
    return made(
      e.operator,
      joined(e, e.operator).map((part) => conditionPart(part, lets)),
    );
  if (e.kind === 'Not') return made('not', [conditionPart(e.operand, lets)]);
  const defined = e.kind === 'Name' ? lets.get(e.text) : undefined;
  // What goes on from its own past is what it is: its line does not say it anew on each bar.
  if (defined !== undefined && defined.start === null)
    return made('name', [conditionPart(defined.value, without(lets, defined.name.text))]);
  return made('leaf', [], operandsOf(e, lets));
}

/** `a and b and c` as three parts; brackets keep what is in them together only where the word is another one. */
function joined(e: Expression, operator: 'and' | 'or'): readonly Expression[] {
  return e.kind === 'Logic' && e.operator === operator ? [...joined(e.left, operator), ...joined(e.right, operator)] : [e];
}

/** A name means itself nowhere in its own line. */
function without(lets: KnownLets, name: string): KnownLets {
  return new Map([...lets].filter(([other]) => other !== name));
}

function operandsOf(e: Expression, lets: KnownLets): readonly ConditionOperand[] {
  switch (e.kind) {
    case 'Comparison':
      return [e.left, e.right].flatMap((side) => operand(side, lets));
    case 'Crosses':
      return [e.left, e.right].flatMap((side) => operand(side, lets, true));
    case 'Trend':
      return operand(e.value, lets, true);
    case 'Between':
    case 'InRange':
      return [e.value, e.low, e.high].flatMap((side) => operand(side, lets));
    case 'InList':
    case 'Is':
      return operand(e.value, lets);
    case 'Temporal': {
      const inner = conditionPart(e.condition, lets);
      return [plain(e.condition, lets, true), ...operandsWithin(inner)];
    }
    case 'Call':
      return e.args.flatMap(({ value }) => operand(value, lets));
    case 'If':
      return [plain(e.condition, lets)];
    default:
      return [];
  }
}

function operandsWithin({ operands, parts }: ConditionPart): readonly ConditionOperand[] {
  return [...operands, ...parts.flatMap(operandsWithin)];
}

const LITERALS: ReadonlySet<Expression['kind']> = new Set<Expression['kind']>([
  'Number',
  'CurrencyAmount',
  'Percent',
  'RMultiple',
  'Duration',
  'Date',
  'Time',
  'Na',
  'Boolean',
  'List',
]);

function operand(e: Expression, lets: KnownLets, hasPast = false): readonly ConditionOperand[] {
  if (LITERALS.has(e.kind) || (e.kind === 'UnitAmount' && e.unit === 'bar') || (e.kind === 'Negate' && LITERALS.has(e.operand.kind)))
    return [];
  return [plain(e, lets, hasPast), ...voters(e, lets)];
}

function plain(e: Expression, lets: KnownLets, hasPast = false): ConditionOperand {
  const defined = e.kind === 'Name' ? lets.get(e.text) : undefined;
  return { key: expressionKey(e), span: e.span, definition: defined?.value.span ?? null, hasPast };
}

/** Who a vote is made of. */
function voters(e: Expression, lets: KnownLets): readonly ConditionOperand[] {
  const call = e.kind === 'Name' ? lets.get(e.text)?.value : e;
  if (call?.kind !== 'Call' || call.callee.text !== 'vote') return [];
  return call.args.flatMap(({ name }) => {
    if (name === null) return [];
    const voter: NameExpression = { kind: 'Name', span: name.span, text: name.text };
    return [plain(voter, lets)];
  });
}

/** Keys of all that has a value in a condition. */
export function keysOf(part: ConditionPart): readonly string[] {
  return [part.key, ...part.operands.map(({ key }) => key), ...part.parts.flatMap(keysOf)];
}

/** Leaves, in the order of the text. One that is named twice comes twice. */
export function leavesOf(part: ConditionPart): readonly ConditionPart[] {
  return part.kind === 'leaf' ? [part] : part.parts.flatMap(leavesOf);
}

/**
 * What a condition is when its leaves are these: 1, 0, or NaN for unknown (Kleene's logic, as in the graph).
 * @param given of a part, where something is to be taken in the place of what follows from its own parts
 */
export function truthOf(part: ConditionPart, leaf: (key: string) => number, given: ReadonlyMap<string, number> = new Map()): number {
  const set = given.get(part.key);
  if (set !== undefined) return set;
  const values = part.parts.map((one) => truthOf(one, leaf, given));
  switch (part.kind) {
    case 'leaf':
      return leaf(part.key);
    case 'name':
      return values[0]!;
    case 'not':
      return 1 - values[0]!;
    case 'and':
      return values.includes(0) ? 0 : values.every((value) => value === 1) ? 1 : Number.NaN;
    case 'or':
      return values.includes(1) ? 1 : values.every((value) => value === 0) ? 0 : Number.NaN;
  }
}

/** What a leaf has to be so that it helps the condition as a whole to be true; false under a `not`. One that stands under both is wanted true. */
export function wantedLeaves(part: ConditionPart, isWanted = true, found = new Map<string, boolean>()): ReadonlyMap<string, boolean> {
  if (part.kind === 'leaf') found.set(part.key, isWanted || found.get(part.key) === true);
  else for (const one of part.parts) wantedLeaves(one, part.kind === 'not' ? !isWanted : isWanted, found);
  return found;
}
