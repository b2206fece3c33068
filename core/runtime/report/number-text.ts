/** Numbers for people: a fixed look in every locale, `n/a` for na. The JSON document has them in full. */
export const NOT_AVAILABLE = 'n/a';

/** 1234567.891 with 2 digits as `1,234,567.89`; -0 as 0. */
export function groupedNumber(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return NOT_AVAILABLE;
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  // toFixed leaves numbers of 1e21 and more in scientific form.
  if (whole.includes('e')) return value.toExponential(digits);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return /^-[0,.]*$/.test(text) ? text.slice(1) : text;
}

/** A price with the digits that its size asks for: 64,123.50 or 0.00001234. */
export function priceText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOT_AVAILABLE;
  const size = Math.abs(value);
  if (size === 0 || size >= 1000) return groupedNumber(value, 2);
  if (size >= 1) return groupedNumber(value, 4);
  return groupedNumber(value, Math.min(12, 5 - Math.floor(Math.log10(size))));
}

/** A quantity with up to 8 digits after the point, without trailing zeros. */
export function quantityText(value: number): string {
  if (Math.abs(value) > 0 && Math.abs(value) < 1e-8) return value.toExponential(2);
  return groupedNumber(value, 8).replace(/\.?0+$/, '');
}

/** A share as percent without trailing zeros: 0.001 as `0.1 %`. */
export function shareText(share: number): string {
  return `${groupedNumber(share * 100, 6).replace(/\.?0+$/, '')} %`;
}

/** An ISO time to the minute: `2024-01-01 12:00`. */
export function minuteText(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 16).replace('T', ' ');
}
