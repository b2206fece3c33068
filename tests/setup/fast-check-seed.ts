/**
 * Property tests draw the same cases on every machine; `STRAT_FC_SEED=12345 npm test` draws others, and
 * `STRAT_FC_RUNS=1000` draws more. fast-check prints the seed and the path of a failing case.
 */
import fc from 'fast-check';

const DEFAULT_SEED = 20_260_101;

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} is "${text}"; it must be a whole number`);
  return value;
}

const runs = wholeNumber('STRAT_FC_RUNS');
fc.configureGlobal({ seed: wholeNumber('STRAT_FC_SEED') ?? DEFAULT_SEED, ...(runs === undefined ? {} : { numRuns: runs }) });
