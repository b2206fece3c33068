import type { NamedRule } from '../bot/order-gate.ts';
import { type AccountMoney, isAlone } from '../backtest.ts';
import { needsSteps } from '../free-run.ts';
import type { StrategyOnMarkets } from '../portfolio/strategy-on-markets.ts';
import type { ParamAxis } from './param-axis.ts';

/** Why each set of a sweep needs a backtest of its own, as a line for people; null = blocks of sets can run over one compilation. */
export function whyPlain(
  strategies: readonly StrategyOnMarkets[],
  rules: readonly NamedRule[],
  account: AccountMoney | undefined,
  axes: readonly ParamAxis[],
): string | null {
  const [{ prepared, markets }] = strategies as readonly [StrategyOnMarkets];
  const { program, settings, values, compiled } = prepared;
  const [data] = markets;
  if (!isAlone(strategies)) return 'it trades several markets, or has a universe or baskets';
  if (rules.length > 0) return 'risk rules of a config watch over it';
  if (account !== undefined) return 'the account has a currency of its own';
  if (needsSteps(prepared, data!)) return 'its data or costs need the host at every bar';
  if (data!.detail !== undefined) return 'finer bars tell what happened inside of bars';
  if (program.plugins.length > 0) return 'it uses indicators of plugins';
  const { margin, funding, swap, borrowRate, fees, isInverse } = settings;
  if (margin !== undefined || funding !== undefined || swap !== undefined || isInverse === true || (borrowRate ?? 0) > 0)
    return 'its account is on margin, or pays for what it holds';
  if (fees !== undefined) return 'its fees are more than a rate';
  const chart = axes.find(({ index }) => values.chartParams.has(index));
  if (chart !== undefined) return `${chart.name} chooses a chart`;
  if (compiled.engine !== null && compiled.plan.maxLeverage !== null && axes.some(({ isUnbounded }) => isUnbounded))
    return 'a param without a range may change what it may hold at most';
  return null;
}
