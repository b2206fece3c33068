import type { StudyResult } from '#dsl/study.ts';
import { groupedNumber } from '../report/number-text.ts';

type Kind = Pick<StudyResult, 'kind' | 'states'>;

const MOST_DIGITS = 12;
const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/**
 * How people read the values of a result: all of them with the digits that their size asks for. `na` where there is none, `yes` and `no`, `1.25%`, `4h`, names of
 * states, times in UTC.
 * @param values by which the digits are chosen
 */
export function valueTexts(result: Kind, values: Iterable<number>): (value: number) => string {
  const { kind, states } = result;
  const known =
    (text: (value: number) => string): ((value: number) => string) =>
    (value) =>
      Number.isNaN(value) ? 'na' : text(value);
  switch (kind) {
    case 'condition':
      return known((value) => (value === 1 ? 'yes' : 'no'));
    case 'state':
      return known((value) => states?.[value] ?? 'na');
    case 'time':
      return known(timeText);
    case 'timeOfDay':
      return known((value) => `${two(Math.floor(value / 60))}:${two(value % 60)}`);
    case 'duration':
      return known(spanText);
    case 'percent': {
      const digits = digitsOf(
        Array.from(values, (value) => value * 100),
        4,
      );
      return known((value) => `${numberText(value * 100, digits)}%`);
    }
    default: {
      const digits = digitsOf(values, 6);
      return known((value) => numberText(value, digits));
    }
  }
}

/** Opening time of a bar, to the minute, or to the second where it asks for it; UTC. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const iso = date.toISOString();
  return iso.slice(0, ms % 60_000 === 0 ? 16 : 19).replace('T', ' ');
}

/** `1d 4h`, `250ms`. */
function spanText(ms: number): string {
  if (!Number.isFinite(ms)) return numberText(ms, 0);
  let left = Math.abs(ms);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count}${unit}`);
    left -= count * size;
  }
  if (left > 0 || parts.length === 0) parts.push(`${Number(left.toPrecision(3))}ms`);
  return `${ms < 0 ? '-' : ''}${parts.join(' ')}`;
}

function numberText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '-infinite';
  return groupedNumber(value, digits);
}

/** Digits behind the point, so that the largest of the values has so many in all; none where all are whole. */
function digitsOf(values: Iterable<number>, inAll: number): number {
  let most = 0;
  let areWhole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    most = Math.max(most, Math.abs(value));
    areWhole &&= Number.isInteger(value);
  }
  if (areWhole) return 0;
  return Math.min(MOST_DIGITS, Math.max(2, inAll - 1 - Math.floor(Math.log10(most))));
}

const two = (value: number): string => String(value).padStart(2, '0');
