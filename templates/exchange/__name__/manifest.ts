import { definePlugin } from 'strat/ports/plugin';
import { configSchema } from './schema.ts';

export const manifest = definePlugin({
  id: 'exchange/__name__',
  kind: 'exchange',
  api: 1,
  summary: 'One line that says what __name__ is',
  capabilities: ['bars'],
  requires: [],
  config: configSchema,
  load: () => import('./__name__.ts'),
});
