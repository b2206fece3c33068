import { parseMarket } from 'strat/model/market';
import type { VenueInstrument } from 'strat/ports/market-history';

/** Facts and where ccxt's market has them. */
const FACTS: readonly (readonly [fact: string, path: readonly string[]])[] = [
  ['id', ['id']],
  ['type', ['type']],
  ['priceStep', ['precision', 'price']],
  ['qtyStep', ['precision', 'amount']],
  ['minQty', ['limits', 'amount', 'min']],
  ['maxQty', ['limits', 'amount', 'max']],
  ['minMarketQty', ['limits', 'market', 'min']],
  ['maxMarketQty', ['limits', 'market', 'max']],
  ['minPrice', ['limits', 'price', 'min']],
  ['maxPrice', ['limits', 'price', 'max']],
  ['minNotional', ['limits', 'cost', 'min']],
  ['maxNotional', ['limits', 'cost', 'max']],
  ['maxLeverage', ['limits', 'leverage', 'max']],
  ['takerFee', ['taker']],
  ['makerFee', ['maker']],
  ['contractSize', ['contractSize']],
  ['isLinear', ['linear']],
  ['isInverse', ['inverse']],
  ['expiryMs', ['expiry']],
  ['listedMs', ['created']],
  ['isActive', ['active']],
];
/** Those that ccxt counts in digits at venues whose prices have no fixed step (Bitfinex has five digits of any price). */
const STEPS: ReadonlySet<string> = new Set(['priceStep', 'qtyStep']);
const MAX_TEXT = 100;
const CONTROLS = /\p{C}/u;

/**
 * Markets as ccxt lists them, each checked; those with names that strat cannot write (options) are left out.
 * @param isInSteps the venue's precisions are steps, not numbers of digits
 */
export function instrumentsOf(markets: unknown, isInSteps: boolean): ReadonlyMap<string, VenueInstrument> {
  const found = new Map<string, VenueInstrument>();
  if (typeof markets !== 'object' || markets === null) return found;
  for (const market of Object.values(markets)) {
    const symbol = at(market, ['symbol']);
    if (typeof symbol !== 'string' || parseMarket(symbol)?.name !== symbol) continue;
    const active = at(market, ['active']);
    const facts = FACTS.flatMap(([fact, path]) => {
      if (!isInSteps && STEPS.has(fact)) return [];
      const value = checkedFact(at(market, path));
      return value === undefined ? [] : [[fact, value] as const];
    });
    found.set(symbol, { market: symbol, isActive: typeof active === 'boolean' ? active : null, facts: Object.fromEntries(facts) });
  }
  return found;
}

/** Undefined: it says nothing. */
function checkedFact(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string') return value.length <= MAX_TEXT && !CONTROLS.test(value) ? value : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

/** What lies at a path of an answer; undefined where it ends early. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key) ? Reflect.get(inside, key) : undefined),
    value,
  );
}
