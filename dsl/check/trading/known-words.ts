import type { Word } from '../../ast/expression.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Findings } from '../findings.ts';

/** Times that `per` counts in. */
export const PERIODS = ['bar', 'hour', 'day', 'week', 'month'] as const;

/** Levels of messages. */
export const LEVELS = ['info', 'warning', 'error'] as const;

/** The word, when it is one of those known; otherwise E0206 and undefined. `what`: "a limit". */
export function oneOf<T extends string>(known: readonly T[], word: Word, what: string, findings: Findings): T | undefined {
  const found = known.find((name) => name === word.text);
  if (found === undefined)
    findings.add('E0206', word.span, `"${word.text}" is not ${what}`, didYouMean(word.text, known) ?? `write one of: ${known.join(', ')}`);
  return found;
}
