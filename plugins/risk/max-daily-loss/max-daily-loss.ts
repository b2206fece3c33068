import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { RiskRulePort } from 'strat/ports/risk-rule';
import type { MaxDailyLossConfig } from './schema.ts';

const DAY_MS = 86_400_000;

export function setup(config: MaxDailyLossConfig, _context: PluginContext): PluginInstance<'risk'> {
  return { port: createMaxDailyLoss(Number(config.maxLoss.replace('%', '')) / 100, config.then) };
}

interface Day {
  readonly start: number;
  /** At its start: at the last close before it, or the first that was seen. */
  readonly equity: number;
  /** At the last close. */
  readonly last: number;
  /** The limit was reached on this day. */
  readonly isOver: boolean;
}

/**
 * Per strategy and UTC day: when the equity is `share` or more below the equity at the last close before the day, the
 * strategy takes no entries until the next UTC day, and with `flatten` its position is closed once.
 * A bar belongs to the day that its close falls in; a close at midnight ends the day before.
 * @param share above zero and below one; 0.03 = 3 %
 */
export function createMaxDailyLoss(share: number, then: 'pause' | 'flatten'): RiskRulePort {
  const days = new Map<string, Day>();
  const dayOf = (time: number): number => Math.floor((time - 1) / DAY_MS) * DAY_MS;
  return {
    afterBar: ({ time, account }) => {
      const { strategy, equity } = account;
      const start = dayOf(time);
      if (!Number.isFinite(start) || !Number.isFinite(equity)) return null;
      const known = days.get(strategy);
      const day = known?.start === start ? known : { start, equity: known?.last ?? equity, isOver: false };
      const isOver = day.equity > 0 && equity <= day.equity * (1 - share);
      days.set(strategy, { ...day, last: equity, isOver: day.isOver || isOver });
      if (!isOver || day.isOver) return null;
      const lost = ((1 - equity / day.equity) * 100).toFixed(2);
      return {
        flatten: then === 'flatten',
        pauseUntil: start + DAY_MS,
        reason: `lost ${lost}% of the equity that the day began with; the limit is ${percent(share)}`,
      };
    },
    review: ({ strategy, qty }, { time }) => {
      const day = days.get(strategy);
      if (day?.isOver === true && day.start === dayOf(time)) return { qty: 0, reason: `the day's loss has reached ${percent(share)}` };
      const isQty = Number.isFinite(qty) && qty > 0;
      return { qty: isQty ? qty : 0, reason: isQty ? null : 'the quantity is no number above zero' };
    },
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;
