import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { returnCorrelation, stampShift } from '../stamp-checks.ts';
import { qualityFinding, sortedFindings } from './make-finding.ts';
import type { Place, QualityFinding } from './quality-finding.ts';
import type { QualityReport } from './check-series.ts';
import { countText, grouped, minuteText, percentText } from './quality-text.ts';
import { medianOf } from './robust-scale.ts';
import { type RowPair, stuckRuns, volumeUnit } from './source-anomalies.ts';

/** Two sources of one market side by side. */
export interface SourceComparison {
  readonly other: string;
  /** Bars of one time in both. */
  readonly common: number;
  /** Of these, with equal open, high, low and close. */
  readonly equal: number;
  /** Median of the other's close in ours: 1 where levels agree. */
  readonly level: number;
  /** Of the returns of bars of one time; null where there are too few. */
  readonly correlation: number | null;
  readonly findings: readonly QualityFinding[];
}

/** A level that is off by less may be that of two venues, whose prices differ by their fees. */
const LEAST_SCALE = 0.005;
/** Two sources of one market move together. */
const LEAST_CORRELATION = 0.5;
/** Bars that differ by so many usual differences, and by more than rounding does. */
const MOST_DIFFERENCE = 10;
const ROUNDING = 1e-6;
const VALUES = ['open', 'high', 'low', 'close'] as const satisfies readonly (keyof Columns)[];

/** What of a checked series is compared. */
export type ComparedSeries = Pick<QualityReport, 'series' | 'sound'>;

/** Compares the bars of two series of one timeframe: levels, single bars, times, and what only one of them has. */
export function compareSources(ours: ComparedSeries, theirs: ComparedSeries, timeframe: Timeframe): SourceComparison {
  const [a, b] = [ours.sound.columns, theirs.sound.columns];
  const other = theirs.series.name;
  const pairs = alignedRows(a.time, b.time);
  const at = (report: ComparedSeries, row: number, text: string, weight: number): Place => ({
    time: report.sound.columns.time[row]!,
    line: report.series.lines?.[report.sound.rows[row]!] ?? null,
    text,
    weight,
  });
  const findings: QualityFinding[] = [];
  const shift = stampShift(a, b, timeframe);
  if (shift !== 0) {
    const message = `times of ${other} are ${countText(Math.abs(shift), 'bar')} ${shift > 0 ? 'later' : 'earlier'} for the same moves`;
    findings.push(qualityFinding('source-shifted', 1, message, []));
  }
  const level = medianOf(Float64Array.from(pairs, ([x, y]) => b.close[y]! / a.close[x]!));
  if (Math.abs(Math.log(level)) > LEAST_SCALE)
    findings.push(qualityFinding('source-scaled', 1, `prices of ${other} are ${level.toPrecision(6)} times as high`, []));
  const correlation = returnCorrelation(a, b, timeframe);
  const isOther = shift === 0 && correlation !== null && correlation < LEAST_CORRELATION;
  if (isOther)
    findings.push(
      qualityFinding('source-differs', 1, `${other} moves on its own (correlation ${correlation.toFixed(2)}): another market?`, []),
    );
  // Values of moments that are not the same differ everywhere.
  if (shift === 0 && !isOther && pairs.length > 0) {
    const differences = Float64Array.from(pairs, ([x, y]) =>
      Math.max(...VALUES.map((name) => Math.abs(Math.log(b[name][y]! / a[name][x]! / level)))),
    );
    const most = Math.max(ROUNDING, MOST_DIFFERENCE * medianOf(differences.slice()));
    const places = pairs.flatMap(([x, y], index) => {
      if (differences[index]! <= most) return [];
      const name = VALUES.toSorted((one, two) => difference(two, x, y) - difference(one, x, y))[0]!;
      return [
        at(
          ours,
          x,
          `${name} ${a[name][x]}, there ${b[name][y]} (${percentText(b[name][y]! / a[name][x]! / level - 1)})`,
          differences[index]!,
        ),
      ];
    });
    if (places.length > 0)
      findings.push(
        qualityFinding(
          'source-differs',
          places.length,
          `${countText(places.length, 'bar')} of ${grouped(pairs.length)} with other prices than ${other}`,
          places,
        ),
      );
  }
  for (const [own, report, against] of [
    [0, ours, theirs],
    [1, theirs, ours],
  ] as const) {
    const runs = stuckRuns(report.sound.columns, against.sound.columns, pairs, own);
    const places = runs.map(({ row, bars, moved }) =>
      at(
        own === 0 ? ours : { ...theirs, series: { ...theirs.series, lines: null } },
        row,
        `${countText(bars, 'bar')} at ${report.sound.columns.close[row]}, while ${against.series.name} moved over ${percentText(moved).replace('+', '')}`,
        bars,
      ),
    );
    if (places.length > 0)
      findings.push(
        qualityFinding(
          'source-stuck',
          places.length,
          `${countText(places.length, 'stretch', 'stretches')} in which ${report.series.name} stood still and ${against.series.name} did not`,
          places,
        ),
      );
  }
  const unit = volumeUnit(a, b, pairs);
  if (unit !== null)
    findings.push(
      qualityFinding(
        'source-volume',
        1,
        `volumes of ${unit.isOther ? other : ours.series.name} are ${grouped(Math.round(unit.times))} times as large, about the price: they seem to count the quote currency`,
        [],
      ),
    );
  function difference(name: (typeof VALUES)[number], x: number, y: number): number {
    return Math.abs(Math.log(b[name][y]! / a[name][x]! / level));
  }
  const alone = onlyInOne(a.time, b.time);
  if (alone.length > 0) {
    const bars = (side: 0 | 1): number => alone.reduce((sum, run) => sum + (run.side === side ? run.count : 0), 0);
    const places = alone.map(({ side, row, count }): Place => {
      const own = side === 0 ? ours : { ...theirs, series: { ...theirs.series, lines: null } };
      const until = own.sound.columns.time[row + count - 1]!;
      const what = count === 1 ? 'this bar' : `these ${countText(count, 'bar')}, to ${minuteText(until)}`;
      const place = at(own, row, side === 0 ? `${other} does not have ${what}` : `only ${other} has ${what}`, count);
      return { ...place, until, bars: count };
    });
    const message = `${countText(bars(1), 'bar')} that only ${other} has, ${grouped(bars(0))} that it lacks, where both have data`;
    findings.push(qualityFinding('source-missing', places.length, message, places));
  }
  const equal = pairs.filter(([x, y]) => VALUES.every((name) => a[name][x] === b[name][y])).length;
  return { other, common: pairs.length, equal, level, correlation, findings: sortedFindings(findings) };
}

