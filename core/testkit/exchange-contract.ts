import { expect } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketBar } from '#core/model/bar.ts';
import { barOpen, parseTimeframe } from '#core/model/timeframe.ts';
import type { BarFeedPort } from '#core/ports/bar-feed.ts';
import type { ExchangePort, FeedWish } from '#core/ports/exchange.ts';
import type { PluginContext, PluginInstance } from '#core/ports/plugin.ts';
import { type ContractCase, contractSuite } from './contract-case.ts';
import { type PluginSurroundings, pluginSurroundings, type SurroundingsOptions } from './plugin-surroundings.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ExchangeContractOptions {
  /** Sets the plugin up as its module does, paced at `barsPerSecond`. */
  readonly create: (context: PluginContext, barsPerSecond: number) => PluginInstance<'exchange'> | Promise<PluginInstance<'exchange'>>;
  /** A market that it has, and a timeframe. */
  readonly market: string;
  readonly timeframe: string;
  /** A market that it does not have; none when it has every market. */
  readonly missingMarket?: string;
  /** What it must not say in logs and errors: keys, addresses. */
  readonly secrets?: readonly string[];
  readonly surroundings?: SurroundingsOptions<VirtualClock>;
}

const LOOKED_AT = 300;
const PACE = 10;

/** What every exchange holds; `test` of a plugin calls it once. */
export function exchangeContract(options: ExchangeContractOptions): void {
  contractSuite('the exchange contract', exchangeCases(options));
}

interface Opened extends PluginSurroundings<VirtualClock> {
  readonly exchange: ExchangePort;
  readonly open: (wish?: FeedWish) => Promise<BarFeedPort>;
  readonly stop: () => Promise<void>;
}

