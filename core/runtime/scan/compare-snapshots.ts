import { nameOf, type ScanDocument } from './scan-document.ts';
import type { Snapshot } from './snapshot-folder.ts';

/** What became of the markets of a snapshot in a later one. */
export interface SnapshotComparison {
  readonly came: readonly Came[];
  readonly went: readonly Went[];
  /** Found in both, at other ranks. */
  readonly moved: readonly Moved[];
  /** Found in both. */
  readonly stayed: number;
  /** What was asked differently, in words; none = the same was asked. */
  readonly asked: readonly string[];
}

export interface Came {
  readonly market: string;
  readonly rank: number;
  /** Why it was not found before; null = it was no candidate. */
  readonly before: string | null;
}

export interface Went {
  readonly market: string;
  /** That it had. */
  readonly rank: number;
  /** Why it is not found now; null = it is no candidate any more. */
  readonly reason: string | null;
}

export interface Moved {
  readonly market: string;
  readonly before: number;
  readonly after: number;
}

export function compareSnapshots({ scan: before }: Snapshot, { scan: after }: Snapshot): SnapshotComparison {
  const [old, now] = [ranksOf(before), ranksOf(after)];
  const [oldReasons, reasons] = [reasonsOf(before), reasonsOf(after)];
  const both = [...now].filter(([market]) => old.has(market));
  return {
    came: [...now]
      .filter(([market]) => !old.has(market))
      .map(([market, rank]) => ({ market, rank, before: oldReasons.get(market) ?? null })),
    went: [...old].filter(([market]) => !now.has(market)).map(([market, rank]) => ({ market, rank, reason: reasons.get(market) ?? null })),
    moved: both.flatMap(([market, rank]) => (old.get(market) === rank ? [] : [{ market, before: old.get(market)!, after: rank }])),
    stayed: both.length,
    asked: (['timeframe', 'filters', 'rank', 'top'] as const).flatMap((key) =>
      JSON.stringify(before[key]) === JSON.stringify(after[key]) ? [] : [`${key}: ${told(before, key)} before, ${told(after, key)} now`],
    ),
  };
}

const ranksOf = ({ markets }: ScanDocument): ReadonlyMap<string, number> => new Map(markets.map((one) => [nameOf(one), one.rank]));
const reasonsOf = ({ others }: ScanDocument): ReadonlyMap<string, string> => new Map(others.map((one) => [nameOf(one), one.reason]));

function told(scan: ScanDocument, key: 'timeframe' | 'filters' | 'rank' | 'top'): string {
  if (key === 'rank') return scan.rank === null ? 'none' : `${scan.rank.by} ${scan.rank.order}`;
  if (key === 'filters') return scan.filters.length === 0 ? 'none' : scan.filters.join(' and ');
  return String(scan[key] ?? 'all');
}
