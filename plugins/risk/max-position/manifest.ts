import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'risk/max-position',
  kind: 'risk',
  api: 1,
  summary: "Keeps each market's position below a share of the equity",
  capabilities: ['review'],
  requires: [],
  config: configSchema,
  load: () => import('./max-position.ts'),
});
