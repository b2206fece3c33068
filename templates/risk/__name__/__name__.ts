import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { RiskRulePort } from 'strat/ports/risk-rule';
import type { __Name__Config } from './schema.ts';

export function setup(config: __Name__Config, _context: PluginContext): PluginInstance<'risk'> {
  return { port: create__Name__(config.maxQty) };
}

/**
 * Cuts each entry to `maxQty`. A rule answers for any numbers, never raises a quantity, and changes nothing by a review;
 * what it remembers between bars it learns in `afterBar`.
 */
export function create__Name__(maxQty: number): RiskRulePort {
  return {
    afterBar: () => null,
    review: ({ qty }) => {
      if (!(qty > 0)) return { qty: 0, reason: 'the quantity is no number above zero' };
      return qty <= maxQty ? { qty, reason: null } : { qty: maxQty, reason: `cut to ${maxQty}` };
    },
  };
}
