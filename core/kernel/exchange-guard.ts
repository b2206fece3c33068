import { StratError } from '#core/errors/strat-error.ts';
import type { Bar, MarketBar } from '#core/model/bar.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { BarFeedPort, FeedDescription } from '#core/ports/bar-feed.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { ExchangePort } from '#core/ports/exchange.ts';
import type { FaultLog } from './fault-log.ts';
import { isStratError } from './plugin-problem.ts';
import { withBudget } from './time-budget.ts';

export interface ExchangeGuardOptions {
  readonly id: string;
  readonly faults: FaultLog;
  readonly clock: ClockPort;
  /** For opening a feed. */
  readonly budgetMs: number;
}

/** Opening a feed may bring the past of its market: that has so many times as long as other steps. */
const OPENING_STEPS = 12;

/** An exchange whose bars can be believed: a feed or a bar that breaks the contract is an error for who asked, and named. */
export function guardExchange(exchange: ExchangePort, options: ExchangeGuardOptions): ExchangePort {
  const { id, clock, budgetMs } = options;
  return {
    can: Object.freeze({ bars: exchange.can.bars, orders: exchange.can.orders }),
    openFeed: async (market, timeframe, signal, wish) => {
      const step = async (over: AbortSignal): Promise<BarFeedPort> => {
        const abort = new AbortController();
        const onAbort = (): void => abort.abort();
        over.addEventListener('abort', onAbort, { once: true });
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) abort.abort();
        try {
          return await exchange.openFeed(market, timeframe, abort.signal, wish);
        } finally {
          over.removeEventListener('abort', onAbort);
          signal.removeEventListener('abort', onAbort);
        }
      };
      try {
        const feed = await withBudget(clock, OPENING_STEPS * budgetMs, { plugin: id, phase: 'openFeed' }, step);
        const fault = feedFault(feed, market, timeframe);
        if (fault === null) return guardFeed(feed, wish?.columns ?? [], options);
        throw new StratError('PLUGIN_LIED', { plugin: id, phase: 'openFeed', reason: fault });
      } catch (error) {
        // A market that the venue does not have is an answer, not a fault.
        if (isStratError(error) && !error.code.startsWith('PLUGIN_')) throw error;
        throw faultOf(error, 'openFeed', options);
      }
    },
  };
}

function faultOf(error: unknown, phase: string, { id, faults }: ExchangeGuardOptions): StratError {
  const known = isStratError(error)
    ? error
    : new StratError(
        'PLUGIN_FAILED',
        { plugin: id, phase, reason: error instanceof Error ? error.message : typeof error },
        { cause: error },
      );
  faults.add(known);
  return known;
}

function feedFault(feed: unknown, market: string, timeframe: string): string | null {
  const stepMs = parseTimeframe(timeframe)?.stepMs;
  if (!isFeed(feed)) return 'what it opened is no feed';
  if (feed.market !== market) return `asked for ${market}, it opened "${feed.market}"`;
  if (feed.timeframe !== timeframe || feed.stepMs !== stepMs)
    return `asked for ${timeframe}, it opened "${feed.timeframe}" of ${feed.stepMs} ms`;
  if (feed.rows !== Infinity && !(Number.isInteger(feed.rows) && feed.rows >= 0)) return `it has ${feed.rows} bars`;
  return isDescription(feed.description) ? null : 'its description is none that a journal can keep';
}

/** Who goes on with an account compares its feed with the description that the journal has: one that cannot be read there would end the account with its first stop. */
function isDescription(given: unknown): given is FeedDescription {
  if (typeof given !== 'object' || given === null) return false;
  const { kind, seed, variant, file, sha256, venue, from } = given as Readonly<Record<string, unknown>>;
  if (kind === 'sim') return Number.isFinite(seed) && (variant === undefined || typeof variant === 'string');
  if (kind === 'replay') return typeof file === 'string' && typeof sha256 === 'string';
  return kind === 'live' && typeof venue === 'string' && Number.isFinite(from);
}

function isFeed(value: unknown): value is BarFeedPort {
  if (typeof value !== 'object' || value === null) return false;
  const has = (key: string, type: string): boolean => typeof Reflect.get(value, key) === type;
  return (
    has('market', 'string') &&
    has('timeframe', 'string') &&
    has('stepMs', 'number') &&
    has('rows', 'number') &&
    has('isSynthetic', 'boolean') &&
    has('bar', 'function') &&
    has('due', 'function') &&
    has('description', 'object') &&
    Array.isArray(Reflect.get(value, 'warnings'))
  );
}

