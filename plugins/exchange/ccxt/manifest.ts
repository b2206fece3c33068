import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'exchange/ccxt',
  kind: 'exchange',
  api: 1,
  summary: 'History of the markets of about a hundred venues, through ccxt',
  capabilities: ['history'],
  requires: [],
  config: configSchema,
  load: () => import('./ccxt.ts'),
});
