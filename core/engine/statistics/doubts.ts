import type { Columns } from '#core/model/columns.ts';
import type { Fill } from '../log-rows.ts';
import type { TradeRow } from '../trades.ts';
import type { Metrics } from './metrics.ts';
import { closedPositions } from './positions.ts';

/** Fewer closed trades than this tell little. */
export const FEW_TRADES = 30;
/** A larger part of the profit than this, in percent points, should not hang on one trade. */
const ONE_TRADE_PCT = 50;
/** So many times buy and hold, with so small a drawdown, after so much profit, is seldom real; percent points. */
const TOO_GOOD = { times: 3, maxDrawdownPct: 2, netProfitPct: 10 };
/** A Sharpe ratio above this, held for so many days, is seldom real. */
const HIGH_SHARPE = { sharpe: 4, days: 30 };
const DAY_MS = 86_400_000;

/** A reason not to believe a result yet. */
export type Doubt =
  | { readonly kind: 'fewTrades'; readonly count: number }
  | { readonly kind: 'oneTrade'; readonly sharePct: number }
  | { readonly kind: 'tooGood'; readonly netProfitPct: number; readonly buyAndHoldPct: number; readonly maxDrawdownPct: number }
  | { readonly kind: 'highSharpe'; readonly sharpe: number }
  | { readonly kind: 'stalePrices'; readonly fills: number; readonly of: number; readonly firstTime: number };

/** Candles and what was filled on them. */
interface FilledMarket {
  readonly columns: Columns;
  readonly fills: readonly Fill[];
}

export interface DoubtedRun {
  readonly columns: Columns;
  /** Of several markets each with its own bars; left out: the one of `columns`. */
  readonly markets?: readonly FilledMarket[];
  /** Bars [from, to) count. */
  readonly from: number;
  readonly to: number;
  readonly fills: readonly Fill[];
  readonly trades: readonly TradeRow[];
  readonly metrics: Metrics;
}

export function doubtsOf(run: DoubtedRun): Doubt[] {
  return [fewTrades(run), oneTrade(run), tooGood(run), highSharpe(run), stalePrices(run)].filter((doubt) => doubt !== null);
}

function fewTrades({ metrics: { tradeCount } }: DoubtedRun): Doubt | null {
  return tradeCount > 0 && tradeCount < FEW_TRADES ? { kind: 'fewTrades', count: tradeCount } : null;
}

/** Of a single trade this goes without saying. */
function oneTrade({ trades }: DoubtedRun): Doubt | null {
  const profits = closedPositions(trades).map(({ profit }) => profit);
  if (profits.length < 2) return null;
  const total = profits.reduce((sum, profit) => sum + profit, 0);
  const sharePct = (profits.reduce((best, profit) => Math.max(best, profit), 0) / total) * 100;
  return total > 0 && sharePct > ONE_TRADE_PCT ? { kind: 'oneTrade', sharePct } : null;
}

function tooGood({ metrics }: DoubtedRun): Doubt | null {
  const { netProfitPct, maxDrawdownPct, buyAndHoldPct } = metrics;
  if (buyAndHoldPct === null || netProfitPct <= TOO_GOOD.netProfitPct || maxDrawdownPct >= TOO_GOOD.maxDrawdownPct) return null;
  return netProfitPct > TOO_GOOD.times * Math.max(0, buyAndHoldPct)
    ? { kind: 'tooGood', netProfitPct, buyAndHoldPct, maxDrawdownPct }
    : null;
}

function highSharpe({ columns: { time }, from, to, metrics: { sharpe } }: DoubtedRun): Doubt | null {
  if (sharpe === null || sharpe <= HIGH_SHARPE.sharpe || time[to - 1]! - time[from]! < HIGH_SHARPE.days * DAY_MS) return null;
  return { kind: 'highSharpe', sharpe };
}

/**
 * Fills on bars in which nobody traded: no volume, where the data have any; or one price for the whole bar, that of the close before.
 * Data of indexes and currencies have no volume at all, which says nothing.
 */
function stalePrices({ columns, fills, markets = [{ columns, fills }] }: DoubtedRun): Doubt | null {
  const times = markets.flatMap(staleTimes).toSorted((a, b) => a - b);
  return times.length === 0 ? null : { kind: 'stalePrices', fills: times.length, of: fills.length, firstTime: times[0]! };
}

/** Open times of the bars of such fills. */
function staleTimes({ columns, fills }: FilledMarket): readonly number[] {
  if (fills.length === 0) return [];
  const { open, high, low, close, volume, time } = columns;
  const hasVolume = volume.some((value) => value > 0);
  const isStale = (i: number): boolean =>
    (hasVolume && volume[i] === 0) ||
    (i > 0 && high[i] === low[i] && open[i] === close[i - 1] && close[i] === open[i] && high[i] === open[i]);
  return fills.filter(({ bar }) => isStale(bar)).map(({ bar }) => time[bar]!);
}
