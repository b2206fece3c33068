/** Bars in a stretch of which one usual size is taken: short enough to follow wild hours, long enough that a bad bar or two do not count. */
const STRETCH = 128;
/** From the median of absolute values to the standard deviation of a normal distribution. */
const TO_DEVIATION = 1.4826;

/** The middle value, of an even number the upper one; NaN of none. Values are put in order in place. */
export function medianOf(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? NaN;
}

/**
 * How large values usually are around each of them, like a standard deviation that outliers do not move: 1.4826 times the median of the absolute
 * values of a stretch, the largest of its own stretch, the one before and the one behind, and at least half of what is usual in all. NaN is left out.
 * A stretch in which most values are zero counts with those that are not.
 */
export function robustScale(values: Float64Array): (index: number) => number {
  const stretches = Math.max(1, Math.ceil(values.length / STRETCH));
  const medians = Float64Array.from({ length: stretches }, (_, at) => usualSize(values.subarray(at * STRETCH, (at + 1) * STRETCH)));
  const usual = medianOf(medians.filter((value) => value > 0));
  const floor = Number.isNaN(usual) ? Infinity : usual / 2;
  return (index) => {
    const at = Math.floor(index / STRETCH);
    return TO_DEVIATION * Math.max(floor, medians[at] ?? 0, medians[at - 1] ?? 0, medians[at + 1] ?? 0);
  };
}

/** 0 where there is nothing to measure. */
function usualSize(values: Float64Array): number {
  const sizes = values.map((value) => Math.abs(value)).filter((value) => value > 0);
  return sizes.length < 3 ? 0 : medianOf(sizes);
}
