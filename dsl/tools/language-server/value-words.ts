import { isScalar, typeWords } from '#dsl/check/type.ts';
import type { Value } from '#dsl/check/value.ts';
import type { CheckedFile } from './checked-file.ts';

/** The kind of a value with its currency: `a price in USDT`. */
export function kindWords({ type }: Value): string {
  if (type.kind === 'poison') return 'not known: its line has an error';
  const words = typeWords(type);
  return isScalar(type) && type.currency !== null && !words.includes(type.currency) ? `${words} in ${type.currency}` : words;
}

/** How often a value changes and how far it looks back: `series, known after 13 bars`. Empty for what has no value of its own, such as a group. */
export function memoryWords(checked: CheckedFile, value: Value): string {
  if (!isScalar(value.type) && !['condition', 'time', 'timeOfDay'].includes(value.type.kind)) return '';
  const memory = checked.memoryOf(value);
  if (memory === null) return '';
  const { rate, bars } = memory;
  if (rate === 'const') return 'constant';
  if (rate === 'param') return 'fixed before the run';
  return bars === 0 ? 'series, known from the first bar on' : `series, known after ${bars} bar${bars === 1 ? '' : 's'}`;
}

/** Names behind the dot of a value, with what they are. */
export function membersOf({ type }: Value): ReadonlyMap<string, Value> {
  if (type.kind === 'group' || type.kind === 'strategy') return type.members;
  return type.kind === 'regime' ? new Map([['bars', type.bars]]) : new Map();
}
