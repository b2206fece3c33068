import { fail, ok, type Result } from '#core/model/result.ts';
import type { Type } from './type.ts';

/** A value for a param that could not be taken; not a finding about the source. `message` is one line for people. */
export interface OverrideError {
  readonly name: string;
  readonly text: string;
  readonly message: string;
}

/** What a param allows, as far as a value set from outside has to obey. */
export interface ParamDomainValues {
  readonly type: Type;
  /** Range as written; null without one. */
  readonly range: { readonly low: number; readonly high: number; readonly step: number | null } | null;
  readonly choices: readonly number[] | null;
}

const NUMBER = String.raw`[+-]?\d+(?:_\d+)*(?:\.\d+)?(?:e[+-]?\d{1,3})?`;
const AMOUNT = new RegExp(`^(${NUMBER})\\s*([A-Za-z%]*)$`);
const DURATION_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
  ['mo', 2_592_000_000],
  ['y', 31_536_000_000],
]);
const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['B', 1e9],
]);
const GRID_TOLERANCE = 1e-9;
const MAX_TEXT = 64;

/** Reads a value as typed by a user (`20`, `2.5`, `3%`, `30m`, `true`) in the unit of its param, and holds it against what the param allows. */
export function readOverride(text: string, domain: ParamDomainValues): Result<number, string> {
  const trimmed = text.trim();
  const value = trimmed.length > MAX_TEXT ? null : valueOf(trimmed, domain.type);
  if (value === null || !(Math.abs(value) <= 1e15)) return fail(`"${trimmed.slice(0, MAX_TEXT)}" is not ${wordsOf(domain.type)}`);
  const { range, choices } = domain;
  const show = (x: number): string => amountText(x, domain.type);
  if (choices !== null && !choices.includes(value)) return fail(`${show(value)} is not one of ${choices.map(show).join(', ')}`);
  if (range === null) return ok(value);
  if (value < range.low || value > range.high) return fail(`${show(value)} is outside of ${show(range.low)} .. ${show(range.high)}`);
  if (range.step !== null) {
    const steps = (value - range.low) / range.step;
    if (Math.abs(steps - Math.round(steps)) > GRID_TOLERANCE * Math.max(1, Math.abs(steps))) {
      return fail(`${show(value)} is not on the steps of ${show(range.step)} from ${show(range.low)}`);
    }
  }
  return ok(value);
}

function valueOf(text: string, type: Type): number | null {
  if (type.kind === 'condition') return text === 'true' ? 1 : text === 'false' ? 0 : null;
  const match = AMOUNT.exec(text);
  const digits = match?.[1];
  const unit = match?.[2] ?? '';
  if (digits === undefined) return null;
  const number = Number(digits.replaceAll('_', ''));
  switch (type.kind) {
    case 'percent':
      return unit === '%' ? number / 100 : unit === 'bp' ? number / 10_000 : null;
    case 'duration': {
      const ms = DURATION_MS.get(unit);
      return ms === undefined ? null : number * ms;
    }
    case 'bars':
      return unit === '' || unit === 'bar' || unit === 'bars' ? number : null;
    case 'r':
      return unit === 'R' || unit === '' ? number : null;
    case 'money':
      return unit === '' || type.currency === null || unit === type.currency ? number : null;
    case 'price':
    case 'quantity':
    case 'number':
    case 'ratio': {
      const multiple = MULTIPLES.get(unit);
      return multiple === undefined ? null : number * multiple;
    }
    default:
      return null;
  }
}

function wordsOf(type: Type): string {
  switch (type.kind) {
    case 'percent':
      return 'a percent (write 3% or 25bp)';
    case 'duration':
      return 'a duration (write 30m, 4h or 1d)';
    case 'condition':
      return 'true or false';
    case 'money':
      return type.currency === null ? 'an amount of money' : `an amount of money (write 100 or 100 ${type.currency})`;
    default:
      return 'a number';
  }
}

/** A value in the unit of its param, for people. */
export function amountText(value: number, type: Type): string {
  // Twelve digits: 0.07 * 100 is not to be shown as 7.000000000000001.
  const short = (x: number): string => String(Number(x.toPrecision(12)));
  if (type.kind === 'percent') return `${short(value * 100)}%`;
  if (type.kind === 'condition') return value === 1 ? 'true' : 'false';
  if (type.kind !== 'duration') return short(value);
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms']) {
    const count = value / DURATION_MS.get(unit)!;
    if (Number.isInteger(count)) return `${count}${unit}`;
  }
  return `${short(value)}ms`;
}
