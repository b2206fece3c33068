import type { MarketData } from '../market-data.ts';
import { isoTime } from '../backtest-document.ts';
import { someOf } from '../report/some-of.ts';

const DAY_MS = 86_400_000;
/** Over a weekend with holidays a market has no bars, and has not ended. */
export const LONGEST_PAUSE_MS = 7 * DAY_MS;
/** The same where bars are long, or rare. */
const LONGEST_PAUSE_BARS = 10;

/** The candles of a market in the period of a run, and when the last of all of them opened. */
export interface ReadMarket {
  readonly data: MarketData;
  readonly lastTime: number;
}

/**
 * Members of a universe whose candles end long before those of the others have ended with their last bar: what is held of them then goes at its close. It is told
 * from all candles, whatever the period, so that a period that ends before such an end knows nothing of it.
 */
export function endedMembers(members: readonly ReadMarket[]): readonly MarketData[] {
  const newest = Math.max(...members.map(({ lastTime }) => lastTime));
  const hasEnded = ({ data, lastTime }: ReadMarket): boolean =>
    newest - lastTime > Math.max(LONGEST_PAUSE_MS, LONGEST_PAUSE_BARS * data.timeframe.stepMs) && data.columns.time.at(-1) === lastTime;
  const ended = members.filter(hasEnded);
  const told = ended.map(({ data, lastTime }) => `${data.market} (${isoTime(lastTime).slice(0, 10)})`);
  const note = `taken as delisted, since their candles end over a week before those of other markets, so that what was held went at their last close: ${someOf(told)}`;
  return members.map((member, place) => ({
    ...member.data,
    ...(hasEnded(member) ? { isDelisted: true } : {}),
    warnings: place === 0 && ended.length > 0 ? [...member.data.warnings, note] : member.data.warnings,
  }));
}
