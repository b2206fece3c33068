import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'notifier/console',
  kind: 'notifier',
  api: 1,
  summary: 'Writes notifications to the log, one line each',
  capabilities: [],
  requires: [],
  config: configSchema,
  load: () => import('./console.ts'),
});
