/**
 * Wilder's parabolic stop and reverse (New Concepts in Technical Trading Systems, 1978), started as TA-Lib's SAR does: the second bar is long unless its low
 * fell by more than its high rose; the first level is the first bar's low (or high), the extreme point the second bar's high (or low).
 *
 * The value is the level that was set before this bar, or, at a bar that reaches it, the level of the other side. na before the second bar and where an input is na or
 * infinite, which starts it anew.
 */
export function createParabolic(step: number, max: number): (high: number, low: number) => number {
  const first = Math.min(step, max);
  let bars = 0;
  let isLong = false;
  let [level, extreme, factor, lastHigh, lastLow] = [0, 0, 0, 0, 0];

  const start = (high: number, low: number): void => {
    const fall = lastLow - low;
    isLong = !(fall > 0 && high - lastHigh < fall);
    level = isLong ? lastLow : lastHigh;
    extreme = isLong ? high : low;
    factor = first;
    [lastHigh, lastLow] = [high, low];
  };
  /** Kept out of the ranges of this bar and the last one. */
  const bounded = (x: number, high: number, low: number): number => (isLong ? Math.min(x, lastLow, low) : Math.max(x, lastHigh, high));

  return (high, low) => {
    if (high - high !== 0 || low - low !== 0) {
      bars = 0;
      return Number.NaN;
    }
    bars += 1;
    if (bars === 1) {
      [lastHigh, lastLow] = [high, low];
      return Number.NaN;
    }
    if (bars === 2) start(high, low);
    const isReached = isLong ? low <= level : high >= level;
    if (isReached) {
      isLong = !isLong;
      level = bounded(extreme, high, low);
      factor = first;
      extreme = isLong ? high : low;
    }
    const value = level;
    if (!isReached && (isLong ? high > extreme : low < extreme)) {
      extreme = isLong ? high : low;
      factor = Math.min(factor + step, max);
    }
    level = bounded(level + factor * (extreme - level), high, low);
    [lastHigh, lastLow] = [high, low];
    return value;
  };
}