function guardFeed(feed: BarFeedPort, wished: readonly MarketColumn[], options: ExchangeGuardOptions): BarFeedPort {
  const given: unknown = feed.columns;
  const columns = wished.filter((name) => Array.isArray(given) && given.includes(name));
  let last = { index: -1, time: -Infinity };
  const lie = (reason: string): StratError =>
    faultOf(new StratError('PLUGIN_LIED', { plugin: options.id, phase: 'bar', reason }), 'bar', options);
  return {
    description: Object.freeze({ ...feed.description }),
    market: feed.market,
    timeframe: feed.timeframe,
    stepMs: feed.stepMs,
    rows: feed.rows,
    isSynthetic: feed.isSynthetic,
    warnings: Object.freeze(feed.warnings.map(String)),
    columns: Object.freeze(columns),
    ...guardLive(feed, options),
    bar: (index) => {
      const bar = answered('bar', options, () => feed.bar(index));
      if (bar === null) {
        if (index < feed.rows && feed.known === undefined) throw lie(`it has ${feed.rows} bars and none at ${index}`);
        return null;
      }
      const fault = barFault(bar);
      if (fault !== null) throw lie(`bar ${index}: ${fault}`);
      if (index >= feed.rows) throw lie(`it has ${feed.rows} bars and gave one at ${index}`);
      if (index > last.index ? bar.time <= last.time : index === last.index && bar.time !== last.time)
        throw lie(`bar ${index} opens at ${new Date(bar.time).toISOString()}, which is not after the bar before it`);
      if (index > last.index) last = { index, time: bar.time };
      const candle = { time: bar.time, open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume };
      return columns.length === 0 ? candle : { ...candle, further: furtherOf(bar.further, columns) };
    },
    due: async (index, history, signal) => {
      try {
        await orAborted(signal, async () => feed.due(index, history, signal));
      } catch (error) {
        throw faultOf(error, 'due', options);
      }
    },
  };
}

/** What feeds have whose bars are not all there yet. */
function guardLive({ known, trouble, onNews }: BarFeedPort, options: ExchangeGuardOptions): Partial<BarFeedPort> {
  if (typeof known !== 'function') return {};
  return {
    known: async (index, openMs, signal) => {
      try {
        await orAborted(signal, async () => known(index, openMs, signal));
      } catch (error) {
        // A market that the venue takes down is no fault of the plugin.
        if (isStratError(error) && !error.code.startsWith('PLUGIN_')) throw error;
        throw faultOf(error, 'known', options);
      }
    },
    ...(typeof trouble === 'function' ? { trouble: () => answered('trouble', options, trouble) } : {}),
    ...(typeof onNews === 'function' ? { onNews } : {}),
  };
}

/** Waits for a plugin until the signal aborts, whether the plugin heeds it or not. */
async function orAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) resolve();
  try {
    Promise.resolve(work()).then(resolve, reject);
    await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function answered<T>(phase: string, options: ExchangeGuardOptions, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw faultOf(error, phase, options);
  }
}

/** Values of the columns; whatever is no finite number is na. */
function furtherOf(given: unknown, columns: readonly MarketColumn[]): NonNullable<MarketBar['further']> {
  const value = (name: MarketColumn): number => {
    const found: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
    return typeof found === 'number' && Number.isFinite(found) ? found : Number.NaN;
  };
  return Object.fromEntries(columns.map((name) => [name, value(name)]));
}

/** Why a bar is none; null when it is one. */
function barFault(bar: unknown): string | null {
  if (typeof bar !== 'object' || bar === null) return 'it is no bar';
  const { time, open, high, low, close, volume } = bar as Partial<Record<keyof Bar, unknown>>;
  const prices = [open, high, low, close];
  if (!Number.isSafeInteger(time)) return 'its time is no whole number of ms';
  if (!prices.every((price): price is number => typeof price === 'number' && Number.isFinite(price) && price > 0))
    return 'a price is not finite or not above zero';
  if (typeof volume !== 'number' || !Number.isFinite(volume) || volume < 0) return 'its volume is not finite or below zero';
  const [o, h, l, c] = prices;
  return l! > Math.min(o!, c!) || h! < Math.max(o!, c!) ? 'its high and low do not hold its open and close' : null;
}
