import type { Bar } from 'strat/model/bar';
import type { Columns } from 'strat/model/columns';
import { parseTimeframe } from 'strat/model/timeframe';
import { createBarPace } from 'strat/ports/bar-pace';
import type { BarFeedPort } from 'strat/ports/bar-feed';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { ReplayConfig } from './schema.ts';

/** Feeds of candle files. All feeds of one market share their candles and one pace. */
export function setup(config: ReplayConfig, context: PluginContext): PluginInstance<'exchange'> {
  const feeds = new Map<string, BarFeedPort>();
  return {
    port: {
      can: { bars: true, orders: false },
      openFeed: async (market, timeframe) => {
        const key = `${market} ${timeframe}`;
        const feed = feeds.get(key) ?? replayFeed(market, timeframe, config, context);
        feeds.set(key, feed);
        return feed;
      },
    },
  };
}

function replayFeed(market: string, timeframe: string, config: ReplayConfig, context: PluginContext): BarFeedPort {
  const { columns, file, sha256, warnings } = context.candles.load(config.files, market, timeframe);
  const pace = createBarPace(context.clock, config.speed === 'max' ? Infinity : config.speed);
  const rows = columns.time.length;
  return {
    description: { kind: 'replay', file, sha256 },
    market,
    timeframe,
    stepMs: parseTimeframe(timeframe)?.stepMs ?? 0,
    rows,
    isSynthetic: false,
    warnings,
    bar: (index) => (index < rows ? barAt(columns, index) : null),
    due: pace.due,
  };
}

function barAt({ time, open, high, low, close, volume }: Columns, index: number): Bar {
  return {
    time: time[index]!,
    open: open[index]!,
    high: high[index]!,
    low: low[index]!,
    close: close[index]!,
    volume: volume[index]!,
  };
}
