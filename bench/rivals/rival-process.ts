import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What an engine did in its first run. */
export interface RivalWork {
  readonly version: string;
  /** Bars of the fills of each closed trade: entry, exit. */
  readonly trades: readonly (readonly [number, number])[];
  /** Final equity; null where its money is not what ours is. */
  readonly equity: number | null;
}

/** An engine in a process of its own, a round at a time; it tells the time of the run alone. */
export class RivalProcess {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #said = '';

  constructor([command, ...args]: readonly string[]) {
    this.#process = spawn(command!, args);
    this.#process.stderr.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-4000);
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** The first run, in which engines also compile what they compile. */
  async work(): Promise<RivalWork> {
    return JSON.parse(await this.#line()) as RivalWork;
  }

  async ms(): Promise<number> {
    this.#process.stdin.write('\n');
    return Number(await this.#line());
  }

  async #line(): Promise<string> {
    const { value } = (await this.#lines.next()) as IteratorResult<string, undefined>;
    if (value === undefined) throw new Error(`it ended: ${this.#lastError()}`);
    return value;
  }

  #lastError(): string {
    const lines = this.#said.trim().split('\n');
    return lines.findLast((line) => line.includes('Error')) ?? lines.at(-1)!;
  }

  close(): void {
    this.#process.stdin.end();
  }
}
