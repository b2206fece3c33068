import type { NotificationLevel } from 'strat/ports/notifier';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { ConsoleConfig } from './schema.ts';

const ORDER: readonly NotificationLevel[] = ['info', 'warning', 'error'];
const REMEMBERED = 1000;

/** One plain line through the log: no control characters, so that a text cannot act on a terminal or fake a second line. */
export function setup(config: ConsoleConfig, { log }: PluginContext): PluginInstance<'notifier'> {
  const seen = new Set<string>();
  return {
    port: {
      notify: async ({ key, level, strategy, title, text }, signal) => {
        if (signal.aborted) return;
        if (ORDER.indexOf(level) < ORDER.indexOf(config.least) || seen.has(key)) return;
        seen.add(key);
        const [oldest] = seen;
        if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
        const fields = { key: plain(key), strategy, title: plain(title), text: plain(text) };
        if (level === 'error') log.error(fields, 'notification');
        else if (level === 'warning') log.warn(fields, 'notification');
        else log.info(fields, 'notification');
      },
    },
  };
}

const plain = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' / ').replace(/\p{C}/gu, '?');
