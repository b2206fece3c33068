/** Shown where there is no number. */
export const NONE = '–';
const MINUS = '−';

const MOST_DECIMALS = 10;
/** By their number of decimals. Made once: making one costs more than using it a hundred times. */
const FIXED = Array.from(
  { length: MOST_DECIMALS + 1 },
  (_, decimals) => new Intl.NumberFormat('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
);
const SIGNIFICANT = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 6 });

const fixed = (value: number, decimals: number): string => FIXED[decimals]?.format(value).replace('-', MINUS) ?? String(value);

/** Decimals that a price of this size needs: cents for thousands, five significant digits below. */
export function priceDecimals(value: number): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size) || size === 0 || size >= 1000) return 2;
  return Math.min(MOST_DECIMALS, Math.max(2, 4 - Math.floor(Math.log10(size))));
}

/** 1234.5 -> 1,234.50; 0.00012345 -> 0.00012345. */
export function price(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return fixed(value, priceDecimals(value));
}

/** Two decimals. */
export function money(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : fixed(value, 2);
}

/** Up to six significant decimals, no trailing zeros. */
export function qty(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return SIGNIFICANT.format(value).replace('-', MINUS);
}

/** Percent points: 1.5 -> 1.50 %. */
export function percent(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : `${fixed(value, 2)} %`;
}

/** `text(value)` with + in front of a gain; what rounds to nothing carries no sign. */
export function signed(value: number | null, text: (value: number | null) => string): string {
  if (value === null) return NONE;
  const shown = text(value);
  if (!/[1-9]/.test(shown)) return shown.replace(MINUS, '');
  return value > 0 ? `+${shown}` : shown;
}

export function count(value: number): string {
  return fixed(value, 0);
}
