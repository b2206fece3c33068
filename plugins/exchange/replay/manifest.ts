import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'exchange/replay',
  kind: 'exchange',
  api: 1,
  summary: 'Candle files, bar by bar, at a chosen speed',
  capabilities: ['bars'],
  requires: [],
  config: configSchema,
  load: () => import('./replay.ts'),
});
