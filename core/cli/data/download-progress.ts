import type { DownloadTarget } from '#core/data/download/download.ts';
import type { SeriesReport } from '#core/data/download/download-report.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { CommandIo } from '../command.ts';

/** Where lines cannot be written over, each series says so often how far it is. */
const LINE_MS = 10_000;
/** A terminal is not written to more often. */
const DRAW_MS = 100;
const BAR = 20;

interface Running {
  readonly name: string;
  readonly share: number;
  readonly done: number;
}

/** How far a download is: one line of a terminal that is written over, plain lines elsewhere. All on stderr. */
export class DownloadProgress {
  readonly #io: CommandIo;
  readonly #total: number;
  readonly #running = new Map<DownloadTarget, Running>();
  readonly #toldAt = new Map<DownloadTarget, number>();
  #finished = 0;
  #drawnAt: number;
  #shown = '';

  /** @param nowMs of a clock that never jumps */
  constructor(io: CommandIo, total: number, nowMs: number) {
    this.#io = io;
    this.#total = total;
    this.#drawnAt = nowMs;
  }

  series(target: DownloadTarget, venue: string, { done, total }: { readonly done: number; readonly total: number }, nowMs: number): void {
    const name = seriesName({ venue, market: target.market, kind: target.kind, timeframe: target.timeframe });
    const share = total <= 0 ? 1 : Math.min(1, done / total);
    this.#running.set(target, { name, share, done });
    if (this.#io.showsProgress) this.#draw(nowMs);
    else if (nowMs - (this.#toldAt.get(target) ?? nowMs) >= LINE_MS || !this.#toldAt.has(target)) {
      if (this.#toldAt.has(target)) this.#io.err(`${name}: ${Math.floor(100 * share)} %\n`);
      this.#toldAt.set(target, nowMs);
    }
  }

  done({ key, state, added, revised }: SeriesReport): void {
    this.#finished++;
    for (const [target, { name }] of this.#running) if (name === seriesName(key)) this.#running.delete(target);
    if (!this.#io.showsProgress) this.#io.err(`${seriesName(key)}: ${state}, ${added} new${revised > 0 ? `, ${revised} revised` : ''}\n`);
  }

  tell(text: string): void {
    this.end();
    this.#io.err(`${text}\n`);
  }

  /** Removes the line. */
  end(): void {
    if (this.#shown !== '') this.#io.err(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }

  #draw(nowMs: number): void {
    if (nowMs - this.#drawnAt < DRAW_MS) return;
    this.#drawnAt = nowMs;
    const running = [...this.#running.values()];
    const share = (this.#finished + running.reduce((sum, one) => sum + one.share, 0)) / this.#total;
    const filled = Math.round(share * BAR);
    const busiest = running.map(({ name, share: own }) => `${name} ${Math.floor(100 * own)} %`).join(', ');
    const text = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(100 * share)} %  ${busiest}`;
    const cut = text.slice(0, Math.max(20, this.#io.width - 1));
    this.#io.err(`\r${cut.padEnd(this.#shown.length)}`);
    this.#shown = cut;
  }
}
