/** A double in a journal: JSON has no NaN and no infinities, and loses the sign of -0. */
export type JournalNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/** Written by the shortest text that reads back as the same double; every NaN is one NaN. */
export function journalNumber(value: number): JournalNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  return Object.is(value, -0) ? '-0' : value;
}

/** The same double, bit for bit; undefined when it is none. */
export function readJournalNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : SPECIAL.get(value);
}
