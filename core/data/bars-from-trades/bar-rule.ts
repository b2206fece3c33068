import type { Timeframe } from '#core/model/timeframe.ts';

/** When a bar that is made of trades ends. */
export type BarRule =
  | { readonly kind: 'time'; readonly timeframe: Timeframe }
  /** With this many trades. */
  | { readonly kind: 'tick'; readonly size: number }
  /**
   * With the trade that brings the traded base (volume) or quote units (dollar) to `size` or beyond. Split: a trade that goes beyond is divided, the rest of it
   * begins the next bar, or fills several, so that each bar holds exactly `size`.
   */
  | { readonly kind: 'volume' | 'dollar'; readonly size: number; readonly isSplit: boolean }
  /** With the trade that brings its high and low apart by `size` or more. */
  | { readonly kind: 'range'; readonly size: number }
  /** Bricks of `size`: one up where the price is `size` above the last brick, one down where it is `size` below; a turn needs twice that from its close. */
  | { readonly kind: 'renko'; readonly size: number };

export const SIZED_RULES = ['tick', 'volume', 'dollar', 'range', 'renko'] as const;

/** `tick:100`, `volume:10`, `volume:10:split`, `dollar:1000000`, `range:5`, `renko:5`; null for any other text. */
export function parseBarRule(text: string): BarRule | null {
  const [kind, amount = '', mode, ...more] = text.split(':');
  const size = /^\d+(?:_\d{3})*(?:\.\d+)?$|^\d+e\d+$/.test(amount) ? Number(amount.replaceAll('_', '')) : NaN;
  if (!(size > 0) || more.length > 0) return null;
  if (kind === 'volume' || kind === 'dollar')
    return mode === undefined || mode === 'split' ? { kind, size, isSplit: mode === 'split' } : null;
  if (mode !== undefined) return null;
  if (kind === 'tick') return Number.isInteger(size) ? { kind, size } : null;
  return kind === 'range' || kind === 'renko' ? { kind, size } : null;
}

/** The rule as one text, whichever way it was written: the inverse of `parseBarRule`; of bars of time their timeframe. */
export const barRuleName = (rule: BarRule): string =>
  rule.kind === 'time' ? rule.timeframe.name : `${rule.kind}:${rule.size}${'isSplit' in rule && rule.isSplit ? ':split' : ''}`;
