/** A value of the account at the close of a bar. */
export interface CurvePoint {
  /** Open time of the bar, ms. */
  readonly time: number;
  readonly equity: number;
}

/** Even: half of it goes at a time. */
const MOST_POINTS = 16_384;

/**
 * The equity of an account over its whole life in bounded memory: every bar at first, and every second, fourth, ... once there would be too
 * many. The newest is always there.
 */
export class EquityCurve {
  readonly #times = new Float64Array(MOST_POINTS);
  readonly #equities = new Float64Array(MOST_POINTS);
  #points = 0;
  /** Bars between two points. */
  #stride = 1;
  #bars = 0;
  #newest: CurvePoint | null = null;

  add(point: CurvePoint): void {
    this.#newest = point;
    if (this.#bars % this.#stride === 0) this.#keep(point);
    this.#bars += 1;
  }

  /** Oldest first. */
  points(): readonly CurvePoint[] {
    const points = Array.from({ length: this.#points }, (_, at) => ({ time: this.#times[at]!, equity: this.#equities[at]! }));
    return this.#newest === null || points.at(-1)?.time === this.#newest.time ? points : [...points, this.#newest];
  }

  #keep({ time, equity }: CurvePoint): void {
    if (this.#points === MOST_POINTS) {
      for (let at = 0; at < MOST_POINTS / 2; at += 1) {
        this.#times[at] = this.#times[2 * at]!;
        this.#equities[at] = this.#equities[2 * at]!;
      }
      this.#points /= 2;
      this.#stride *= 2;
    }
    // MOST_POINTS bars of the old stride have gone by, so this one is a bar of the new one as well.
    this.#times[this.#points] = time;
    this.#equities[this.#points] = equity;
    this.#points += 1;
  }
}
