import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'exchange/sim',
  kind: 'exchange',
  api: 1,
  summary: 'Generated markets that never end, at a chosen speed',
  capabilities: ['bars'],
  requires: [],
  config: configSchema,
  load: () => import('./sim.ts'),
});
