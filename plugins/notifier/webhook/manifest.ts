import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'notifier/webhook',
  kind: 'notifier',
  api: 1,
  summary: 'Posts notifications as JSON to an address',
  capabilities: ['network'],
  requires: [],
  config: configSchema,
  load: () => import('./webhook.ts'),
});
