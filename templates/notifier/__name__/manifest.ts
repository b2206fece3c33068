import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'notifier/__name__',
  kind: 'notifier',
  api: 1,
  summary: 'One line that says what __name__ is',
  capabilities: [],
  requires: [],
  config: configSchema,
  load: () => import('./__name__.ts'),
});
