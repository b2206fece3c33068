import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { EntryIntent, RiskRulePort, RiskVerdict, RiskView } from 'strat/ports/risk-rule';
import type { MaxPositionConfig } from './schema.ts';

export function setup(config: MaxPositionConfig, _context: PluginContext): PluginInstance<'risk'> {
  return { port: createMaxPosition(Number(config.maxShare.replace('%', '')) / 100) };
}

/**
 * Cuts an entry so that |position| * price stays at or below `share` * equity of the strategy, both at the close that
 * decided the entry; nothing is left of an entry that has no room. An entry against the position (a reversal) frees the
 * exposure it closes.
 * @param share above zero; 0.25 = 25 %
 */
export function createMaxPosition(share: number): RiskRulePort {
  return {
    afterBar: () => null,
    review: (intent, { account }) => verdict(intent, account, share),
  };
}

function verdict({ market, qty, price, side }: EntryIntent, account: RiskView['account'], share: number): RiskVerdict {
  const limit = share * account.equity;
  const position = account.positions.find((one) => one.market === market)?.qty ?? 0;
  const held = side === 'long' ? position : -position;
  // Against the position: first what is held is closed, then the limit counts.
  const room = limit / price - held;
  // What cannot be computed (no price, no equity) is no room.
  if (!(room > 0)) return { qty: 0, reason: `the position in ${market} is at its limit of ${percent(share)} of the equity` };
  if (!(qty > room))
    return {
      qty: Number.isFinite(qty) && qty > 0 ? qty : 0,
      reason: Number.isFinite(qty) && qty > 0 ? null : 'the quantity is no number above zero',
    };
  return { qty: room, reason: `cut to keep the position in ${market} at ${percent(share)} of the equity` };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;
