import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { emit } from '#dsl/emit/emit.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** Costs at which the net profit of a run is gone, each by itself with all else as it was. Null = there was none to lose, or it is not gone at the highest that was tried. */
export interface BreakEven {
  /** Fee of every fill, as share of its value, in the place of the run's. At most MOST_RATE. */
  readonly fee: number | null;
  /** Slippage of every fill that takes what others offer, as share of the price, in the place of the run's models. At most MOST_RATE. */
  readonly slippage: number | null;
  /** Bars that every order comes later than in the run. At most MOST_BARS. */
  readonly delayBars: number | null;
  /** Runs that this took. */
  readonly runs: number;
}

const MOST_RATE = 0.5;
const FIRST_RATE = 0.0005;
/** To about one percent of what is found. */
const HALVINGS = 7;
const MOST_BARS = 64;

/**
 * Looks for them by running again: from the run's own costs up in doubled steps until the profit is gone, then by halves; at most about 50 runs. Profit need not fall
 * evenly with costs, as positions and stops change with them: what is told is one point where it is gone.
 * @param profit of the run itself
 * @param profitOf runs with other settings
 */
export async function breakEvenOf(
  prepared: PreparedStrategy,
  profit: number,
  profitOf: (prepared: PreparedStrategy) => Promise<number>,
): Promise<BreakEven> {
  if (!(profit > 0)) return { fee: null, slippage: null, delayBars: null, runs: 0 };
  let runs = 0;
  const { settings } = prepared;
  const compiled = emit(prepared.program, settings.conventions, true);
  const isGone =
    (changed: (x: number) => SimulationSettings, over = prepared) =>
    async (x: number): Promise<boolean> => {
      runs += 1;
      return !((await profitOf({ ...over, settings: changed(x) })) > 0);
    };
  const { fees: _, ...withoutFees } = settings;
  const { slippage: __, ...withoutSlippage } = settings;
  const { ms = 0, bars = 0 } = settings.latency ?? {};
  const delayed = (more: number): SimulationSettings => ({ ...settings, latency: { ms, bars: bars + more } });
  const fee = await firstGone(
    settings.feeRate,
    isGone((rate) => ({ ...withoutFees, feeRate: rate, makerRate: rate })),
  );
  const slippage = await firstGone(
    settings.slippageRate,
    isGone((rate) => ({ ...withoutSlippage, slippageRate: rate })),
  );
  const delayBars = settings.conventions.fillAt === 'close' ? null : await firstGoneBars(isGone(delayed, { ...prepared, compiled }));
  return { fee, slippage, delayBars, runs };
}

/** @param from known to leave a profit, or nearly so */
async function firstGone(from: number, isGone: (rate: number) => Promise<boolean>): Promise<number | null> {
  let [kept, gone] = [from, Math.min(MOST_RATE, Math.max(FIRST_RATE, 2 * from))];
  while (!(await isGone(gone))) {
    if (gone >= MOST_RATE) return null;
    [kept, gone] = [gone, Math.min(MOST_RATE, 2 * gone)];
  }
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (kept + gone) / 2;
    if (await isGone(middle)) gone = middle;
    else kept = middle;
  }
  return gone;
}

async function firstGoneBars(isGone: (bars: number) => Promise<boolean>): Promise<number | null> {
  let [kept, gone] = [0, 1];
  while (!(await isGone(gone))) {
    if (gone >= MOST_BARS) return null;
    [kept, gone] = [gone, 2 * gone];
  }
  while (gone - kept > 1) {
    const middle = Math.floor((kept + gone) / 2);
    if (await isGone(middle)) gone = middle;
    else kept = middle;
  }
  return gone;
}
