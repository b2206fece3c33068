import type { Bar } from '#core/model/bar.ts';
import { type Columns, sharedDoubles } from '#core/model/columns.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';

/** Rates change at 00:00, 08:00 and 16:00 UTC. */
const PERIOD_MS = 28_800_000;
/** What longs pay to shorts when the perpetual trades where its index does. */
const USUAL = 0.0001;
/** Large venues cap it near here. */
const MOST = 0.0075;
/** Of the last deviation from the usual rate that is left, of the return of the last period, and of chance. */
const MEMORY = 0.8;
const FOLLOWS = 0.01;
const NOISE = 0.00005;
const DIGITS = 1e8;

/**
 * Funding rates of a generated perpetual: near 0.01 % every eight hours, above it while prices rise and below while they fall, with memory and noise. The rate of
 * a period is made of the bars before it, so it is known while it is in force. The same seed and bars give the same bits (only + - * / and rounding).
 */
export class SyntheticFunding {
  readonly #random: Xoshiro128;
  #period = Number.NaN;
  #rate = USUAL;
  #away = 0;
  /** Close of the last bar, and that at the end of the period before. */
  #close = Number.NaN;
  #before = Number.NaN;

  constructor(seed: number) {
    // Another stream than the prices of the seed are drawn from.
    this.#random = Xoshiro128.fromSeed((seed ^ 0x5f356495) >>> 0);
  }

  /** The rate in force during a bar; bars are to come in order, each once. */
  rate({ time, close }: Pick<Bar, 'time' | 'close'>): number {
    const period = Math.floor(time / PERIOD_MS);
    if (period !== this.#period) {
      const move = this.#before > 0 ? this.#close / this.#before - 1 : 0;
      const noise = (this.#random.nextUnit() + this.#random.nextUnit() - 1) * NOISE;
      this.#away = MEMORY * this.#away + FOLLOWS * move + noise;
      this.#rate = Math.round(Math.min(Math.max(USUAL + this.#away, -MOST), MOST) * DIGITS) / DIGITS;
      this.#before = this.#close;
      this.#period = period;
    }
    this.#close = close;
    return this.#rate;
  }
}

/** A rate for each bar, in shared memory. */
export function generateFunding({ time, close }: Pick<Columns, 'time' | 'close'>, seed: number): Float64Array {
  const funding = new SyntheticFunding(seed);
  const rates = sharedDoubles(time.length);
  for (let bar = 0; bar < time.length; bar++) rates[bar] = funding.rate({ time: time[bar]!, close: close[bar]! });
  return rates;
}
