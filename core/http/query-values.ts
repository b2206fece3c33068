import type { BotControl } from '#core/ports/bot-control.ts';
import { type Refusal, refusal, slipHint } from './refusal.ts';

/** A parameter of an address, for the check and for the OpenAPI document. */
export interface QueryParameter {
  readonly name: 'strategy' | 'market' | 'limit';
  readonly isRequired: boolean;
  /** Only of `limit`. */
  readonly fallback?: number;
}

export const MAX_LIMIT = 10_000;

export interface QueryValues {
  readonly strategy: string | null;
  /** One that the strategy trades. */
  readonly market: string | null;
  readonly limit: number;
}

/** Reads the parameters that a route has; any other, and any one given twice, is refused. */
export function readQuery(query: URLSearchParams, parameters: readonly QueryParameter[], control: BotControl): QueryValues | Refusal {
  const names = parameters.map(({ name }) => name);
  for (const name of query.keys()) {
    if (!names.some((known) => known === name)) {
      const hint = slipHint(name, names, names.length === 0 ? 'This route takes none' : `This route takes ${names.join(', ')}`);
      return refusal('QUERY_INVALID', `Unknown parameter ${JSON.stringify(name.slice(0, 40))}`, hint);
    }
    if (query.getAll(name).length > 1) return refusal('QUERY_INVALID', `Parameter "${name}" is given twice`, 'Give it once');
  }
  const missing = parameters.find(({ name, isRequired }) => isRequired && !query.has(name));
  if (missing !== undefined) return refusal('QUERY_INVALID', `Parameter "${missing.name}" is missing`, `Add ?${missing.name}=...`);
  const limit = limitOf(query.get('limit'), parameters.find(({ name }) => name === 'limit')?.fallback ?? MAX_LIMIT);
  if (limit === null)
    return refusal('QUERY_INVALID', 'Parameter "limit" is no whole number in its range', `Give a number from 1 to ${MAX_LIMIT}`);
  const strategy = query.get('strategy');
  const market = query.get('market');
  const unknown =
    (strategy === null ? null : refuseStrategy(strategy, control)) ??
    (strategy === null || market === null ? null : refuseMarket(strategy, market, control));
  return unknown ?? { strategy, market, limit };
}

/** Null when the bot has this strategy. */
export function refuseStrategy(id: string, control: BotControl): Refusal | null {
  const ids = control.strategies().map((strategy) => strategy.id);
  if (ids.includes(id)) return null;
  const hint = slipHint(id, ids, ids.length === 0 ? 'The bot runs no strategy' : `The bot runs ${ids.slice(0, 20).join(', ')}`);
  return refusal('STRATEGY_UNKNOWN', `The bot has no strategy ${JSON.stringify(id.slice(0, 60))}`, hint);
}

/** Null when the strategy trades this market. */
export function refuseMarket(id: string, market: string, control: BotControl): Refusal | null {
  const markets = control.strategies().flatMap((strategy) => (strategy.id === id ? strategy.markets.map((one) => one.market) : []));
  if (markets.includes(market)) return null;
  const hint = slipHint(market, markets, `It trades ${markets.slice(0, 20).join(', ')}`);
  return refusal('QUERY_INVALID', `The strategy does not trade ${JSON.stringify(market.slice(0, 60))}`, hint);
}

function limitOf(text: string | null, fallback: number): number | null {
  if (text === null) return fallback;
  const value = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Infinity;
  return value <= MAX_LIMIT ? value : null;
}
