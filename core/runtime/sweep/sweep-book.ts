import { placesOf, type SweepSpace } from './sweep-space.ts';
import type { SweepFile, SweepRow } from './sweep-file.ts';
import { compareBy, type TrialMetricName, type TrialMetrics } from './trial-metrics.ts';

/** So many sets that could not run are kept to be named. */
const NAMED = 5;

/** What is known of a sweep so far: the best sets, counts, the spread of the Sharpe ratios. Its size does not grow with the number of sets. */
export class SweepBook {
  readonly #space: SweepSpace;
  readonly #by: TrialMetricName;
  readonly #most: number;
  readonly #best: SweepRow[] = [];
  readonly #invalid: SweepRow[] = [];
  #file: SweepFile | null = null;
  #waiting = '';
  #lastSet = -1;
  #ran = 0;
  #invalidCount = 0;
  /** Of the Sharpe ratios that have a value: how many, their mean, and the sum of squares around it (B. P. Welford, 1962). */
  #sharpes = 0;
  #mean = 0;
  #squares = 0;
  leftOut = 0;

  /** @param most sets that are kept as the best */
  constructor(space: SweepSpace, by: TrialMetricName, most: number) {
    this.#space = space;
    this.#by = by;
    this.#most = most;
  }

  /** Rows go there from now on, besides. */
  writeTo(file: SweepFile): void {
    this.#file = file;
  }

  /** A set that has run. */
  add(set: number, metrics: TrialMetrics): void {
    this.#keep({ set, params: this.paramsOf(set), metrics });
  }

  /** A set that could not. */
  refuse(set: number, error: string): void {
    this.#keep({ set, params: this.paramsOf(set), error });
  }

  /** A row of an earlier run. */
  take(row: SweepRow): void {
    this.#count(row);
  }

  /** Writes what has come since. */
  flush(): void {
    if (this.#waiting !== '') this.#file?.append(this.#waiting);
    this.#waiting = '';
  }

  /** Values of a set by the names of its params, as `--set` takes them. */
  paramsOf(set: number): Readonly<Record<string, string>> {
    const places = placesOf(this.#space, set);
    return Object.fromEntries(this.#space.axes.map(({ name, texts }, axis) => [name, texts[places[axis]!]!]));
  }

  /** The best first; among equals the one with the smaller number. */
  get best(): readonly SweepRow[] {
    return this.#best;
  }

  get invalid(): { readonly count: number; readonly named: readonly SweepRow[] } {
    return { count: this.#invalidCount, named: this.#invalid };
  }

  get ran(): number {
    return this.#ran;
  }

  /** Number of the last set that has a row; -1 before the first. */
  get lastSet(): number {
    return this.#lastSet;
  }

  /** Sample variance of the Sharpe ratios, a year; null for fewer than two. */
  get sharpeVariance(): number | null {
    return this.#sharpes < 2 ? null : this.#squares / (this.#sharpes - 1);
  }

  #keep(row: SweepRow): void {
    if (this.#file !== null) this.#waiting += `${JSON.stringify(row)}\n`;
    this.#count(row);
  }

  #count(row: SweepRow): void {
    this.#lastSet = row.set;
    const { metrics } = row;
    if (metrics === undefined) {
      this.#invalidCount += 1;
      if (this.#invalid.length < NAMED) this.#invalid.push(row);
      return;
    }
    this.#ran += 1;
    if (metrics.sharpe !== null) {
      this.#sharpes += 1;
      const off = metrics.sharpe - this.#mean;
      this.#mean += off / this.#sharpes;
      this.#squares += off * (metrics.sharpe - this.#mean);
    }
    const worst = this.#best.at(-1);
    if (this.#best.length === this.#most && worst !== undefined && compareBy(this.#by, metrics, worst.metrics!) >= 0) return;
    const place = this.#best.findIndex((other) => compareBy(this.#by, metrics, other.metrics!) < 0);
    this.#best.splice(place < 0 ? this.#best.length : place, 0, row);
    if (this.#best.length > this.#most) this.#best.pop();
  }
}
