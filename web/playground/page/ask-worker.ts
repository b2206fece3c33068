import type { AnswerMessage, AskMessage, Question, Questions } from '../messages.ts';

/** A worker that is asked and answers, and may be ended in the middle of it. */
export interface AskedWorker {
  /** Rejects with a text for people, or with `Ended`. */
  readonly ask: <Q extends Question>(question: Q, ask: Questions[Q]['ask']) => Promise<Questions[Q]['answer']>;
  /** Gives up what it is at; the next question starts a new worker. */
  readonly end: () => void;
}

/** The worker was ended before it answered. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export function askedWorker(start: () => Worker): AskedWorker {
  let worker: Worker | null = null;
  let next = 1;
  const waiting = new Map<number, Waiting>();

  const fail = (error: Error): void => {
    worker?.terminate();
    worker = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const open = (): Worker => {
    const opened = start();
    opened.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => {
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.ok) asked?.resolve(data.answer as never);
      else asked?.reject(new Error(data.error));
    });
    // A worker that cannot be loaded, or that ran out of memory.
    opened.addEventListener('error', (event) => {
      if (opened === worker) fail(new Error(event.message === '' ? 'The worker of this page could not be started' : event.message));
    });
    return opened;
  };

  return {
    async ask(question, ask) {
      worker ??= open();
      const id = next++;
      const { promise, resolve, reject } = Promise.withResolvers<Questions[typeof question]['answer']>();
      waiting.set(id, { resolve, reject });
      const message: AskMessage = { id, question, ask };
      worker.postMessage(message, []);
      return promise;
    },
    end: () => fail(new Ended()),
  };
}
