import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'risk/__name__',
  kind: 'risk',
  api: 1,
  summary: 'One line that says what __name__ is',
  capabilities: ['review'],
  requires: [],
  config: configSchema,
  load: () => import('./__name__.ts'),
});
