import { explainError } from '#core/errors/explain-error.ts';
import { MESSAGES } from '#core/errors/messages.ts';
import { isStratError, type StratError } from '#core/errors/strat-error.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';

/**
 * An error as the user of a terminal reads it: what happened, and why, without a stack. Names of files and contents of data may come
 * from strangers: nothing in them acts on the terminal or looks like a line of ours (threats.md 46).
 */
export function errorText(error: unknown): string {
  const text = explainError(isStratError(error) ? oneLine(error) : error)
    .split('\n')
    .map((line) => plainText(line, Infinity))
    .join('\n');
  if (isStratError(error)) return text;
  return `A fault of strat itself: ${text}\nPlease report it with the command; STRAT_DEBUG=1 in the environment shows where it happened`;
}

/** The error with a message of one line, unless its table says lines. A cause that the message has put into words is left out. */
function oneLine(error: StratError): Error {
  const message = MESSAGES[error.code].includes('\n') ? error.message : plainText(error.message, Infinity);
  const isSaid = error.code === 'FILE_UNREADABLE' || error.code === 'FILE_UNWRITABLE';
  return new Error(message, isSaid ? undefined : { cause: error.cause });
}
