import type { Doubt } from '#core/engine/statistics/doubts.ts';
import { type BacktestWarning, isoTime } from './backtest-document.ts';
import { groupedNumber } from './report/number-text.ts';

const percent = (value: number): string => `${groupedNumber(value, 1)} %`;
const LOOK_FOR = 'look for costs that are missing, prices that were not there to trade at, and data that know the future';

/** Doubts about a result, as warnings of the document. */
export function doubtWarning(doubt: Doubt): BacktestWarning {
  switch (doubt.kind) {
    case 'fewTrades':
      return {
        code: 'FEW_TRADES',
        message: `only ${doubt.count} closed ${doubt.count === 1 ? 'trade' : 'trades'}: too few to tell skill from luck`,
      };
    case 'oneTrade':
      return { code: 'ONE_TRADE', message: `the best trade alone made ${percent(doubt.sharePct)} of the profit of all closed trades` };
    case 'tooGood':
      return {
        code: 'TOO_GOOD',
        message: `${percent(doubt.netProfitPct)} profit with a drawdown of ${percent(doubt.maxDrawdownPct)}, where buying and holding made ${percent(doubt.buyAndHoldPct)}, is seldom real: ${LOOK_FOR}`,
      };
    case 'highSharpe':
      return { code: 'HIGH_SHARPE', message: `a Sharpe ratio of ${groupedNumber(doubt.sharpe, 1)} is seldom real: ${LOOK_FOR}` };
    case 'stalePrices':
      return {
        code: 'STALE_PRICES',
        message: `${doubt.fills} of ${doubt.of} fills happened on bars in which nobody traded (no volume, or one price that had not moved): a market might not have filled them; first at ${isoTime(doubt.firstTime)}`,
      };
  }
}