/** The cases of the contract, those that match what the exchange says it can. */
export function exchangeCases(options: ExchangeContractOptions): readonly ContractCase[] {
  const { market, timeframe } = options;
  const begin = async (): Promise<Opened> => {
    const surroundings = pluginSurroundings(options.surroundings);
    const instance = await options.create(surroundings.context, PACE);
    const signal = new AbortController().signal;
    await instance.start?.(signal);
    return {
      ...surroundings,
      exchange: instance.port,
      open: async (wish) => instance.port.openFeed(market, timeframe, signal, wish),
      stop: async () => {
        await instance.stop?.(signal);
        surroundings.end();
      },
    };
  };
  const onFeed = (name: string, check: (feed: BarFeedPort, opened: Opened) => Promise<void>): ContractCase => ({
    name,
    run: async () => {
      const opened = await begin();
      if (!opened.exchange.can.bars) return;
      await check(await opened.open(), opened);
      await opened.stop();
    },
  });
  return [
    {
      name: 'says what it can, and refuses bars when it has none',
      run: async () => {
        const { exchange, open, stop } = await begin();
        expect([typeof exchange.can.bars, typeof exchange.can.orders]).toEqual(['boolean', 'boolean']);
        if (!exchange.can.bars) await expect(open()).rejects.toBeInstanceOf(StratError);
        await stop();
      },
    },
    onFeed('opens the market and timeframe that it was asked for', async (feed) => {
      expect({ market: feed.market, timeframe: feed.timeframe, stepMs: feed.stepMs }).toEqual({
        market,
        timeframe,
        stepMs: parseTimeframe(timeframe)?.stepMs,
      });
      expect(feed.rows === Infinity || Number.isInteger(feed.rows)).toBe(true);
      expect(['sim', 'replay', 'live']).toContain(feed.description.kind);
    }),
    onFeed('gives bars that are whole, on the grid of the timeframe, oldest first, each time once', async (feed) => {
      const bars = firstBars(feed);
      expect(bars.length).toBeGreaterThan(0);
      const grid = parseTimeframe(timeframe)!;
      for (const [index, bar] of bars.entries()) {
        expect(
          [bar.open, bar.high, bar.low, bar.close].every((price) => Number.isFinite(price) && price > 0),
          `prices of bar ${index}`,
        ).toBe(true);
        expect(bar.high, `high of bar ${index}`).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        expect(bar.low, `low of bar ${index}`).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(Number.isFinite(bar.volume) && bar.volume >= 0, `volume of bar ${index}`).toBe(true);
        expect(barOpen(grid, bar.time), `time of bar ${index}`).toBe(bar.time);
        if (index > 0) expect(bar.time, `time of bar ${index}`).toBeGreaterThan(bars[index - 1]!.time);
      }
    }),
    onFeed('ends where it says, and not before', async (feed) => {
      if (feed.rows === Infinity || feed.rows > 100_000) return;
      expect(feed.bar(feed.rows - 1)).not.toBeNull();
      expect(feed.bar(feed.rows)).toBeNull();
      expect(feed.bar(feed.rows + 10)).toBeNull();
    }),
    onFeed('gives the same bars again: going back, and in a second feed', async (feed, { open }) => {
      const bars = firstBars(feed);
      const middle = Math.floor(bars.length / 2);
      expect(feed.bar(middle)).toEqual(bars[middle]);
      expect(feed.bar(0)).toEqual(bars[0]);
      expect(feed.bar(bars.length - 1)).toEqual(bars.at(-1));
      expect(firstBars(await open())).toEqual(bars);
    }),
    onFeed('gives of the columns that are wished for what it says, and the candles that it gives anyway', async (feed, { open }) => {
      const wished = await open({ columns: ['funding_rate', 'quote_volume'], isBeside: false });
      const { columns = [] } = wished;
      expect(columns.filter((name) => name !== 'funding_rate' && name !== 'quote_volume')).toEqual([]);
      const plain = firstBars(feed);
      for (const [index, { further = {}, ...candle }] of firstBars(wished).entries()) {
        expect(candle, `candle of bar ${index}`).toEqual(plain[index]);
        expect(Object.keys(further).toSorted(), `columns of bar ${index}`).toEqual([...columns].toSorted());
        expect(
          Object.values(further).every((value) => typeof value === 'number' && Math.abs(value) !== Infinity),
          `values of bar ${index}`,
        ).toBe(true);
      }
    }),
    onFeed('has the bars of the past at once', async (feed, { clock }) => {
      let isThere = false;
      void feed.due(4, 5, new AbortController().signal).then(() => {
        isThere = true;
      });
      await clock.advance(0);
      expect(isThere).toBe(true);
    }),
    onFeed('shows a bar to every strategy at the same time, and never before the one ahead of it', async (feed, { open, clock }) => {
      const seen: { who: number; index: number; at: number }[] = [];
      const stop = new AbortController();
      const follow = async (who: number, own: BarFeedPort): Promise<void> => {
        for (let index = 5; index < 9 && !stop.signal.aborted; index++) {
          await own.due(index, 5, stop.signal);
          if (!stop.signal.aborted) seen.push({ who, index, at: clock.steady() });
        }
      };
      // Not awaited: who does not end is found by what it has not seen.
      void Promise.all([follow(1, feed), follow(2, await open())]);
      for (let i = 0; i < 40; i++) await clock.advance(1000 / PACE / 4);
      stop.abort();
      await clock.advance(0);
      const times = (who: number): readonly number[] => seen.filter((one) => one.who === who).map(({ at }) => at);
      expect(times(1)).toHaveLength(4);
      expect(times(2)).toEqual(times(1));
      expect(times(1)).toEqual([...times(1)].toSorted((a, b) => a - b));
    }),
    onFeed('stops waiting as soon as it is told to', async (feed, { clock }) => {
      const stop = new AbortController();
      let isOver = false;
      void (async () => {
        for (let index = 5; index < 1000 && !stop.signal.aborted; index++) await feed.due(index, 5, stop.signal);
        isOver = true;
      })();
      await clock.advance(0);
      stop.abort();
      await clock.advance(0);
      expect(isOver).toBe(true);
    }),
    {
      name: 'refuses a market that it does not have with an error for people',
      run: async () => {
        if (options.missingMarket === undefined) return;
        const { exchange, stop } = await begin();
        const signal = new AbortController().signal;
        await expect(exchange.openFeed(options.missingMarket, timeframe, signal)).rejects.toBeInstanceOf(StratError);
        await stop();
      },
    },
    {
      name: 'leaves nobody asleep when it has stopped',
      run: async () => {
        const { exchange, open, stop, clock } = await begin();
        const signal = new AbortController();
        if (exchange.can.bars) void (await open()).due(50, 5, signal.signal);
        await clock.advance(1);
        signal.abort();
        await stop();
        await clock.advance(0);
        expect(clock.sleeping()).toBe(0);
      },
    },
    {
      name: 'keeps its secrets out of logs and errors',
      run: async () => {
        const { exchange, open, stop, lines } = await begin();
        const errors: string[] = [];
        const note = (error: unknown): void => void errors.push(error instanceof Error ? `${error.message} ${error.stack}` : String(error));
        const signal = new AbortController().signal;
        await open().catch(note);
        await exchange.openFeed(options.missingMarket ?? '??', 'no timeframe', signal).catch(note);
        await stop();
        const said = JSON.stringify([lines, errors]);
        for (const secret of options.secrets ?? []) expect(said).not.toContain(secret);
      },
    },
  ];
}

function firstBars(feed: BarFeedPort): readonly MarketBar[] {
  const bars: MarketBar[] = [];
  for (let index = 0; index < Math.min(feed.rows, LOOKED_AT); index++) {
    const bar = feed.bar(index);
    // One that is waited for has those that have closed.
    if (bar === null && feed.known !== undefined) break;
    expect(bar, `bar ${index} of ${feed.rows}`).not.toBeNull();
    if (bar !== null) bars.push(bar);
  }
  return bars;
}
