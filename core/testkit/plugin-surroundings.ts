import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { GeneratedMarket, GeneratedMarketOptions } from '#core/ports/market-source.ts';
import type { PluginContext } from '#core/ports/plugin.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface SurroundingsOptions<C extends ClockPort> {
  readonly id?: string;
  readonly clock?: C;
  readonly folder?: string;
  /** Candles by market; asked for on any timeframe. */
  readonly candles?: ReadonlyMap<string, Columns>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A plugin's surroundings in a test: its context, and what it did with it. */
export interface PluginSurroundings<C extends ClockPort> {
  readonly context: PluginContext;
  readonly clock: C;
  readonly lines: readonly LogLine[];
  /** Aborts the context's signal, as the kernel does when the plugin is stopped. */
  readonly end: () => void;
}

export function pluginSurroundings(options?: SurroundingsOptions<VirtualClock>): PluginSurroundings<VirtualClock>;
export function pluginSurroundings<C extends ClockPort>(options: SurroundingsOptions<C> & { readonly clock: C }): PluginSurroundings<C>;
export function pluginSurroundings(options: SurroundingsOptions<ClockPort> = {}): PluginSurroundings<ClockPort> {
  const clock = options.clock ?? createVirtualClock();
  const lines: LogLine[] = [];
  const life = new AbortController();
  const write =
    (level: LogLine['level']): PluginLog['info'] =>
    (fields, message) => {
      lines.push({ level, fields, message });
    };
  const context: PluginContext = {
    id: options.id ?? 'exchange/under-test',
    clock,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    folder: options.folder ?? '/nowhere',
    signal: life.signal,
    candles: {
      load: (files, market, timeframe) => {
        const columns = options.candles?.get(market);
        if (columns === undefined)
          throw new StratError('DATA_MISSING', { market, reason: 'the test has none', hint: `It has ${files.join(', ')}` });
        stepOf(market, timeframe);
        return { market, timeframe, columns, further: new Map(), file: files[0] ?? 'table', sha256: '0'.repeat(64), warnings: [] };
      },
    },
    markets: { generate: randomWalk },
    live: {
      open: async (_, { market, venue }) => {
        throw new StratError('DATA_MISSING', {
          market,
          reason: `the test has no live bars of ${venue}`,
          hint: 'Start the bot on a simulated venue',
        });
      },
    },
    jitter: () => 0.5,
    environment: (name) => options.environment?.[name],
  };
  return { context, clock, lines, end: () => life.abort() };
}

function stepOf(market: string, text: string): number {
  const timeframe = parseTimeframe(text);
  if (timeframe === null) throw new StratError('DATA_MISSING', { market, reason: `"${text}" is no timeframe`, hint: 'Use one like 1h' });
  return timeframe.stepMs;
}

/** A plain random walk; the same seed gives the same bars. Numbers: the multiplicative generator of Park and Miller (1988). */
function randomWalk({ seed, timeframe, startPrice, missingRate }: GeneratedMarketOptions): GeneratedMarket {
  const stepMs = stepOf('a generated market', timeframe);
  let state = (seed % 2_147_483_646) + 1;
  let steps = 0;
  let price = startPrice;
  const draw = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const next = (): ReturnType<GeneratedMarket['next']> => {
    while (draw() < missingRate) steps += 1;
    const open = price;
    price = Math.max(0.01, open * (0.99 + 0.02 * draw()));
    const time = Date.UTC(2026, 0, 1) + steps * stepMs;
    steps += 1;
    return { time, open, high: Math.max(open, price) * 1.001, low: Math.min(open, price) * 0.999, close: price, volume: 1 + draw() };
  };
  return {
    stepMs,
    next,
    skip: (bars) => {
      for (let i = 0; i < bars; i++) next();
    },
  };
}
