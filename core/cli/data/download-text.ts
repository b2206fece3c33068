import type { DownloadReport, SeriesReport } from '#core/data/download/download-report.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { CommandIo } from '../command.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { painter } from '../render/paint.ts';
import { minuteOf } from './version-document.ts';

const MANY = 3;

/** A table of the series, and below it what is to be said of each. */
export function downloadLines({ series }: DownloadReport, io: CommandIo): readonly string[] {
  const table = alignedTable<SeriesReport>(
    [
      { title: 'series', text: ({ key }) => seriesName(key), rank: 0 },
      { title: 'new', isNumber: true, text: ({ added }) => String(added), rank: 1 },
      { title: 'revised', isNumber: true, text: ({ revised }) => String(revised), rank: 2 },
      { title: 'rows', isNumber: true, text: ({ rows }) => String(rows), rank: 3 },
      { title: 'from', text: ({ from }) => minuteOf(from), rank: 4 },
      { title: 'to', text: ({ to }) => minuteOf(to), rank: 2 },
      { title: 'missing', isNumber: true, text: ({ missing }) => String(missing ?? '-'), rank: 3 },
      { title: 'state', text: ({ state }) => state, rank: 0, tone: ({ state }) => (state === 'complete' ? 1 : -1) },
    ],
    series,
    io.isTerminal ? io.width : Infinity,
    painter(io.color),
  );
  return [...table, ...series.flatMap(remarks)];
}

function remarks({ key, holes, missing, revisions, leftOut, notes, reason, insteadOf }: SeriesReport): readonly string[] {
  const texts = [
    ...insteadOf.map((one) => `instead of ${one.venue}: ${one.reason}`),
    ...(reason === null ? [] : [reason]),
    ...(holes.length === 0
      ? []
      : [
          `${missing} bars are missing in ${count(holes.length, 'hole')}: ${shortList(holes.map(({ from, to }) => `${minuteOf(from)} to ${minuteOf(to)}`))}`,
        ]),
    ...revisions
      .slice(0, MANY)
      .map(({ time, column, before, after }) => `the venue corrected ${column} of ${minuteOf(time)} from ${before} to ${after}`),
    ...(leftOut.length === 0 ? [] : [`left out: ${shortList(leftOut)}`]),
    ...notes,
  ];
  return texts.map((text) => `${seriesName(key)}: ${text}`);
}

const shortList = (texts: readonly string[]): string =>
  [...texts.slice(0, MANY), ...(texts.length > MANY ? [`and ${texts.length - MANY} more`] : [])].join(', ');
const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
