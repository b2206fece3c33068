import type { MovedParam } from '#core/runtime/playground/param-texts.ts';
import type { SyntheticChoice } from '#core/runtime/playground/playground-request.ts';

/** What of the page is kept, and shared by a link: everything but a file of candles. */
export interface SharedState {
  readonly text: string;
  readonly market: SyntheticMarket;
  readonly moved: readonly MovedParam[];
}

export type SyntheticMarket = Omit<SyntheticChoice, 'source'>;

export const KINDS: readonly SyntheticMarket['kind'][] = ['mixed', 'trends', 'range', 'volatile'];
export const TIMEFRAMES: readonly string[] = ['1m', '5m', '15m', '30m', '1h', '2h', '4h', '1d'];
export const DEFAULT_MARKET: SyntheticMarket = { seed: 1, bars: 5000, kind: 'mixed', timeframe: null };
/** As the worker has it (core/runtime/playground/playground-request.ts). */
export const MOST_BARS = 200_000;
/** As the language has it for files. */
const MOST_TEXT = 256 * 1024;
const MOST_MOVED = 100;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;

/** A state that came from outside; null where it is not one. Nothing but its known fields is taken. */
export function readShared(value: unknown): SharedState | null {
  if (!isObject(value)) return null;
  const { text, market, moved } = value;
  if (typeof text !== 'string' || text.length > MOST_TEXT) return null;
  const chosen = readMarket(market);
  if (chosen === null || !Array.isArray(moved) || moved.length > MOST_MOVED) return null;
  const params: MovedParam[] = [];
  for (const one of moved as readonly unknown[]) {
    if (!isObject(one)) return null;
    const { name, value: number } = one;
    if (typeof name !== 'string' || !/^[a-z]\w{0,63}$/.test(name) || typeof number !== 'number' || !Number.isFinite(number)) return null;
    params.push({ name, value: number });
  }
  return { text, market: chosen, moved: params };
}

function readMarket(value: unknown): SyntheticMarket | null {
  if (!isObject(value)) return null;
  const { seed, bars, timeframe } = value;
  const kind = KINDS.find((one) => one === value['kind']);
  if (kind === undefined || !isWhole(seed, 0, 999_999_999) || !isWhole(bars, 1, MOST_BARS)) return null;
  if (timeframe !== null && (typeof timeframe !== 'string' || !TIMEFRAMES.includes(timeframe))) return null;
  return { seed, bars, kind, timeframe };
}
