import type { DiagnosticCode } from '../diagnostics/codes.ts';
import {
  combineDimensions,
  isPlain,
  isScalar,
  type ScalarType,
  sameDimension,
  scalarType,
  type Type,
  typeOfDimension,
  typeWords,
} from './type.ts';

/** One side of an operator: `bare` is a number written without a unit, `zero` such a number that is 0. */
export interface Operand {
  readonly type: Type;
  readonly bare: boolean;
  readonly zero: boolean;
}

export interface AlgebraError {
  readonly ok: false;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

/** `relative`: the right side is a percent by which the left side changes. */
export type AlgebraResult = { readonly ok: true; readonly type: Type; readonly relative?: boolean } | AlgebraError;

const fits = (type: Type): AlgebraResult => ({ ok: true, type });

function wrong(code: DiagnosticCode, message: string, hint?: string): AlgebraError {
  return hint === undefined ? { ok: false, code, message } : { ok: false, code, message, hint };
}

const isNumberLike = (type: ScalarType): boolean => type.kind === 'number' || type.kind === 'ratio';

const currenciesMix = (a: ScalarType, b: ScalarType): boolean => a.currency !== null && b.currency !== null && a.currency !== b.currency;

const mixedCurrencies = (a: ScalarType, b: ScalarType): AlgebraError =>
  wrong('E0306', `${a.currency} and ${b.currency} are mixed`, 'use one currency; there is no conversion in expressions');

const withCurrency = (a: ScalarType, b: ScalarType): ScalarType => (a.currency === null ? b : a);

/** The kind of two numbers without dimension that may meet: ratio goes with number and percent, R with number. */
function plainUnion(a: ScalarType, b: ScalarType): ScalarType | null {
  if (a.kind === b.kind) return a;
  if (a.kind === 'r' || b.kind === 'r') return isNumberLike(a) || isNumberLike(b) ? scalarType('r') : null;
  if (isNumberLike(a) && isNumberLike(b)) return scalarType('ratio');
  return a.kind === 'ratio' || b.kind === 'ratio' ? scalarType('ratio') : null;
}

/** One unit for both sides of `+`, `-` and comparisons, or null when there is none. */
function sharedType(a: ScalarType, b: ScalarType): ScalarType | null {
  if (!sameDimension(a.dimension, b.dimension)) return null;
  return isPlain(a.dimension) ? plainUnion(a, b) : withCurrency(a, b);
}

/** A bare number takes the unit of the other side, except where the reading would be a guess. */
const adapts = (bare: Operand, other: ScalarType): boolean =>
  bare.bare && other.kind !== 'percent' && other.kind !== 'duration' && other.kind !== 'compound';

function operatorNeedsNumbers(a: Type, b: Type): AlgebraError {
  const odd = isScalar(a) ? b : a;
  return wrong(
    'E0301',
    `this works with numbers, found ${typeWords(odd)}`,
    odd.kind === 'group' ? 'pick one value out of the group, for example with .line' : undefined,
  );
}

/** `a + b` and `a - b`. */
export function additiveType(a: Operand, b: Operand, sign: '+' | '-'): AlgebraResult {
  const x = a.type;
  const y = b.type;
  if (x.kind === 'na') return isScalar(y) || y.kind === 'na' || y.kind === 'time' ? fits(y) : operatorNeedsNumbers(y, x);
  if (y.kind === 'na') return isScalar(x) || x.kind === 'time' ? fits(x) : operatorNeedsNumbers(x, y);
  if (x.kind === 'time' || y.kind === 'time') return timeSum(x, y, sign);
  if (!isScalar(x) || !isScalar(y)) return operatorNeedsNumbers(x, y);
  if (adapts(a, y)) return fits(y);
  if (adapts(b, x)) return fits(x);
  const shared = sharedType(x, y);
  if (shared !== null) return currenciesMix(x, y) ? mixedCurrencies(x, y) : fits(shared);
  if (y.kind === 'percent' && (x.kind === 'price' || x.kind === 'money' || x.kind === 'quantity'))
    return { ok: true, type: x, relative: true };
  if ((x.kind === 'percent' && y.kind === 'number') || (x.kind === 'number' && y.kind === 'percent')) {
    return wrong('E0305', 'a percent and a plain number are added', 'write both as percents or both as numbers');
  }
  const verb = sign === '+' ? 'added' : 'subtracted';
  return wrong(
    'E0309',
    `${typeWords(x)} and ${typeWords(y)} cannot be ${verb}`,
    x.kind === 'percent' ? 'put the percent behind: price + 2%' : undefined,
  );
}

function timeSum(x: Type, y: Type, sign: '+' | '-'): AlgebraResult {
  if (x.kind === 'time' && y.kind === 'time' && sign === '-') return fits(scalarType('duration'));
  if (x.kind === 'time' && y.kind === 'duration') return fits(x);
  if (x.kind === 'duration' && y.kind === 'time' && sign === '+') return fits(y);
  return wrong('E0309', `${typeWords(x)} and ${typeWords(y)} cannot be ${sign === '+' ? 'added' : 'subtracted'}`);
}

/** `a * b` and `a / b`. */
export function productType(a: Operand, b: Operand, operator: '*' | '/'): AlgebraResult {
  const x = a.type.kind === 'na' ? b.type : a.type;
  const y = b.type.kind === 'na' ? x : b.type;
  if (x.kind === 'na') return fits(x);
  if (!isScalar(x) || !isScalar(y)) return operatorNeedsNumbers(x, y);
  if ((x.kind === 'r' || y.kind === 'r') && plainUnion(x, y) === null) {
    return wrong('E0301', `${typeWords(x)} and ${typeWords(y)} cannot be multiplied or divided`, 'R is used as a distance: take at 2R');
  }
  if (x.currency !== null && y.currency !== null && currenciesMix(x, y)) return mixedCurrencies(x, y);
  const dimension = combineDimensions(x.dimension, y.dimension, operator === '*' ? 1 : -1);
  return fits(typeOfDimension(dimension, x.currency ?? y.currency, operator === '*' ? plainProduct(x, y) : plainQuotient(x, y)));
}

function plainProduct(x: ScalarType, y: ScalarType): 'number' | 'percent' | 'ratio' | 'r' {
  if (x.kind === 'percent' || y.kind === 'percent') return 'percent';
  if (x.kind === 'r' || y.kind === 'r') return 'r';
  return x.kind === 'number' && y.kind === 'number' ? 'number' : 'ratio';
}

function plainQuotient(x: ScalarType, y: ScalarType): 'number' | 'percent' | 'ratio' | 'r' {
  if (x.kind === y.kind) return x.kind === 'number' ? 'number' : 'ratio';
  if (x.kind === 'percent') return 'percent';
  return x.kind === 'r' ? 'r' : 'ratio';
}

const COMPARED_HINT = 'compare values of one unit';

/** Whether `a < b` and the like make sense; the type is the unit in which they meet. */
export function comparedType(a: Operand, b: Operand): AlgebraResult {
  const x = a.type;
  const y = b.type;
  const xNumeric = isScalar(x) || x.kind === 'na';
  const yNumeric = isScalar(y) || y.kind === 'na';
  if (x.kind === y.kind && (x.kind === 'time' || x.kind === 'timeOfDay')) return fits(x);
  if ((x.kind === 'time' || x.kind === 'timeOfDay') && yNumeric)
    return wrong('E0304', `${typeWords(x)} is compared with ${typeWords(y)}`, COMPARED_HINT);
  if ((y.kind === 'time' || y.kind === 'timeOfDay') && xNumeric)
    return wrong('E0304', `${typeWords(x)} is compared with ${typeWords(y)}`, COMPARED_HINT);
  if (!xNumeric || !yNumeric) return operatorNeedsNumbers(xNumeric ? y : x, scalarType('number'));
  if (x.kind === 'na') return fits(y);
  if (y.kind === 'na') return fits(x);
  if (adapts(a, y)) return fits(y);
  if (adapts(b, x)) return fits(x);
  const shared = sharedType(x, y);
  if (shared !== null) return currenciesMix(x, y) ? mixedCurrencies(x, y) : fits(shared);
  return wrong('E0304', comparedMessage(x, y, a.bare || b.bare), comparedHint(x, y, a.bare || b.bare));
}

function comparedMessage(x: ScalarType, y: ScalarType, bare: boolean): string {
  const words = (type: ScalarType): string => (type.kind === 'number' && bare ? 'a plain number' : typeWords(type));
  return `${words(x)} is compared with ${words(y)}`;
}

function comparedHint(x: ScalarType, y: ScalarType, bare: boolean): string {
  const united = x.kind === 'number' ? y : x;
  if (!bare)
    return united.kind === 'price' && (x.kind === 'number' || y.kind === 'number')
      ? 'give a param its unit: param level: price = 30000'
      : COMPARED_HINT;
  return united.kind === 'percent' ? 'write the percent sign: 5%' : united.kind === 'duration' ? 'write the unit: 30m, 4h' : COMPARED_HINT;
}

/** One type for two branches of `if`, or both arguments of `min`: as compared, and a bare 0 fits every unit. */
export function joinedType(a: Operand, b: Operand): AlgebraResult {
  if (a.type.kind === 'condition' && b.type.kind === 'condition') return fits(a.type);
  if (a.type.kind === 'na' && b.type.kind === 'condition') return fits(b.type);
  if (b.type.kind === 'na' && a.type.kind === 'condition') return fits(a.type);
  if (a.zero && isScalar(b.type)) return fits(b.type);
  if (b.zero && isScalar(a.type)) return fits(a.type);
  return comparedType(a, b);
}
