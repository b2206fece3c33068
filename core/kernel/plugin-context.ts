import { resolve } from 'node:path';
import { readCandleFile } from '#core/data/candle-file.ts';
import { SyntheticFunding } from '#core/data/funding-generator.ts';
import { createMarketGenerator } from '#core/data/market-generator.ts';
import { isTickFile } from '#core/data/tick-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketBar } from '#core/model/bar.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { CandleSourcePort } from '#core/ports/candle-source.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { MarketSourcePort } from '#core/ports/market-source.ts';
import type { PluginContext } from '#core/ports/plugin.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import { liveSource } from './live-source.ts';
import { barsOfRecording } from '#core/runtime/feeds/recorded-trades.ts';
import { candlesOfMarket } from '#core/runtime/market-candles.ts';
import { seedOfMarket, SYNTHETIC_START } from '#core/runtime/synthetic-market-data.ts';

/** What the bot hands to plugins; tests hand in a virtual clock and their own environment. */
export interface Surroundings {
  readonly clock: ClockPort;
  /** A log whose lines carry the id. */
  readonly log: (plugin: string) => PluginLog;
  /** Folder of the config file. */
  readonly folder: string;
  /** Of the data store that live bars are recorded in; null: none are. */
  readonly dataFolder: string | null;
  readonly environment: (name: string) => string | undefined;
}

const VARIABLE = /^[A-Z][A-Z0-9_]{0,127}$/;

export function createPluginContext(
  id: string,
  { clock, log, folder, dataFolder, environment }: Surroundings,
  signal: AbortSignal,
): PluginContext {
  const jitter = (): number => Math.random();
  return Object.freeze({
    id,
    clock,
    log: log(id),
    folder,
    signal,
    candles: candleSource(folder, id),
    markets: MARKETS,
    live: liveSource({ dataFolder, clock, jitter, signal }),
    jitter,
    environment: (name: string) => (VARIABLE.test(name) ? environment(name) : undefined),
  });
}

function timeframeOf(market: string, text: string): Timeframe {
  const timeframe = parseTimeframe(text);
  if (timeframe !== null) return timeframe;
  throw new StratError('DATA_MISSING', { market, reason: `"${text}" is no timeframe`, hint: 'Use one like 15m, 1h or 1d' });
}

function candleSource(folder: string, id: string): CandleSourcePort {
  return {
    load: (files, market, timeframe, wish) => {
      const length = timeframeOf(market, timeframe);
      const data = candlesOfMarket(
        { file: id, markets: [market], timeframe, wanted: wish?.columns ?? [], isBeside: wish?.isBeside === true },
        { data: files.map((file) => inFolder(folder, file)), timeframe: length, from: null, to: null },
        (path, options) => (isTickFile(path) ? barsOfRecording(path, options.market ?? null, length) : readCandleFile(path, options)),
      );
      const { columns, further, file, sha256, warnings } = data;
      return { market, timeframe, columns, further, file, sha256, warnings };
    },
  };
}

/** `MARKET=PATH` or `PATH` with the path made absolute. */
function inFolder(folder: string, text: string): string {
  const cut = text.indexOf('=');
  const isForced = cut > 0 && parseMarket(text.slice(0, cut)) !== null;
  return isForced ? `${text.slice(0, cut)}=${resolve(folder, text.slice(cut + 1))}` : resolve(folder, text);
}

const MARKETS: MarketSourcePort = {
  generate: ({ timeframe, market, seed: given, isFunded = false, ...options }) => {
    const { stepMs } = timeframeOf('a generated market', timeframe);
    const seed = market === undefined ? given : seedOfMarket(given, market);
    const generator = createMarketGenerator({ ...options, seed, stepMs, startTime: SYNTHETIC_START });
    if (!isFunded) return { stepMs, next: () => generator.next(), skip: (bars) => generator.skip(bars) };
    const funding = new SyntheticFunding(seed);
    const next = (): MarketBar => {
      const bar = generator.next();
      return { ...bar, further: { funding_rate: funding.rate(bar) } };
    };
    // The rate of a bar depends on those before it.
    const skip = (bars: number): void => {
      for (let bar = 0; bar < bars; bar++) next();
    };
    return { stepMs, next, skip };
  },
};
