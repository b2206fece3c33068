import type { StepRates } from '#core/engine/trading/portfolio-input.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { type AccountCurrency, currencyOf } from './account-currency.ts';

/** A weekend with a holiday: older than this a rate may be wrong. */
const STALE_MS = 4 * 86_400_000;

/** The rates of a run. */
export interface RunRates {
  /** Of the account. */
  readonly currency: string;
  /** By step. */
  readonly steps: readonly StepRates[];
  /** Each currency that is converted: the markets that it is by, its last rate, and at how many closes it was older than four days. */
  readonly currencies: readonly {
    readonly currency: string;
    readonly by: readonly string[];
    readonly rate: number;
    readonly stale: number;
  }[];
}

/**
 * The rates at every open and close of a run: of bars that have closed by then.
 * @param markets by name, as the engine has them
 * @param time opens of the steps, ms
 * @param fromStep the first that counts: rates must be known from its close on
 * @throws StratError USAGE, DATA_MISSING when a rate is not known
 */
export function stepRates(
  account: AccountCurrency,
  markets: readonly string[],
  time: Float64Array,
  stepMs: number,
  fromStep: number,
): RunRates {
  const currencyOfMarket = markets.map((market) => currencyOf(market) ?? account.currency);
  const currencies = [...new Set(currencyOfMarket)].map((currency) => {
    const read = account.readings(currency);
    const [open, close] = [new Float64Array(time.length), new Float64Array(time.length)];
    let stale = 0;
    for (const [step, at] of time.entries()) {
      open[step] = read(at).rate;
      const reading = read(at + stepMs);
      close[step] = reading.rate;
      if (step >= fromStep && reading.ageMs > STALE_MS) stale += 1;
    }
    // Nothing is held or ordered before the first close.
    const first = close[fromStep]!;
    if (!(first > 0 && Number.isFinite(first)))
      throw new StratError('DATA_MISSING', {
        market: account.pathOf(currency).join(', '),
        reason: `no bar of it has closed by ${new Date(time[fromStep]! + stepMs).toISOString()}, when the run needs the rate of ${currency}`,
        hint: 'Give rates that begin earlier, or a later --from',
      });
    for (let step = 0; step <= fromStep; step++) {
      if (Number.isNaN(open[step]!)) open[step] = first;
      if (Number.isNaN(close[step]!)) close[step] = first;
    }
    return { currency, open, close, stale };
  });
  const places = currencyOfMarket.map((currency) => currencies.findIndex((one) => one.currency === currency));
  return {
    currency: account.currency,
    steps: Array.from(time, (_, step) => ({
      open: places.map((place) => currencies[place]!.open[step]!),
      close: places.map((place) => currencies[place]!.close[step]!),
    })),
    currencies: currencies
      .filter(({ currency }) => currency !== account.currency)
      .map(({ currency, close, stale }) => ({ currency, by: account.pathOf(currency), rate: close.at(-1)!, stale })),
  };
}
