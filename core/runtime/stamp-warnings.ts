import { stampShift } from '#core/data/stamp-checks.ts';
import type { BacktestWarning } from './backtest-document.ts';
import type { MarketSeries } from './market-data.ts';

/** STAMPS: markets of a run that move together, but not in the same bars. The times of the first are the measure. */
export function stampWarnings(
  series: readonly Pick<MarketSeries, 'market' | 'timeframe' | 'columns' | 'synthetic'>[],
): readonly BacktestWarning[] {
  const [first, ...more] = series;
  const others = new Map(more.map((other) => [other.market, other]));
  return [...others.values()].flatMap((other) => {
    if (first === undefined || other.market === first.market || first.synthetic === true || other.synthetic === true) return [];
    const shift = stampShift(first.columns, other.columns, first.timeframe);
    if (shift === 0) return [];
    const bars = `${Math.abs(shift)} ${Math.abs(shift) === 1 ? 'bar' : 'bars'}`;
    const what = shift < 0 ? `before, so that a rule sees what has not happened yet` : `after, so that a rule sees it late`;
    const message = `${other.market} moves with ${first.market} ${bars} ${what}: the times of one are likely those of the close, or of another zone`;
    return [{ code: 'STAMPS', message }];
  });
}
