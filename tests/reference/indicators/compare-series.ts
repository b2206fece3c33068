export interface Agreement {
  /** Bar from which on they agree; the reference's first value when not said. */
  readonly from?: number;
  /** Largest difference as a share of the larger value or of the largest value of the reference; 1e-9 when not said. */
  readonly tolerance?: number;
  /** Decimals that the reference is printed with: half of the last one is the difference allowed. */
  readonly decimals?: number;
  /** The reference writes a value this many bars before the one on which it is known. */
  readonly shownBack?: number;
  /** What the reference writes where it has no value. */
  readonly noValue?: number;
}

/**
 * Where a series first differs from a reference, in words; null when it has each of its values. Before the reference's first value, and where it has none,
 * there is nothing to compare.
 */
export function firstDifference(actual: Float64Array, expected: readonly (number | null)[], agreement: Agreement = {}): string | null {
  if (actual.length !== expected.length) return `${actual.length} bars against ${expected.length}`;
  const { tolerance = 1e-9, from = 0, shownBack = 0, noValue, decimals } = agreement;
  const scale = expected.reduce<number>(
    (most, value) => (value === null || Number.isNaN(value) ? most : Math.max(most, Math.abs(value))),
    0,
  );
  const printed = decimals === undefined ? 0 : 0.501 * 10 ** -decimals;
  let compared = 0;
  for (let bar = from; bar < expected.length; bar += 1) {
    const wanted = expected[bar] ?? Number.NaN;
    if (Number.isNaN(wanted) || wanted === noValue) continue;
    compared += 1;
    const found = actual[bar + shownBack]!;
    if (!(Math.abs(found - wanted) <= tolerance * Math.max(Math.abs(found), scale) + printed))
      return `bar ${bar}: ${found} against ${wanted}`;
  }
  return compared > 0 ? null : 'no bar could be compared';
}
