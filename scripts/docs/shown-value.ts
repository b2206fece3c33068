/** A value of a kind as pages show it: percents with their sign, conditions in words. Without `digits` as many as it takes. */
export function shownValue(value: number, kind: string, digits?: number): string {
  if (Number.isNaN(value)) return 'na';
  switch (kind) {
    case 'condition':
      return value === 1 ? 'true' : 'false';
    case 'percent':
      return `${(value * 100).toFixed(2)}%`;
    case 'time':
      return new Date(value).toISOString().slice(0, 16).replace('T', ' ');
    case 'duration':
      return `${value / 3_600_000}h`;
    default:
      if (Number.isInteger(value)) return String(value);
      return digits === undefined ? short(value.toFixed(digitsOf([value]))) : value.toFixed(digits);
  }
}

/** Without zeros at the end. */
export const short = (text: string): string => text.replace(/(\.\d*?)0+(?=%?$)/, '$1').replace(/\.(?=%?$)/, '');

/** Digits behind the point that tell values of this size. */
export function digitsOf(values: readonly number[]): number {
  const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
  return largest >= 1000 ? 2 : largest >= 1 ? 4 : 6;
}
