import { StratError } from 'strat/errors';
import type { Bar } from 'strat/model/bar';
import { parseTimeframe } from 'strat/model/timeframe';
import type { BarFeedPort } from 'strat/ports/bar-feed';
import { type BarPace, createBarPace } from 'strat/ports/bar-pace';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { __Name__Config } from './schema.ts';

const START = Date.UTC(2026, 0, 1);
const ROWS = 1000;

/** Gives bars and takes no orders. All feeds of one market share a pace, so every strategy sees a bar at the same time. */
export function setup(config: __Name__Config, context: PluginContext): PluginInstance<'exchange'> {
  const paces = new Map<string, BarPace>();
  return {
    port: {
      can: { bars: true, orders: false },
      openFeed: async (market, timeframe) => {
        if (!config.markets.includes(market))
          throw new StratError('DATA_MISSING', {
            market,
            reason: `${context.id} does not have it`,
            hint: `It has ${config.markets.join(', ')}`,
          });
        const key = `${market} ${timeframe}`;
        const pace = paces.get(key) ?? createBarPace(context.clock, config.speed);
        paces.set(key, pace);
        return openFeed(market, timeframe, pace);
      },
    },
  };
}

function openFeed(market: string, timeframe: string, pace: BarPace): BarFeedPort {
  const stepMs = parseTimeframe(timeframe)?.stepMs;
  if (stepMs === undefined)
    throw new StratError('DATA_MISSING', { market, reason: `"${timeframe}" is no timeframe`, hint: 'Use one like 15m, 1h or 1d' });
  return {
    description: { kind: 'sim', seed: 0, variant: 'exchange/__name__' },
    market,
    timeframe,
    stepMs,
    rows: ROWS,
    isSynthetic: true,
    warnings: ['made-up bars: a saw tooth'],
    bar: (index) => (index < ROWS ? barAt(index, stepMs) : null),
    due: pace.due,
  };
}

/** Replace this by what the venue says. Closed bars only, oldest first, each time once. */
function barAt(index: number, stepMs: number): Bar {
  const open = 100 + (index % 20);
  const close = 100 + ((index + 1) % 20);
  return { time: START + index * stepMs, open, high: Math.max(open, close) + 1, low: Math.min(open, close) - 1, close, volume: 1 };
}
