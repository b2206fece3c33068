import { barOpen, nextOpen, parseTimeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';

export interface TruthOptions {
  readonly seed: number;
  /** Open of the first bar, ms. */
  readonly listedMs: number;
  /** Trades are made up to here, ms; bars have no end. */
  readonly untilMs: number;
  /** The market was taken down then: no bars from here on, ms. */
  readonly delistedMs?: number;
  /** Mean time between moments with trades, ms. */
  readonly tradeMs?: number;
  /** Share of moments that have forty trades, 0 to 1; left out: 0.01. */
  readonly crowd?: number;
  /** Stretches without bars; left out: made from the seed. */
  readonly holes?: readonly { readonly from: number; readonly to: number }[];
}

/** `time open high low close volume` */
export type TrueBar = readonly [time: number, open: number, high: number, low: number, close: number, volume: number];

export interface TrueTrade {
  readonly id: number;
  readonly time: number;
  /** Which one of its moment it is, from 0. */
  readonly place: number;
  readonly price: number;
  readonly qty: number;
  readonly isBuyerMaker: boolean;
}

const FUNDING_MS = 8 * 3_600_000;
/** Bars may be corrected until they are so many bars old. */
const SETTLED = 3;
const TRADE_MS = 45_000;

/** What really happened at a simulated venue: every number is a function of the seed and of where it stands. */
export class VenueTruth {
  readonly options: TruthOptions;
  #trades: readonly TrueTrade[] | null = null;

  constructor(options: TruthOptions) {
    this.options = options;
  }

  /** Final bars that open in `[from, to)`. */
  bars(series: string, timeframe: string, from: number, to: number, limit: number = Infinity): readonly TrueBar[] {
    const grid = parseTimeframe(timeframe)!;
    const bars: TrueBar[] = [];
    const { listedMs, delistedMs = Infinity } = this.options;
    let time = barOpen(grid, Math.max(from, listedMs));
    if (time < Math.max(from, listedMs)) time = nextOpen(grid, time);
    for (; time < Math.min(to, delistedMs) && bars.length < limit; time = nextOpen(grid, time))
      if (!this.#isHole(time, grid.stepMs)) bars.push(this.#bar(`${series} ${timeframe}`, time));
    return bars;
  }

  /** The bar as the venue shows it at a time: still forming, not yet corrected, or final. */
  shown(bar: TrueBar, series: string, timeframe: string, nowMs: number): TrueBar {
    const grid = parseTimeframe(timeframe)!;
    const [time, open, high, low, close, volume] = bar;
    const end = nextOpen(grid, time);
    const random = this.#random(`${series} ${timeframe} early`, time);
    const share = nowMs < end ? (nowMs - time) / grid.stepMs : nowMs < end + SETTLED * grid.stepMs && random.nextUnit() < 0.4 ? 0.9 : 1;
    if (share >= 1) return bar;
    const part = (price: number): number => price4(open + (price - open) * share);
    return [time, open, part(high), part(low), part(close), price4(volume * share)];
  }

  /** Rates in `[from, to)`. */
  funding(from: number, to: number): readonly { readonly time: number; readonly rate: number }[] {
    const rates: { readonly time: number; readonly rate: number }[] = [];
    const first = Math.ceil(Math.max(from, this.options.listedMs) / FUNDING_MS) * FUNDING_MS;
    // As at real venues, some come a few ms late.
    for (let time = first - FUNDING_MS; time < to; time += FUNDING_MS) {
      const random = this.#random('funding', time);
      const at = time + (random.nextUnit() < 0.3 ? Math.floor(random.nextUnit() * 9) : 0);
      if (at >= Math.max(from, this.options.listedMs) && at < to)
        rates.push({ time: at, rate: Math.round((random.nextUnit() - 0.5) * 100_000) / 1e8 });
    }
    return rates;
  }

  /** All trades, numbered from 1; many of one moment. */
  trades(): readonly TrueTrade[] {
    this.#trades ??= [...this.#makeTrades()];
    return this.#trades;
  }

  *#makeTrades(): Generator<TrueTrade> {
    const { listedMs, untilMs, tradeMs = TRADE_MS, crowd = 0.01 } = this.options;
    const random = this.#random('trades', 0);
    let id = 0;
    for (let time = listedMs; time < untilMs; time += 1 + Math.floor(random.nextUnit() * 2 * tradeMs)) {
      const count = random.nextUnit() < crowd ? 40 : 1 + Math.floor(random.nextUnit() * 3);
      for (let i = 0; i < count; i++)
        yield {
          id: ++id,
          time,
          place: i,
          price: price4(100 + random.nextUnit()),
          qty: price4(0.001 + random.nextUnit()),
          isBuyerMaker: random.nextUnit() < 0.5,
        };
    }
  }

  #isHole(time: number, stepMs: number): boolean {
    const { holes } = this.options;
    if (holes !== undefined) return holes.some(({ from, to }) => time >= from && time < to);
    const random = this.#random('hole', Math.floor(time / (40 * stepMs)));
    if (random.nextUnit() > 0.15) return false;
    const [start, length] = [Math.floor(random.nextUnit() * 40), 1 + Math.floor(random.nextUnit() * 12)];
    const place = Math.floor(time / stepMs) % 40;
    return place >= start && place < start + length;
  }

  #bar(series: string, time: number): TrueBar {
    const random = this.#random(series, time);
    const [open, close] = [price4(100 + random.nextUnit()), price4(100 + random.nextUnit())];
    const high = price4(Math.max(open, close) + random.nextUnit());
    const low = price4(Math.min(open, close) - random.nextUnit());
    return [time, open, high, low, close, price4(random.nextUnit() * 1000)];
  }

  #random(series: string, place: number): Xoshiro128 {
    let hash = 0x811c9dc5 ^ this.options.seed;
    for (const char of `${series} ${place}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    return Xoshiro128.fromSeed(hash >>> 0);
  }
}

const price4 = (value: number): number => Math.round(value * 10_000) / 10_000;
