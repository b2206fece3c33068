/** Equal but for the rounding of doubles: within 1e-9 of the expected value, or of one. */
export const near = (actual: number, expected: number): boolean => Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
