import type { FileReport, SeriesReport } from '#core/data/import/import-files.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import { isoOf, minuteOf } from '../data/version-document.ts';
import { errorText } from '../error-text.ts';
import type { Paint } from './paint.ts';

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** What was seen in the rows, as far as it is no plain success. */
function findings({ counts }: SeriesReport): readonly string[] {
  const { missing, gaps, offGrid, zeroVolumes, rows } = counts;
  return [
    ...(missing === 0 ? [] : [`${counted(missing, 'bar')} missing in ${counted(gaps, 'place')}, closed markets counted`]),
    ...(offGrid === 0 ? [] : [`${counted(offGrid, 'bar')} off the grid of their length`]),
    ...(zeroVolumes === 0 ? [] : [zeroVolumes === rows ? 'no bar has a volume' : `${counted(zeroVolumes, 'bar')} without volume`]),
  ];
}

/** Lines about a file for people. @param told notes of the file before, which are not told again */
export function fileLines(
  { file, series, error }: FileReport,
  told: readonly string[],
  paint: Paint,
): { readonly lines: readonly string[]; readonly told: readonly string[] } {
  const lines: string[] = [];
  const now: string[] = [];
  for (const one of series) {
    const { counts, merge, key } = one;
    const range = `${minuteOf(counts.from)} to ${minuteOf(counts.to)}`;
    const change = merge === null ? '' : `: ${merge.added} added, ${merge.revised} revised, ${merge.unchanged} there before`;
    lines.push(`${one.file}: ${paint.bold(seriesName(key))}, ${counts.rows} rows, ${range}${change}`);
    for (const text of [...one.notes.map((note) => `${note.kind}: ${note.text}`), ...findings(one).map((text) => `found: ${text}`)]) {
      now.push(text);
      if (!told.includes(text)) lines.push(`  ${text}`);
    }
  }
  if (error !== null)
    lines.push(
      paint.warn(series.length === 0 ? `not imported: ${errorText(error)}` : `${file}: not all of it was imported: ${errorText(error)}`),
    );
  return { lines, told: now };
}

/** The last line: what became of all. */
export function importSummary(reports: readonly FileReport[], isDry: boolean): string {
  const series = reports.flatMap((report) => report.series);
  const names = new Set(series.map(({ key }) => seriesName(key)));
  const rows = series.reduce((sum, { counts }) => sum + counts.rows, 0);
  const failed = reports.filter(({ error }) => error !== null).length;
  const sum = (of: 'added' | 'revised' | 'unchanged'): number => series.reduce((total, { merge }) => total + (merge?.[of] ?? 0), 0);
  const what = `${counted(reports.length, 'file')}, ${names.size} series, ${counted(rows, 'row')}`;
  const change = isDry ? 'nothing was written' : `${sum('added')} added, ${sum('revised')} revised, ${sum('unchanged')} there before`;
  return `${what}: ${change}${failed === 0 ? '' : `; ${counted(failed, 'file')} with errors`}`;
}

/** A file as documents show it. */
export function fileDocument({ file, series, error }: FileReport): object {
  return {
    file,
    series: series.map(({ file: member, key, counts, notes, merge }) => ({
      file: member,
      ...key,
      ...counts,
      from: isoOf(counts.from),
      to: isoOf(counts.to),
      notes,
      merge:
        merge === null
          ? null
          : { added: merge.added, revised: merge.revised, unchanged: merge.unchanged, version: merge.version, digest: merge.digest },
    })),
    error: error === null ? null : { code: isStratError(error) ? error.code : 'INTERNAL', message: errorText(error) },
  };
}
