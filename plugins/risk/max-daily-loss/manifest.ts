import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'risk/max-daily-loss',
  kind: 'risk',
  api: 1,
  summary: 'Stops a strategy for the rest of the UTC day after a loss',
  capabilities: ['after-bar', 'review'],
  requires: [],
  config: configSchema,
  load: () => import('./max-daily-loss.ts'),
});
