import type { CommandIo } from './command.ts';

/** A run that is over before this shows nothing. */
const QUIET_MS = 400;
const WIDTH = 24;

/** How far a long run is, on one line of a terminal that is written over and removed at the end; nothing elsewhere. */
export class ProgressLine {
  readonly #io: CommandIo;
  readonly #total: number;
  readonly #started = performance.now();
  #shown = '';

  constructor(io: CommandIo, total: number) {
    this.#io = io;
    this.#total = total;
  }

  show(done: number): void {
    if (!this.#io.showsProgress || this.#total <= 0 || performance.now() - this.#started < QUIET_MS) return;
    const share = Math.min(1, done / this.#total);
    const filled = Math.round(share * WIDTH);
    const text = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(100 * share)} %, Ctrl-C stops`;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#io.err(`\r${text}`);
  }

  /** Removes the line. */
  end(): void {
    if (this.#shown !== '') this.#io.err(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }
}
