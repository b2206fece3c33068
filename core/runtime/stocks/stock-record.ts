import type { StockActions } from './stock-actions.ts';

/** What a document says of them. */
export interface StockRecord {
  readonly file: string;
  /** Of the file's bytes, lower-case hex. */
  readonly sha256: string;
  /** Those of the period. */
  readonly splits: number;
  readonly dividends: number;
}

/** @param fromIndex first bar that counts */
export function stockRecord({ name, sha256, byBar }: StockActions, fromIndex: number): StockRecord {
  const counted = [...byBar].flatMap(([bar, action]) => (bar >= fromIndex ? [action] : []));
  const splits = counted.filter(({ ratio }) => ratio !== 1).length;
  return { file: name, sha256, splits, dividends: counted.filter(({ dividend }) => dividend > 0).length };
}
