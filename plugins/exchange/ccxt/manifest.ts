import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'exchange/ccxt',
  kind: 'exchange',
  api: 1,
  summary: 'History and live bars of the markets of about a hundred venues, through ccxt',
  capabilities: ['bars', 'history'],
  requires: [],
  config: configSchema,
  load: () => import('./ccxt.ts'),
});
