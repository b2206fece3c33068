import { explainError } from '#core/errors/explain-error.ts';
import type { AnswerMessage, AskMessage, Question, Questions } from '../messages.ts';
import { ANSWERS } from './answers.ts';

/** Browsers of before 2026 may lack what time zones are read with. */
const NO_ZONES = 'This browser does not know time zones (Temporal), which the sessions of this strategy need: use a newer one';

const wordsOf = (error: unknown): string =>
  error instanceof ReferenceError && typeof Temporal === 'undefined' ? NO_ZONES : explainError(error);

/** The worker of the playground: it answers one question after the other. */
addEventListener('message', ({ data }: MessageEvent<AskMessage>) => {
  const { id, question, ask } = data;
  let message: AnswerMessage;
  try {
    // The page asks each question with what belongs to it (ask-worker.ts).
    const answer = (ANSWERS[question] as (ask: unknown) => Questions[Question]['answer'])(ask);
    message = { id, ok: true, answer };
  } catch (error) {
    message = { id, ok: false, error: wordsOf(error) };
  }
  postMessage(message);
});
