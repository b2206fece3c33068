import type { Bars } from './series-values.ts';

/** From one bar to the next, in cents. */
export interface Step {
  readonly gap: number;
  readonly move: number;
  readonly up: number;
  readonly down: number;
  readonly volume: number;
}

export type WalkedBars = Bars & Required<Pick<Bars, 'open' | 'high' | 'low' | 'volume'>>;

/** Prices that move, gap and stand still, and volumes that are often nothing, out of a whole number from 0 to 2^30. */
export function stepOf(seed: number): Step {
  const part = (divisor: number, size: number): number => Math.floor(seed / divisor) % size;
  const isSometimes = (divisor: number, of: number): boolean => part(divisor, of) === 0;
  return {
    gap: isSometimes(1, 3) ? part(7, 1001) - 500 : 0,
    move: isSometimes(3, 3) ? 0 : part(11, 601) - 300,
    up: isSometimes(13, 2) ? 0 : part(17, 201),
    down: isSometimes(19, 2) ? 0 : part(23, 201),
    volume: isSometimes(29, 2) ? 0 : part(31, 10_000) + 1,
  };
}

/** The bars of these steps, all prices times `factor`. */
export function walk(steps: readonly Step[], factor = 1): WalkedBars {
  let last = 10_000;
  const rows = steps.map(({ move, gap, up, down, volume }) => {
    const open = Math.max(1000, last + gap);
    const close = Math.max(1000, open + move);
    last = close;
    return { open, close, high: Math.max(open, close) + up, low: Math.max(500, Math.min(open, close) - down), volume: volume / 7 };
  });
  const price = (name: 'open' | 'high' | 'low' | 'close'): number[] => rows.map((row) => (row[name] / 100) * factor);
  return { open: price('open'), high: price('high'), low: price('low'), close: price('close'), volume: rows.map(({ volume }) => volume) };
}
