import type { NumberedEvent } from '#core/ports/bot-control.ts';
import type { BotClient } from '../api/bot-client.ts';
import { openEventStream, STREAM_PACE, type StreamPace } from '../api/event-stream.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import { mergeTrades, newestFirst } from './merge-trades.ts';
import { ALL, EMPTY_PAGE, LIMITS, type LogLine, type PageState, withLines } from './page-state.ts';
import { reduceEvents } from './reduce-events.ts';
import { createStore, type Store } from './store.ts';

/** Events are applied in batches this far apart, ms: ten new pictures a second are enough for eyes. */
const BATCH_MS = 100;
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
  /** Loads what is needed to show a strategy's chart, and keeps it up to date. */
  readonly showCandles: (strategy: string) => void;
  /** A strategy's id, or ALL. */
  readonly showEquity: (curve: string) => void;
  /** After a command, so that its effect is seen at once. */
  readonly refresh: () => void;
  readonly close: () => void;
}

export function openBotSession(client: BotClient, pace: StreamPace = STREAM_PACE): BotSession {
  const store = createStore(EMPTY_PAGE);
  const shown = { candles: new Set<string>(), equity: new Set<string>() };
  let waiting: NumberedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Events are held back until the snapshots that they continue are there. */
  let ready = false;
  let closed = false;

  const note = (level: LogLine['level'], text: string): void => {
    const time = Date.now();
    store.update((page) => ({ ...page, log: withLines(page.log, [{ time, level, strategy: null, text }]) }));
  };
  const flush = (): void => {
    timer = null;
    if (!ready) return;
    const events = waiting;
    waiting = [];
    store.update((page) => reduceEvents(page, events, Date.now()));
  };
  const guarded = (load: () => Promise<void>) => async (): Promise<boolean> => {
    try {
      await load();
      store.update((page) => (page.loadError === null ? page : { ...page, loadError: null }));
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      store.update((page) => ({ ...page, loadError: reason }));
      return false;
    }
  };

  const loadCandles = async (id: string): Promise<void> => {
    const bars = await client.candles(id, LIMITS.candles);
    store.update((page) => ({ ...page, candles: { ...page.candles, [id]: bars } }));
  };
  const loadEquity = async (id: string): Promise<void> => {
    const points = await client.equity(id === ALL ? null : id, LIMITS.equity);
    store.update((page) => ({ ...page, equity: { ...page.equity, [id]: points } }));
  };
  const loadState = async (): Promise<void> => {
    const [strategies, orders] = await Promise.all([client.strategies(), client.orders()]);
    store.update((page) => ({ ...page, strategies, orders }));
  };
  const loadTrades = async (): Promise<void> => {
    const newest = await client.trades(LIMITS.newTrades);
    const merged = mergeTrades(store.get().trades, newest, LIMITS.trades);
    const trades = merged ?? newestFirst(await client.trades(LIMITS.trades), LIMITS.trades);
    store.update((page) => (page.trades === trades ? page : { ...page, trades }));
  };
  const loadBot = async (): Promise<boolean> => {
    const [bot, problems] = await Promise.all([client.status(), client.problems()]);
    const before = store.get().bot;
    store.update((page) => ({ ...page, bot, problems }));
    return before === null || before.startedAt === bot.startedAt;
  };

  const loadAll = guarded(async () => {
    await Promise.all([loadBot(), loadState()]);
    const trades = newestFirst(await client.trades(LIMITS.trades), LIMITS.trades);
    store.update((page) => ({ ...page, trades }));
    const names = new Set(store.get().strategies.map((strategy) => strategy.id));
    await Promise.all([
      ...[...shown.candles].filter((id) => names.has(id)).map(loadCandles),
      ...[...shown.equity].filter((id) => id === ALL || names.has(id)).map(loadEquity),
    ]);
  });
  const all = coalesce(async () => {
    ready = false;
    if (await loadAll()) {
      ready = true;
      flush();
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
  const bot = task(async () => {
    const same = await loadBot();
    if (!same) all.soon(0);
  });

  const take = (event: NumberedEvent): void => {
    waiting.push(event);
    if (waiting.length > 2 * WAITING) waiting = waiting.slice(-WAITING);
    timer ??= setTimeout(flush, BATCH_MS);
    if (!ready) return;
    if (event.type === 'bar') state.soon(AFTER_BAR_MS);
    else if (event.type === 'fill') {
      state.soon(AFTER_FILL_MS);
      trades.soon(AFTER_FILL_MS);
    } else if (event.type !== 'log' || event.level !== 'info') {
      state.soon(AFTER_FILL_MS);
      bot.soon(AFTER_FILL_MS);
    }
  };

  const end = openEventStream(
    client.eventsUrl,
    {
      event: take,
      state: (connection) => store.update((page) => (page.connection === connection ? page : { ...page, connection })),
      open(again) {
        if (!again || !ready) all.soon(0);
        else {
          bot.soon(0);
          state.soon(0);
          trades.soon(0);
        }
      },
      gap() {
        note('warning', 'Events were missed; everything shown was loaded anew.');
        all.soon(0);
      },
      unreadable: (reason) => note('warning', `An event could not be read: ${reason}`),
    },
    pace,
  );

  const show = (set: Set<string>, id: string, load: (id: string) => Promise<void>): void => {
    if (set.has(id)) return;
    set.add(id);
    if (ready) void guarded(() => load(id))();
  };
  return {
    client,
    store,
    showCandles: (id) => show(shown.candles, id, loadCandles),
    showEquity: (id) => show(shown.equity, id, loadEquity),
    refresh() {
      bot.soon(0);
      state.soon(0);
      trades.soon(AFTER_FILL_MS);
    },
    close() {
      closed = true;
      end();
      for (const task of [all, state, trades, bot]) task.cancel();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
