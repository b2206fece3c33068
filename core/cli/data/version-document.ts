import type { SeriesVersion } from '#core/data/store/series-store.ts';

export const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

/** `2024-01-31 09:30`, UTC. */
export const minuteOf = (time: number | null): string =>
  time === null ? '-' : new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** The same to the second where bars are shorter than a minute. */
export const momentOf = (time: number | null, stepMs: number): string =>
  time === null || stepMs >= 60_000 ? minuteOf(time) : new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** A version as documents show it. */
export function versionDocument({ version, digest, rows, from, to, columns, updated, provenance, change, pins }: SeriesVersion): object {
  return {
    version,
    digest,
    rows,
    from: isoOf(from),
    to: isoOf(to),
    columns,
    updated: isoOf(updated),
    source: provenance.source,
    details: provenance.details ?? {},
    change,
    pins,
  };
}
