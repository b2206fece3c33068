import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { parseMarket } from '#core/model/market.ts';

/** A market, or a number, that tells what one currency is worth in another. */
export interface RateSource {
  readonly market: string;
  /** Candles, and how long each lasts; or the same rate at all times. */
  readonly rate: number | { readonly columns: Pick<Columns, 'time' | 'close'>; readonly stepMs: number };
}

/** A rate that was needed, and when it was last known. */
export interface RateReading {
  /** The account's currency for one of the other; NaN = not known yet. */
  readonly rate: number;
  /** Time since the oldest of the bars that it was read from has closed, ms. */
  readonly ageMs: number;
}

/** One step on the way from a currency to another. */
interface RateLink {
  readonly source: RateSource;
  readonly to: string;
  readonly isInverse: boolean;
}

/** Currency that a market's prices and profits are in; null = it does not say. */
export function currencyOf(market: string): string | null {
  const parsed = parseMarket(market);
  return parsed === null ? null : (parsed.settle ?? parsed.quote);
}

/** The currency of an account, and what others are worth in it. */
export class AccountCurrency {
  readonly currency: string;
  readonly #sources: readonly RateSource[];

  /** @param sources of two for the same pair the first counts */
  constructor(currency: string, sources: readonly RateSource[]) {
    this.currency = currency;
    this.#sources = sources;
  }

  /**
   * The markets that a currency is converted by, in order; none for the account's own. As few as there can be.
   * @throws StratError USAGE when nothing leads there
   */
  pathOf(currency: string): readonly string[] {
    return this.#path(currency).map(({ source }) => source.market);
  }

  /** Readings at rising times: the last bar of each market that has closed by then. */
  readings(currency: string): (time: number) => RateReading {
    const links = this.#path(currency).map(({ source, isInverse }) => ({ read: readerOf(source), isInverse }));
    return (time) => {
      let [rate, ageMs] = [1, 0];
      for (const { read, isInverse } of links) {
        const reading = read(time);
        rate *= isInverse ? 1 / reading.rate : reading.rate;
        ageMs = Math.max(ageMs, reading.ageMs);
      }
      return { rate, ageMs };
    };
  }

  /** The shortest way from a currency to the account's, breadth first. */
  #path(currency: string): readonly RateLink[] {
    const paths = new Map<string, readonly RateLink[]>([[currency, []]]);
    for (const [from, path] of paths) {
      if (from === this.currency) return path;
      for (const source of this.#sources)
        for (const link of linksOf(source, from)) if (!paths.has(link.to)) paths.set(link.to, [...path, link]);
    }
    throw new StratError('USAGE', {
      reason: `The account is in ${this.currency}, and nothing tells what ${currency} is worth in it`,
      hint: `Give a rate: --rate ${this.currency}/${currency}=PATH of candles, or of ${currency}/${this.currency}, or a number`,
    });
  }
}

function linksOf(source: RateSource, from: string): readonly RateLink[] {
  const { base = null, quote = null, settle = null } = parseMarket(source.market) ?? {};
  // The price of an inverse contract is that of its pair all the same.
  if (base === null || quote === null || (settle !== null && settle !== quote && settle !== base)) return [];
  if (base === from) return [{ source, to: quote, isInverse: false }];
  return quote === from ? [{ source, to: base, isInverse: true }] : [];
}

function readerOf({ rate }: RateSource): (time: number) => RateReading {
  if (typeof rate === 'number') return () => ({ rate, ageMs: 0 });
  const { columns, stepMs } = rate;
  let next = 0;
  return (time) => {
    while (next < columns.time.length && columns.time[next]! + stepMs <= time) next += 1;
    return next === 0
      ? { rate: Number.NaN, ageMs: Infinity }
      : { rate: columns.close[next - 1]!, ageMs: time - columns.time[next - 1]! - stepMs };
  };
}
