import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What is used of a venue of ccxt. Its own types say that answers are what they should be; here they are unknown. */
export interface CcxtVenue {
  readonly has: Readonly<Record<string, unknown>>;
  readonly features: unknown;
  /** In what it counts the precision of prices and quantities. */
  readonly precisionMode: unknown;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly fetchTime: () => Promise<unknown>;
  readonly loadMarkets: (reload: boolean) => Promise<unknown>;
  readonly fetchOHLCV: (symbol: string, timeframe: string, since: number, limit: number, params: object) => Promise<unknown>;
  /** By symbol, once they are loaded. */
  readonly markets: unknown;
  readonly fetchFundingRateHistory: (symbol: string, since: number, limit: number, params: object) => Promise<unknown>;
  readonly fetchTrades: (symbol: string, since: number | undefined, limit: number, params: object) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

export type CcxtVenueClass = new (settings: object) => CcxtVenue;

const VENUE = /^[a-z0-9]{1,40}$/;

const folder = (): URL => new URL('src/', import.meta.resolve('ccxt'));

/** Ids of all venues that ccxt has, sorted: one file each. */
export function venueIds(): readonly string[] {
  return readdirSync(fileURLToPath(folder()))
    .flatMap((file) => (file.endsWith('.js') ? [file.slice(0, -'.js'.length)] : []))
    .toSorted();
}

/**
 * The class of one venue. ccxt exports only all of them together, which takes half a second and 100 MB; the file of one class is imported by its address.
 * Null where there is none.
 */
export async function venueClass(id: string): Promise<CcxtVenueClass | null> {
  const file = new URL(`${id}.js`, folder());
  if (!VENUE.test(id) || !existsSync(fileURLToPath(file))) return null;
  const module: unknown = await import(file.href);
  const found: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
  return typeof found === 'function' ? (found as CcxtVenueClass) : null;
}
