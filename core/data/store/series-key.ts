import { StratError } from '#core/errors/strat-error.ts';
import { barRuleName, parseBarRule } from '../bars-from-trades/bar-rule.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';

export const SERIES_KINDS = ['candles', 'mark', 'index', 'funding', 'trades'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];
/** With those that are made here: bars of trades by a rule other than time, and candles as they were when they closed, which no later word of the venue changes. */
export const STORED_KINDS = [...SERIES_KINDS, 'bars', 'live'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

/** What a series is of. Two keys are one series when all four parts are equal, letter by letter. */
export interface SeriesKey {
  /** `binance`. */
  readonly venue: string;
  /** As strategies write it: `BTC/USDT`, `BTC/USDT:USDT`, `SPY`. */
  readonly market: string;
  readonly kind: StoredKind;
  /** Length of the bars, `1h`; of `bars` their rule, `tick:100`; null of funding and trades. */
  readonly timeframe: string | null;
}

const MAX_NAME = 200;
/** Controls, and what makes a text look like another one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export const hasTimeframe = (kind: StoredKind): boolean => kind !== 'funding' && kind !== 'trades';

/**
 * The key with its timeframe in the one form of its length (`60m` is `1h`).
 * @throws StratError STORE_KEY
 */
export function checkedKey({ venue, market, kind, timeframe }: SeriesKey): SeriesKey {
  const fault = nameFault('venue', venue) ?? nameFault('market', market);
  if (fault !== null) throw new StratError('STORE_KEY', { reason: fault });
  if (!STORED_KINDS.includes(kind))
    throw new StratError('STORE_KEY', { reason: `"${kind}" is no kind of series; there are ${STORED_KINDS.join(', ')}` });
  if (!hasTimeframe(kind)) {
    if (timeframe !== null) throw new StratError('STORE_KEY', { reason: `${kind} have no timeframe, found "${timeframe}"` });
    return { venue, market, kind, timeframe };
  }
  if (kind === 'bars') {
    const rule = timeframe === null ? null : parseBarRule(timeframe);
    if (rule === null)
      throw new StratError('STORE_KEY', { reason: `bars need a rule such as tick:100, found ${shownTimeframe(timeframe)}` });
    return { venue, market, kind, timeframe: barRuleName(rule) };
  }
  const known = timeframe === null ? null : parseTimeframe(timeframe);
  if (known === null)
    throw new StratError('STORE_KEY', { reason: `${kind} need a timeframe such as 1h, found ${shownTimeframe(timeframe)}` });
  return { venue, market, kind, timeframe: known.name };
}

/** @throws StratError STORE_KEY where a venue or market cannot be named so */
export function checkNames(venue: string, market: string): void {
  const fault = nameFault('venue', venue) ?? nameFault('market', market);
  if (fault !== null) throw new StratError('STORE_KEY', { reason: fault });
}

/** For people: `binance:BTC/USDT 1h`, `binance:BTC/USDT:USDT funding`, `binance:BTC/USDT:USDT mark 1h`. */
export function seriesName({ venue, market, kind, timeframe }: SeriesKey): string {
  return [`${venue}:${market}`, ...(kind === 'candles' ? [] : [kind]), ...(timeframe === null ? [] : [timeframe])].join(' ');
}

function nameFault(what: string, name: string): string | null {
  if (typeof name !== 'string' || name.trim() === '') return `its ${what} is empty`;
  if (name.length > MAX_NAME) return `its ${what} has ${name.length} characters, at most ${MAX_NAME} are taken`;
  if (UNSEEN.test(name) || !name.isWellFormed()) return `its ${what} holds characters that cannot be seen: ${JSON.stringify(name)}`;
  return what === 'venue' && name.includes(':') ? `its venue holds a colon: "${name}"` : null;
}

const shownTimeframe = (timeframe: string | null): string => (timeframe === null ? 'none' : `"${timeframe}"`);
