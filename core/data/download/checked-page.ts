import type { SeriesRows } from '../store/series-rows.ts';

/** Rows of an answer that hold, and what was wrong with the others. */
export interface CheckedPage {
  readonly rows: SeriesRows;
  /** Time of the latest row that was given, good or not; null when there was none at or after what was asked for. */
  readonly lastMs: number | null;
  /** The id of the latest trade that is good; null of other rows. */
  readonly lastId: number | null;
  /** In a few words each; none in an answer that is as it should be. */
  readonly faults: readonly string[];
}

/** What an answer is held against. */
export interface PageLimits {
  /** Asked for: rows from here on. */
  readonly sinceMs: number;
  /** Rows at or after this one are not over yet, and left out. */
  readonly endMs: number;
  /** No venue has rows of times behind this one. */
  readonly futureMs: number;
}

/** Before any venue. */
export const FIRST_MS = Date.UTC(2009, 0, 3);
const MAX_FAULTS = 20;

/** Collects what is wrong with an answer. */
export class PageFaults {
  readonly #texts: string[] = [];

  add(text: string): void {
    if (this.#texts.length < MAX_FAULTS) this.#texts.push(text);
  }

  get texts(): readonly string[] {
    return this.#texts;
  }
}

/** A whole ms in the life of venues; null with a fault for anything else. */
export function checkedTime(value: unknown, { futureMs }: PageLimits, faults: PageFaults): number | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < FIRST_MS) {
    faults.add(`${shown(value)} as a time`);
    return null;
  }
  if (value <= futureMs) return value;
  faults.add(`a row of the future (${new Date(Math.min(value, 8.64e15)).toISOString()})`);
  return null;
}

export const isIn = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && value >= from && value <= to;

export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.replace(/\p{C}/gu, '?').slice(0, 40);
}

/** Columns of rows in the order of their times; of equal times in the order given. */
export function toRows<T extends { readonly time: number }>(
  rows: readonly T[],
  columns: Readonly<Record<string, (row: T) => number>>,
): SeriesRows {
  const sorted = rows.toSorted((a, b) => a.time - b.time);
  return {
    length: sorted.length,
    columns: Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, Float64Array.from(sorted, value)])),
  };
}
