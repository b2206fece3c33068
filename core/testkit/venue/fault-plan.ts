import { Xoshiro128 } from '#core/model/xoshiro128.ts';

/** What may happen to a request. */
export const VENUE_FAULTS = [
  // refusals
  'throttle',
  'ban',
  'forbidden',
  'maintenance',
  'error500',
  'error502',
  'redirect',
  // connections
  'reset',
  'stall',
  'cut',
  'stall-body',
  // answers that are none
  'cut-json',
  'bad-json',
  'html',
  'empty',
  'object',
  // answers that lie: each row is lied about once
  'drop',
  'empty-page',
  'repeat',
  'shuffle',
  'bad-price',
  'text-price',
  'bad-range',
  'off-grid',
  'future',
  'other-market',
  'conflict',
  // the clock
  'clock-step',
] as const;
export type VenueFaultName = (typeof VENUE_FAULTS)[number];

export interface FaultPlanOptions {
  readonly seed: number;
  /** Share of requests with a fault, 0 to 1. */
  readonly rate: number;
  /** Which may happen. */
  readonly faults: readonly VenueFaultName[];
}

/** Faults of requests, in the order in which these come: from a script, then drawn from a seed. */
export class FaultPlan {
  readonly #script: (VenueFaultName | null)[] = [];
  #drawn: { readonly options: FaultPlanOptions; readonly random: Xoshiro128 } | null = null;

  /** The next requests have these faults, one each; null: none. */
  script(...faults: readonly (VenueFaultName | null)[]): void {
    this.#script.push(...faults);
  }

  /** Faults behind the script; null: none any more. */
  draw(options: FaultPlanOptions | null): void {
    this.#drawn = options === null ? null : { options, random: Xoshiro128.fromSeed(options.seed) };
  }

  next(): VenueFaultName | null {
    const scripted = this.#script.shift();
    if (scripted !== undefined) return scripted;
    if (this.#drawn === null) return null;
    const { options, random } = this.#drawn;
    const [isFaulty, which] = [random.nextUnit() < options.rate, random.nextUnit()];
    return isFaulty ? (options.faults[Math.floor(which * options.faults.length)] ?? null) : null;
  }
}
