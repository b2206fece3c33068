import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { __Name__Config } from './schema.ts';

const REMEMBERED = 1000;

/** Sends each notification once by its key, in order. Rejects when one could not be sent: the bot logs it and goes on. */
export function setup(config: __Name__Config, context: PluginContext): PluginInstance<'notifier'> {
  const sent = new Set<string>();
  return {
    port: {
      notify: async ({ key, title, text }, signal) => {
        if (signal.aborted || sent.has(key)) return;
        sent.add(key);
        const [oldest] = sent;
        if (sent.size > REMEMBERED && oldest !== undefined) sent.delete(oldest);
        deliver(`${config.prefix}: ${title}`, text, key, context);
      },
    },
  };
}

/** Replace this by your channel. Escape texts for it: they come from strategies. */
function deliver(title: string, text: string, key: string, { log }: PluginContext): void {
  log.info({ key, title: plain(title), text: plain(text) }, 'notification');
}

const plain = (text: string): string => text.replace(/\p{C}/gu, ' ');
