import type { Value } from './value.ts';

/** Exponents of the units that arithmetic keeps track of; a price is quote per base: { base: -1, quote: 1 }. */
export interface Dimension {
  readonly base: number;
  readonly quote: number;
  readonly time: number;
  readonly bars: number;
}

/**
 * Kinds of values that arithmetic works on (language.md section 4). `number`, `percent`, `ratio` and `r` have no dimension and
 * differ in what they may meet; `compound` is a dimension without a name, such as price x price.
 */
export type ScalarKind = 'number' | 'percent' | 'ratio' | 'r' | 'price' | 'quantity' | 'money' | 'duration' | 'bars' | 'compound';

export interface ScalarType {
  readonly kind: ScalarKind;
  readonly dimension: Dimension;
  /** Currency of the quote dimension; null = none, or not known (a market without a quote). */
  readonly currency: string | null;
}

/** Several results of one indicator, picked with a dot. */
export interface GroupType {
  readonly kind: 'group';
  readonly members: ReadonlyMap<string, Value>;
}

export interface ListType {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** A state machine; its values are asked for with `is`. */
export interface RegimeType {
  readonly kind: 'regime';
  /** Its node holds the place of the state in this list. */
  readonly states: readonly string[];
  /** Bars in the present state, the bar of the change not counted. */
  readonly bars: Value;
}

/** Another strategy as an input: what it would hold. */
export interface StrategyType {
  readonly kind: 'strategy';
  readonly members: ReadonlyMap<string, Value>;
}

/** Several markets traded as one; `index` is its place in the program's list. Only rules name it. */
export interface BasketType {
  readonly kind: 'basket';
  readonly index: number;
}

/**
 * The kind of a value. `na` fits everywhere a number does; `poison` is a value whose error has been reported: whatever is
 * made of it stays silent.
 */
export type Type =
  | ScalarType
  | { readonly kind: 'condition' }
  | { readonly kind: 'time' }
  | { readonly kind: 'timeOfDay' }
  | { readonly kind: 'na' }
  | { readonly kind: 'poison' }
  | GroupType
  | ListType
  | RegimeType
  | StrategyType
  | BasketType
  /** The name of a setup: taken, and nothing to compute with. */
  | { readonly kind: 'setup' };

const dimension = (parts: Partial<Dimension>): Dimension => ({ base: 0, quote: 0, time: 0, bars: 0, ...parts });

const PLAIN = dimension({});
const DIMENSIONS: ReadonlyMap<ScalarKind, Dimension> = new Map([
  ['price', dimension({ quote: 1, base: -1 })],
  ['quantity', dimension({ base: 1 })],
  ['money', dimension({ quote: 1 })],
  ['duration', dimension({ time: 1 })],
  ['bars', dimension({ bars: 1 })],
]);

export function scalarType(kind: Exclude<ScalarKind, 'compound'>, currency: string | null = null): ScalarType {
  return { kind, dimension: DIMENSIONS.get(kind) ?? PLAIN, currency };
}

/** The kind that has this dimension; `plain` is the kind when there is none. */
export function typeOfDimension(result: Dimension, currency: string | null, plain: 'number' | 'percent' | 'ratio' | 'r'): ScalarType {
  if (isPlain(result)) return scalarType(plain);
  const kept = result.quote === 0 ? null : currency;
  for (const [kind, known] of DIMENSIONS) if (sameDimension(known, result)) return { kind, dimension: result, currency: kept };
  return { kind: 'compound', dimension: result, currency: kept };
}

export function isPlain({ base, quote, time, bars }: Dimension): boolean {
  return base === 0 && quote === 0 && time === 0 && bars === 0;
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.base === b.base && a.quote === b.quote && a.time === b.time && a.bars === b.bars;
}

/** a + sign * b, exponent by exponent. */
export function combineDimensions(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  return { base: a.base + sign * b.base, quote: a.quote + sign * b.quote, time: a.time + sign * b.time, bars: a.bars + sign * b.bars };
}

export function scaleDimension(a: Dimension, factor: number): Dimension {
  return { base: a.base * factor, quote: a.quote * factor, time: a.time * factor, bars: a.bars * factor };
}

export function isScalar(type: Type): type is ScalarType {
  return 'dimension' in type;
}

const WORDS: ReadonlyMap<Type['kind'], string> = new Map([
  ['number', 'a number'],
  ['percent', 'a percent'],
  ['ratio', 'a ratio'],
  ['r', 'a multiple of R'],
  ['price', 'a price'],
  ['quantity', 'a quantity'],
  ['money', 'money'],
  ['duration', 'a duration'],
  ['bars', 'a number of bars'],
  ['compound', 'a product of units'],
  ['condition', 'a condition'],
  ['time', 'a time'],
  ['timeOfDay', 'a time of day'],
  ['na', 'na'],
  ['group', 'a group of values'],
  ['list', 'a list'],
  ['regime', 'a regime'],
  ['strategy', 'a strategy'],
  ['basket', 'a basket'],
  ['setup', 'a setup'],
]);

/** The kind in the trader's words: `a price`, `money in USDT`. */
export function typeWords(type: Type): string {
  const words = WORDS.get(type.kind) ?? 'a value';
  return isScalar(type) && type.kind === 'money' && type.currency !== null ? `${words} in ${type.currency}` : words;
}
