const LEAST_MS = 120;
const MOST_MS = 2000;

/**
 * Work by key that waits until its key is left alone: however often it is asked for, it runs once behind the last time. The longer it took, the longer the next
 * one waits, so a large file that is typed in never takes more than about half of the processor.
 */
export class QuietTime {
  readonly #work: (key: string) => void;
  readonly #now: () => number;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #tookMs = new Map<string, number>();

  constructor(work: (key: string) => void, now: () => number) {
    this.#work = work;
    this.#now = now;
  }

  /** The first time it runs at once. */
  ask(key: string): void {
    clearTimeout(this.#timers.get(key));
    if (!this.#tookMs.has(key)) return this.#run(key);
    const waitMs = Math.min(MOST_MS, Math.max(LEAST_MS, 2 * (this.#tookMs.get(key) ?? 0)));
    this.#timers.set(
      key,
      setTimeout(() => this.#run(key), waitMs),
    );
  }

  #run(key: string): void {
    this.#stop(key);
    const start = this.#now();
    this.#work(key);
    this.#tookMs.set(key, this.#now() - start);
  }

  forget(key: string): void {
    this.#stop(key);
    this.#tookMs.delete(key);
  }

  #stop(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}
