/** Time from a decision to its order at the market: one of both. */
export interface Latency {
  readonly ms?: number;
  /** Lengths of the strategy's bars. */
  readonly bars?: number;
}

/** For messages: what `parseLatency` takes. */
export const LATENCY_WORDS = 'a time such as 250ms, 2s, 1m or 1h, or a number of bars such as 1 bar or 2 bars';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Null when the text is none, or nothing. */
export function parseLatency(text: string): Latency | null {
  const match = /^(\d{1,6}(?:\.\d{1,6})?) ?(ms|s|m|h|bars?)$/.exec(text);
  const amount = Number(match?.[1]);
  const unit = match?.[2];
  if (!(amount > 0) || unit === undefined) return null;
  if (unit === 'bar' || unit === 'bars') return Number.isInteger(amount) ? { bars: amount } : null;
  return { ms: amount * UNIT_MS[unit as keyof typeof UNIT_MS] };
}
