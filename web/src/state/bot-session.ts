import type { NumberedEvent } from '#core/ports/bot-control.ts';
import type { BotClient } from '../api/bot-client.ts';
import { openEventStream, STREAM_PACE, type StreamPace } from '../api/event-stream.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import { mergeTrades, newestFirst } from './merge-trades.ts';
import { ALL, chartKey, EMPTY_PAGE, LIMITS, type LogLine, type PageState, withLines } from './page-state.ts';
import { reduceEvents } from './reduce-events.ts';
import { createStore, type Store } from './store.ts';

/**
 * Events are applied in batches this far apart, ms: ten new pictures a second are enough for eyes. Where a picture takes long (a
 * slow phone, a fast simulation) the batches grow, so that three quarters of the time are left for the reader's own actions.
 */
const BATCH_MS = { least: 100, most: 1500, perPicture: 4 } as const;
/** Stops and orders are not in the events; they are asked for this long after a bar or a fill, once for all of them, ms. */
const AFTER_BAR_MS = 1500;
const AFTER_FILL_MS = 200;
const AFTER_FAILURE_MS = 2000;
/** Events kept while snapshots are loaded; the newest win. */
const WAITING = 5000;

/** The page's connection to the bot: keeps `store` equal to what the bot says. */
export interface BotSession {
  readonly client: BotClient;
  readonly store: Store<PageState>;
  /** Loads what is needed to show the chart of a market of a strategy, and keeps it up to date. */
  readonly showCandles: (strategy: string, market: string) => void;
  /** A strategy's id, or ALL. */
  readonly showEquity: (curve: string) => void;
  /** After a command, so that its effect is seen at once. */
  readonly refresh: () => void;
  readonly close: () => void;
}

export function openBotSession(client: BotClient, pace: StreamPace = STREAM_PACE): BotSession {
  const store = createStore(EMPTY_PAGE);
  const shown = { candles: new Map<string, () => Promise<void>>(), equity: new Map<string, () => Promise<void>>() };
  let waiting: NumberedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Events are held back while snapshots that they continue are under way, or a bar could fall between the two. */
  let ready = false;
  let loads = 0;
  let batchMs: number = BATCH_MS.least;
  let closed = false;

  const note = (level: LogLine['level'], text: string): void => {
    if (store.get().log.at(-1)?.text === text) return;
    const time = Date.now();
    store.update((page) => ({ ...page, log: withLines(page.log, [{ time, level, strategy: null, text }]) }));
  };
  const flush = (): void => {
    timer = null;
    if (!ready || loads > 0) return;
    const events = waiting;
    waiting = [];
    const start = performance.now();
    store.update((page) => reduceEvents(page, events, Date.now()));
    // The picture is drawn before the next task.
    setTimeout(() => {
      batchMs = Math.min(BATCH_MS.most, Math.max(BATCH_MS.least, BATCH_MS.perPicture * (performance.now() - start)));
    });
  };
  const guarded = (load: () => Promise<void>) => async (): Promise<boolean> => {
    loads += 1;
    try {
      await load();
      store.update((page) => (page.loadError === null ? page : { ...page, loadError: null }));
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      store.update((page) => ({ ...page, loadError: reason }));
      return false;
    } finally {
      loads -= 1;
      flush();
    }
  };

  const loadCandles = async (id: string, market: string): Promise<void> => {
    const [bars, marks] = await Promise.all([client.candles(id, market, LIMITS.candles), client.marks(id, market)]);
    const key = chartKey(id, market);
    store.update((page) => ({ ...page, candles: { ...page.candles, [key]: bars }, marks: { ...page.marks, [key]: marks } }));
  };
  const loadEquity = async (id: string): Promise<void> => {
    const points = await client.equity(id === ALL ? null : id, LIMITS.equity);
    store.update((page) => ({ ...page, equity: { ...page.equity, [id]: points } }));
  };
  const loadState = async (): Promise<void> => {
    const [bot, orders] = await Promise.all([client.status(), client.orders()]);
    store.update((page) => ({ ...page, bot, strategies: bot.strategies, orders }));
  };
  const loadTrades = async (): Promise<void> => {
    const newest = await client.trades(LIMITS.newTrades);
    const merged = mergeTrades(store.get().trades, newest, LIMITS.trades);
    const trades = merged ?? newestFirst(await client.trades(LIMITS.trades), LIMITS.trades);
    store.update((page) => (page.trades === trades ? page : { ...page, trades }));
  };

  const loadAll = guarded(async () => {
    await loadState();
    const trades = newestFirst(await client.trades(LIMITS.trades), LIMITS.trades);
    store.update((page) => ({ ...page, trades }));
    const { strategies } = store.get();
    const curves = new Set([ALL, ...strategies.map(({ id }) => id)]);
    const charts = new Set(strategies.flatMap(({ id, markets }) => markets.map(({ market }) => chartKey(id, market))));
    // What the page starts to show meanwhile is loaded too: nobody else would.
    const done = new Set<() => Promise<void>>();
    const next = (): (() => Promise<void>) | undefined =>
      [...[...shown.candles].filter(([key]) => charts.has(key)), ...[...shown.equity].filter(([id]) => curves.has(id))]
        .map(([, load]) => load)
        .find((load) => !done.has(load));
    for (let load = next(); load !== undefined; load = next()) {
      done.add(load);
      await load();
    }
  });
  const all = coalesce(async () => {
    ready = false;
    if (await loadAll()) {
      ready = true;
      flush();
      // What happened while all was loaded may be in none of the answers.
      state.soon(AFTER_FILL_MS);
      trades.soon(AFTER_FILL_MS);
    } else if (!closed) all.soon(AFTER_FAILURE_MS);
  });
  const task = (load: () => Promise<void>): Coalesced => {
    const run = guarded(load);
    return coalesce(async () => {
      await run();
    });
  };
  const state = task(loadState);
  const trades = task(loadTrades);

  const take = (event: NumberedEvent): void => {
    waiting.push(event);
    if (waiting.length > 2 * WAITING) waiting = waiting.slice(-WAITING);
    timer ??= setTimeout(flush, batchMs);
    if (!ready) return;
    if (event.type === 'bar') state.soon(AFTER_BAR_MS);
    else if (event.type === 'fill') {
      state.soon(AFTER_FILL_MS);
      trades.soon(AFTER_FILL_MS);
    } else if (event.type !== 'log' || event.level !== 'info') {
      state.soon(AFTER_FILL_MS);
    }
  };

  const end = openEventStream(
    client.eventsUrl,
    {
      event: take,
      state: (connection) => store.update((page) => (page.connection === connection ? page : { ...page, connection })),
      // After a break too: events that are sent again fill the log, snapshots everything else.
      open: () => all.soon(0),
      gap(restarted) {
        note('warning', `${restarted ? 'The bot was started anew' : 'Events were missed'}; everything shown was loaded again.`);
        all.soon(0);
      },
      unreadable: (reason) => note('warning', `An event could not be read: ${reason}`),
    },
    pace,
  );

  const show = (loads: Map<string, () => Promise<void>>, key: string, load: () => Promise<void>): void => {
    if (loads.has(key)) return;
    loads.set(key, load);
    if (ready) void guarded(load)();
  };
  return {
    client,
    store,
    showCandles: (id, market) => show(shown.candles, chartKey(id, market), () => loadCandles(id, market)),
    showEquity: (id) => show(shown.equity, id, () => loadEquity(id)),
    refresh() {
      state.soon(0);
      trades.soon(AFTER_FILL_MS);
    },
    close() {
      closed = true;
      end();
      for (const task of [all, state, trades]) task.cancel();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
