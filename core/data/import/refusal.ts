import { StratError } from '#core/errors/strat-error.ts';

/** DATA_FORMAT of a file that cannot be read as what it seems to be. */
export const refusal = (file: string, reason: string, hint: string, line = 1, cause?: unknown): StratError =>
  new StratError('DATA_FORMAT', { file, line, reason, hint }, { cause });
