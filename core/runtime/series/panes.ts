import type { Columns } from '#core/model/columns.ts';
import { rangeOf } from '../report/plot-lines.ts';
import type { ComputedSeries, Series } from './compute-series.ts';

/** Results that are drawn on one pair of axes. */
export interface SeriesPane {
  /** `price`: they lie among the prices; `lines`: numbers of their own; `strip`: a condition or a state, which has no height. */
  readonly kind: 'price' | 'lines' | 'strip';
  readonly results: readonly Series[];
}

/** A price that stays within this factor of the prices of the bars is drawn among them; distances such as atr are not. */
const AMONG = 2;
/** Lines whose heights differ by more are drawn apart: the lower one would be a straight line. */
const ALIKE = 10;

/**
 * What is drawn together, in the order of the expressions; prices first. Results of one expression share a pane where they are of one kind and of a size; each condition and state has its own.
 * @param from bars [from, to) that are drawn
 */
export function panesOf(
  { expressions }: Pick<ComputedSeries, 'expressions'>,
  columns: Columns,
  from: number,
  to: number,
): readonly SeriesPane[] {
  const low = rangeOf(columns.low, from, to)?.low ?? Number.NaN;
  const high = rangeOf(columns.high, from, to)?.high ?? Number.NaN;
  const isAmongPrices = ({ kind, values }: Series): boolean => {
    const range = rangeOf(values, from, to);
    return kind === 'price' && range !== null && range.low >= low / AMONG && range.high <= high * AMONG;
  };
  const heightOf = ({ values }: Series): number => {
    const range = rangeOf(values, from, to);
    return range === null ? 0 : range.high - range.low;
  };
  const fits = (pane: SeriesPane, series: Series): boolean => {
    const [first] = pane.results;
    if (pane.kind !== 'lines' || first!.kind !== series.kind) return false;
    if (Number.isFinite(series.low) && first!.low === series.low && first!.high === series.high) return true;
    const [one, other] = [heightOf(first!), heightOf(series)];
    return Math.max(one, other) <= ALIKE * Math.min(one, other);
  };
  const prices: Series[] = [];
  const panes: SeriesPane[] = [];
  for (const { results } of expressions) {
    const own: { readonly kind: 'lines' | 'strip'; readonly results: Series[] }[] = [];
    for (const series of results) {
      if (isAmongPrices(series)) prices.push(series);
      else if (series.kind === 'condition' || series.kind === 'state') own.push({ kind: 'strip', results: [series] });
      else {
        const pane = own.find((other) => fits(other, series));
        if (pane === undefined) own.push({ kind: 'lines', results: [series] });
        else pane.results.push(series);
      }
    }
    panes.push(...own);
  }
  return prices.length === 0 ? panes : [{ kind: 'price', results: prices }, ...panes];
}
