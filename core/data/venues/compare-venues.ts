import type { Timeframe } from '#core/model/timeframe.ts';
import { FindingLog } from '../finding.ts';
import { type ComparedSeries, compareSources, type SourceComparison } from '../quality/compare-sources.ts';
import { combineVenues } from './combine-venues.ts';

/** A venue against the others. */
export interface VenueComparison {
  /** Name of its series. */
  readonly name: string;
  readonly comparison: SourceComparison;
}

/**
 * What is odd between venues of one market: each against the median of the others, so that one that is wrong does not make the others look so. Of two the first against the second.
 * @param venues of one timeframe
 */
export function compareVenues(venues: readonly ComparedSeries[], timeframe: Timeframe): readonly VenueComparison[] {
  const [first, second, third] = venues;
  if (first === undefined || second === undefined) return [];
  if (third === undefined) return [{ name: first.series.name, comparison: compareSources(first, second, timeframe) }];
  return venues.map((venue) => {
    const others = medianOfVenues(venues.filter((one) => one !== venue));
    return { name: venue.series.name, comparison: compareSources(venue, others, timeframe) };
  });
}

function medianOfVenues(venues: readonly ComparedSeries[]): ComparedSeries {
  const { columns } = combineVenues(
    venues.map(({ sound }) => sound.columns),
    'median',
  );
  return {
    series: {
      ...venues[0]!.series,
      name: 'the median of the others',
      columns,
      lines: null,
      log: new FindingLog(),
    },
    sound: { columns, rows: Uint32Array.from(columns.time, (_, row) => row) },
  };
}
