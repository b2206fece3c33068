import type { Columns } from '#core/model/columns.ts';
import { type RowPair, volumeUnit } from '../quality/source-anomalies.ts';
import { alignBars } from './align-bars.ts';

/**
 * Which venues of one market count their volumes in the quote currency, by comparing each with each: theirs are larger than those of another by about
 * the price. One that is taken for both kinds is left as it is, and so is a market whose price is too near to 1 to tell.
 */
export function quoteVolumes(venues: readonly Columns[]): readonly boolean[] {
  const { time, rows } = alignBars(venues.map((venue) => venue.time));
  const said = venues.map(() => ({ quote: 0, base: 0 }));
  for (let one = 0; one < venues.length; one++) {
    for (let two = one + 1; two < venues.length; two++) {
      const pairs: RowPair[] = [];
      for (let at = 0; at < time.length; at++)
        if (rows[one]![at]! >= 0 && rows[two]![at]! >= 0) pairs.push([rows[one]![at]!, rows[two]![at]!]);
      const unit = volumeUnit(venues[one]!, venues[two]!, pairs);
      if (unit === null) continue;
      const [quote, base] = unit.isOther ? [two, one] : [one, two];
      said[quote]!.quote++;
      said[base]!.base++;
    }
  }
  return said.map(({ quote, base }) => quote > 0 && base === 0);
}

/** Volumes of the quote currency in base units, by the close of each bar. */
export function inBaseUnits(columns: Columns): Columns {
  return { ...columns, volume: columns.volume.map((volume, row) => volume / columns.close[row]!) };
}
