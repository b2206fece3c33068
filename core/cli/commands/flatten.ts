import { controlCommand } from '../control-command.ts';

export const flattenCommand = controlCommand(
  'flatten',
  'close the position of a running strategy, and pause it',
  'The position is closed at the next open, and the strategy is paused. "strat resume" lets it trade again.',
);
