import { createHash } from 'node:crypto';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { BarFeedPort } from '#core/ports/bar-feed.ts';
import type { BarFeed } from '#core/runtime/feeds/bar-feed.ts';
import type { Pacer } from '#core/runtime/feeds/pacer.ts';

/**
 * A feed of a plugin in the two parts that the bot's loop takes: the bars, and when they are due. One for each strategy.
 * @param others feeds of the markets that the strategy reads besides
 */
export function adaptFeed(port: BarFeedPort, others: BarFeed['others'] = new Map()): { readonly feed: BarFeed; readonly pacer: Pacer } {
  const timeframe = parseTimeframe(port.timeframe);
  if (timeframe === null)
    throw new StratError('DATA_MISSING', {
      market: port.market,
      reason: `"${port.timeframe}" is no timeframe`,
      hint: 'Correct the strategy or the config',
    });
  const { description } = port;
  let history = 0;
  return {
    feed: {
      description,
      market: port.market,
      timeframe,
      rows: port.rows,
      bar: port.bar,
      ...(port.known === undefined ? {} : { known: port.known }),
      ...(port.trouble === undefined ? {} : { trouble: port.trouble }),
      ...(port.onNews === undefined ? {} : { onNews: port.onNews }),
      columns: port.columns ?? [],
      sha256: (columns) => {
        if (description.kind === 'replay') return description.sha256;
        const digest = createHash('sha256');
        for (const name of COLUMN_NAMES)
          digest.update(new Uint8Array(columns[name].buffer, columns[name].byteOffset, columns[name].byteLength));
        return digest.digest('hex');
      },
      warnings: port.warnings,
      others,
    },
    pacer: {
      expect: (bars) => {
        history = bars;
      },
      until: (index, signal) => port.due(index, history, signal),
    },
  };
}
