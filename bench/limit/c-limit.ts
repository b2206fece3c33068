import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LimitFolder } from './limit-files.ts';
import { FEE_RATE, NOTIONAL } from './timed-program.ts';
import type { Work, WorkTrade } from './work.ts';

export type Kernel = 'sma' | 'rba';

/** The C limit in a process of its own, a round at a time: the time that it tells is that of the kernel alone. */
export class CLimit {
  readonly #folder: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor({ path, program }: LimitFolder, bars: number) {
    this.#folder = path;
    this.#process = spawn(program, [path, String(bars)]);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ms(kernel: Kernel): Promise<number> {
    const [ns] = await this.#ask(kernel);
    return ns! / 1e6;
  }

  async work(kernel: Kernel): Promise<Work> {
    const [, equity, maxDrawdown, , fees] = await this.#ask(kernel);
    await this.#ask('write');
    const bytes = (name: string): ArrayBuffer => new Uint8Array(readFileSync(join(this.#folder, name))).buffer;
    const [entries, exits] = [new Int32Array(bytes('entries.i32')), new Int32Array(bytes('exits.i32'))];
    const cost = NOTIONAL * (1 + FEE_RATE);
    const trades = Array.from(new Float64Array(bytes('profits.f64')), (profit, at): WorkTrade => {
      const value = (profit + cost) / (1 - FEE_RATE);
      return { entryBar: entries[at]!, exitBar: exits[at]!, profit, fees: (NOTIONAL + value) * FEE_RATE };
    });
    return { equity: equity!, maxDrawdown: maxDrawdown!, fees: fees!, trades };
  }

  async #ask(question: string): Promise<readonly number[]> {
    this.#process.stdin.write(`${question}\n`);
    const { value } = (await this.#lines.next()) as IteratorResult<string, undefined>;
    if (value === undefined) throw new Error(`the C limit ended at ${question}`);
    return value.split(' ').map(Number);
  }

  close(): void {
    this.#process.stdin.end();
  }
}
