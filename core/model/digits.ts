/** Whether a sum of powers of two holds that of a place (1 for the first, 2, 4, ...); also above 2^32, where operators on bits end. */
export const hasDigit = (digits: number, place: number): boolean => Math.floor(digits / 2 ** place) % 2 === 1;
