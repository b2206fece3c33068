import type { DownloadReport, SeriesReport } from '#core/data/download/download-report.ts';
import { isoOf } from './version-document.ts';

/** What a download did, as `--json` prints it. */
export function downloadDocument({ series, isStopped }: DownloadReport, store: string): object {
  return { schema: 'strat.data-download/1', store, isStopped, series: series.map(seriesDocument) };
}

function seriesDocument({
  key,
  state,
  added,
  revised,
  revisions,
  rows,
  from,
  to,
  holes,
  missing,
  leftOut,
  notes,
  reason,
  fault,
  insteadOf,
}: SeriesReport): object {
  return {
    ...key,
    state,
    added,
    revised,
    rows,
    from: isoOf(from),
    to: isoOf(to),
    missing,
    holes: holes.map((hole) => ({ from: isoOf(hole.from), to: isoOf(hole.to) })),
    revisions: revisions.map((revision) => ({ ...revision, time: isoOf(revision.time) })),
    leftOut,
    notes,
    fault,
    reason,
    insteadOf,
  };
}
