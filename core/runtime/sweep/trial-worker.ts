import { StratError } from '#core/errors/strat-error.ts';
import type { SetValues, TrialOutcome } from './plain-trial.ts';
import { type TrialProcess, TrialProcessEnd } from './trial-process.ts';

/** Runs sets in a process of its own; where that ends in the middle, in a second one. */
export class TrialWorker {
  readonly #open: () => TrialProcess;
  #process: TrialProcess;
  #isClosed = false;

  constructor(open: () => TrialProcess) {
    this.#open = open;
    this.#process = open();
  }

  /** Waits until it can run sets. @throws StratError SWEEP_WORKER */
  async ready(): Promise<void> {
    await this.#twice(async (process) => process.ready);
  }

  /** @throws StratError SWEEP_WORKER when the second process ended, too */
  async run(values: SetValues): Promise<TrialOutcome> {
    return this.#twice(async (process) => process.run(values));
  }

  close(): void {
    this.#isClosed = true;
    this.#process.close();
  }

  async #twice<T>(work: (process: TrialProcess) => Promise<T>): Promise<T> {
    for (let isSecond = false; ; isSecond = true) {
      try {
        return await work(this.#process);
      } catch (error) {
        if (!(error instanceof TrialProcessEnd)) throw error;
        if (isSecond || this.#isClosed) throw new StratError('SWEEP_WORKER', { reason: error.message }, { cause: error });
        this.#process = this.#open();
      }
    }
  }
}
