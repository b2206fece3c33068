import { type LoadedRate, loadRate } from '#core/runtime/currency/load-rates.ts';
import type { MarketData } from '#core/runtime/market-data.ts';

/** Several: a param may choose the length of the bars, or a chart. */
const MOST_KEPT = 8;

type Markets = readonly (readonly MarketData[])[];

/** What was read for the runs of one command line: those that differ in values alone read it once. Nothing writes into it. */
export class ReadCandles {
  readonly #markets = new Map<string, Markets>();
  readonly #rates = new Map<string, LoadedRate>();

  /** @param what all that decides on what is read @throws what `read` throws, which is not kept */
  async markets(what: string, read: () => Promise<Markets>): Promise<Markets> {
    const markets = this.#markets.get(what) ?? (await read());
    // What was used last is the last to go.
    this.#markets.delete(what);
    this.#markets.set(what, markets);
    for (const [oldest] of this.#markets) if (this.#markets.size > MOST_KEPT) this.#markets.delete(oldest);
    return markets;
  }

  /** @throws StratError as `loadRate` */
  rate(text: string): LoadedRate {
    const rate = this.#rates.get(text) ?? loadRate(text);
    this.#rates.set(text, rate);
    return rate;
  }
}
