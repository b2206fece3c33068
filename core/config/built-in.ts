import { resolve } from 'node:path';

/** Where the strategies that come with strat are. */
const STRATEGIES = resolve(import.meta.dirname, '../../strategies');

/**
 * What runs without a config file, in the form of one: two strategies on a generated market. JSON is YAML, and quotes any path.
 * A file that has `exchanges` or `strategies` of its own replaces what is here under that name.
 */
export const BUILT_IN = `
exchanges:
  demo: { use: exchange/sim, seed: 53, speed: 10 }
risk: []
notifiers:
  - { use: notifier/console }
strategies:
  - { file: ${JSON.stringify(resolve(STRATEGIES, 'sma-cross/sma-cross.strat'))}, exchange: demo }
  - { file: ${JSON.stringify(resolve(STRATEGIES, 'rsi-reversion/rsi-reversion.strat'))}, exchange: demo }
`;
