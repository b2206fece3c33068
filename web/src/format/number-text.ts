/** Shown where there is no number. */
export const NONE = '–';
const MINUS = '−';

const format = (value: number, least: number, most: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: least, maximumFractionDigits: most }).replace('-', MINUS);

/** Decimals that a price of this size needs: cents for thousands, five significant digits below. */
export function priceDecimals(value: number): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size) || size === 0 || size >= 1000) return 2;
  return Math.min(10, Math.max(2, 4 - Math.floor(Math.log10(size))));
}

/** 1234.5 -> 1,234.50; 0.00012345 -> 0.00012345. */
export function price(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return format(value, priceDecimals(value), priceDecimals(value));
}

/** Two decimals. */
export function money(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : format(value, 2, 2);
}

/** Up to six significant decimals, no trailing zeros. */
export function qty(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 6 }).replace('-', MINUS);
}

/** Percent points: 1.5 -> 1.50 %. */
export function percent(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NONE : `${format(value, 2, 2)} %`;
}

/** `text(value)` with + in front of a gain; what rounds to nothing carries no sign. */
export function signed(value: number | null, text: (value: number | null) => string): string {
  if (value === null) return NONE;
  const shown = text(value);
  if (!/[1-9]/.test(shown)) return shown.replace(MINUS, '');
  return value > 0 ? `+${shown}` : shown;
}

export function count(value: number): string {
  return format(value, 0, 0);
}