/** Rows of equal times. */
function alignedRows(one: Float64Array, two: Float64Array): readonly RowPair[] {
  const pairs: RowPair[] = [];
  for (let x = 0, y = 0; x < one.length && y < two.length;) {
    if (one[x]! < two[y]!) x++;
    else if (one[x]! > two[y]!) y++;
    else pairs.push([x++, y++]);
  }
  return pairs;
}

/** Bars next to each other that one of two series has alone. */
interface LoneRun {
  /** 0: the first has them. */
  readonly side: 0 | 1;
  /** Of the series that has them. */
  readonly row: number;
  readonly count: number;
}

/** Bars that only one of two has, from the first moment to the last that both reach, in the order of time. */
function onlyInOne(one: Float64Array, two: Float64Array): readonly LoneRun[] {
  const from = Math.max(one[0] ?? Infinity, two[0] ?? Infinity);
  const to = Math.min(one.at(-1) ?? -Infinity, two.at(-1) ?? -Infinity);
  const runs: { side: 0 | 1; row: number; count: number }[] = [];
  let last: 0 | 1 | null = null;
  for (let x = 0, y = 0; x < one.length || y < two.length;) {
    const [atOne, atTwo] = [one[x] ?? Infinity, two[y] ?? Infinity];
    const side = atOne === atTwo ? null : atOne < atTwo ? 0 : 1;
    const time = Math.min(atOne, atTwo);
    const row = side === 0 ? x : y;
    if (side !== 1) x++;
    if (side !== 0) y++;
    const isInside = time >= from && time <= to;
    if (side !== null && isInside && side === last) runs.at(-1)!.count++;
    else if (side !== null && isInside) runs.push({ side, row, count: 1 });
    last = isInside ? side : null;
  }
  return runs;
}
