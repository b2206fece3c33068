import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { alignBars } from './align-bars.ts';

/** How bars of one time become one. */
export const COMBINE_RULES = {
  first: 'the bar of the first venue that has one, in the order in which they are named',
  median: 'of open, high, low and close the median of the venues; volumes are summed',
  vwap: 'of open, high, low and close the mean of the venues, weighted by the volumes of their bars; volumes are summed',
} as const;
export type CombineRule = keyof typeof COMBINE_RULES;

/** What a venue gave to a combined series. */
export interface VenuePart {
  /** Bars that it has. */
  readonly bars: number;
  /** Of these, bars that took part. */
  readonly used: number;
  /** Bars that took no part because they deviated. */
  readonly leftOut: number;
  /** Bars of the combined series that it lacks, between its own first and last one. */
  readonly missing: number;
}

export interface CombinedVenues {
  /** In shared memory; a volume is NaN where none of the venues knows it. */
  readonly columns: Columns;
  readonly parts: readonly VenuePart[];
}

/**
 * Makes one series of the bars of several venues, all of one market and timeframe. A bar exists where at least one venue has one, and is made of the bars of its own time alone: those of
 * a venue that has none there are not carried on.
 *
 * @param venues a volume is NaN where it is not known: it is no part of the sum, and weighs nothing; where no bar of a time has a volume above 0 all weigh the same
 * @param mostDeviation share by which a close may be off the median of the closes of its time; a bar beyond it takes no part, where three venues or more have one. Infinity = all take part
 */
export function combineVenues(venues: readonly Columns[], rule: CombineRule, mostDeviation = Infinity): CombinedVenues {
  const { time, rows } = alignBars(venues.map((venue) => venue.time));
  const columns = sharedColumns(time.length);
  columns.time.set(time);
  const used = new Float64Array(venues.length);
  const leftOut = new Float64Array(venues.length);
  for (let at = 0; at < time.length; at++) {
    const there: BarPlace[] = [];
    for (const [place, venue] of venues.entries()) if (rows[place]![at]! >= 0) there.push({ place, venue, row: rows[place]![at]! });
    const taken = withoutDeviating(there, mostDeviation);
    for (const one of there) (taken.includes(one) ? used : leftOut)[one.place]!++;
    const [first] = taken;
    if (rule === 'first') for (const one of taken.slice(1)) used[one.place]!--;
    const bars = rule === 'first' ? [first!] : taken;
    const weights = rule === 'vwap' ? weightsOf(bars) : null;
    for (const name of PRICES) columns[name][at] = weights === null ? medianPrice(bars, name) : meanPrice(bars, name, weights);
    // Rounding may not bring open or close beyond high and low.
    columns.high[at] = Math.max(columns.high[at]!, columns.open[at]!, columns.close[at]!);
    columns.low[at] = Math.min(columns.low[at]!, columns.open[at]!, columns.close[at]!);
    columns.volume[at] = volumeOf(bars);
  }
  return {
    columns,
    parts: venues.map((venue, place) => ({
      bars: venue.time.length,
      used: used[place]!,
      leftOut: leftOut[place]!,
      missing: missingOf(rows[place]!),
    })),
  };
}

interface BarPlace {
  readonly place: number;
  readonly venue: Columns;
  readonly row: number;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

function withoutDeviating(there: readonly BarPlace[], most: number): readonly BarPlace[] {
  if (most === Infinity || there.length < 3) return there;
  const middle = medianPrice(there, 'close');
  const near = there.filter(({ venue, row }) => Math.abs(venue.close[row]! / middle - 1) <= most);
  // Where nobody is near the middle there is nobody to believe more than the others.
  return near.length === 0 ? there : near;
}

function medianPrice(bars: readonly BarPlace[], name: (typeof PRICES)[number]): number {
  if (bars.length === 1) return bars[0]!.venue[name][bars[0]!.row]!;
  const values = bars.map(({ venue, row }) => venue[name][row]!).sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

function weightsOf(bars: readonly BarPlace[]): readonly number[] {
  const volumes = bars.map(({ venue, row }) => (venue.volume[row]! > 0 ? venue.volume[row]! : 0));
  const sum = volumes.reduce((total, volume) => total + volume, 0);
  return volumes.map((volume) => (sum > 0 ? volume / sum : 1 / bars.length));
}

/** Held between the lowest and the highest: rounding may not bring a mean out of them. */
function meanPrice(bars: readonly BarPlace[], name: (typeof PRICES)[number], weights: readonly number[]): number {
  const [{ venue: one, row: first }] = bars as readonly [BarPlace];
  const base = one[name][first]!;
  let [low, high, more] = [base, base, 0];
  for (const [at, { venue, row }] of bars.entries()) {
    const value = venue[name][row]!;
    if (value < low) low = value;
    if (value > high) high = value;
    more += weights[at]! * (value - base);
  }
  return Math.min(high, Math.max(low, base + more));
}

function volumeOf(bars: readonly BarPlace[]): number {
  let [sum, known] = [0, false];
  for (const { venue, row } of bars) {
    const volume = venue.volume[row]!;
    if (Number.isNaN(volume)) continue;
    sum += volume;
    known = true;
  }
  return known ? sum : NaN;
}

function missingOf(rows: Int32Array): number {
  const first = rows.findIndex((row) => row >= 0);
  const last = rows.findLastIndex((row) => row >= 0);
  let missing = 0;
  for (let at = first; at >= 0 && at < last; at++) if (rows[at]! < 0) missing++;
  return missing;
}
