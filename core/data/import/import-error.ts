import { StratError } from '#core/errors/strat-error.ts';

/** What a file does not say and nobody may guess, with the option that says it. */
export const notSaid = (file: string, what: string, hint: string): StratError => new StratError('IMPORT_UNSAID', { file, what, hint });
