import { isFinite, type Machine, outputsOf } from './machine.ts';

/** A price at which turning points lie, and how it has been tested since. */
interface Level {
  price: number;
  points: number;
  /** Bar on which the last of its points came. */
  last: number;
  /** 0: the close has been near it ever since; 1, -1: above, below it; 2, -2: a test from above, from below is open. */
  side: number;
  /** Where the test that is open ends: `at` plus or minus `by`. */
  at: number;
  by: number;
  tests: number;
  held: number;
  chance: number;
}

/**
 * Levels of support and resistance out of turning points. Inputs: peak and trough (a price on a bar that confirms one, else na), high, low, close, tolerance; fixed: how
 * many levels are kept, how many points one needs to be shown.
 *
 * A point joins the nearest level within the tolerance, whose price is the mean of its points, or begins one; where no more are kept the one whose last point is oldest goes.
 *
 * A level is tested each time when the price reaches it from a side on which a close was beyond the tolerance. The test ends with the first close that is the tolerance away
 * from the level, both as they were when it began: back on the side it came from, and the level has held, or on the other. If prices are a random walk whose steps are as
 * likely up as down, what follows the touch is a mirror image of itself, so each test is a fair coin, whatever the volatility is and however the level was found, because it was
 * known before; a jump over the level makes it less than fair. So the chance of at least `held` out of `tests` is at most that of as many heads.
 */
export const LEVELS: Machine = {
  inputs: 6,
  outputs: outputsOf({
    support: 'source',
    support_points: 'number',
    support_bars: 'number',
    support_tests: 'number',
    support_held: 'number',
    support_p: 'number',
    resistance: 'source',
    resistance_points: 'number',
    resistance_bars: 'number',
    resistance_tests: 'number',
    resistance_held: 'number',
    resistance_p: 'number',
  }),
  create: ([kept = Number.NaN, needed = Number.NaN]) => {
    const levels: Level[] = [];
    let bar = 0;

    const add = (price: number, tolerance: number): void => {
      const near = levels.filter((level) => Math.abs(level.price - price) <= tolerance);
      if (near.length > 0) {
        const nearest = near.reduce((best, level) => (Math.abs(level.price - price) < Math.abs(best.price - price) ? level : best));
        nearest.points += 1;
        nearest.price += (price - nearest.price) / nearest.points;
        nearest.last = bar;
        return;
      }
      const level: Level = { price, points: 1, last: bar, side: 0, at: 0, by: 0, tests: 0, held: 0, chance: 1 };
      if (levels.length < kept) levels.push(level);
      else levels[levels.reduce((oldest, { last }, place) => (last < levels[oldest]!.last ? place : oldest), 0)] = level;
    };

    const shown = (level: Level | null): readonly number[] =>
      level === null
        ? Array.from({ length: 6 }, () => Number.NaN)
        : [level.price, level.points, bar - level.last, level.tests, level.held, level.chance];

    return ([peak = Number.NaN, trough = Number.NaN, high = Number.NaN, low = Number.NaN, close = Number.NaN, tolerance = Number.NaN]) => {
      if (![high, low, close, tolerance].every(isFinite)) return [...shown(null), ...shown(null)];
      bar += 1;
      for (const level of levels) test(level, high, low, close, tolerance);
      if (isFinite(peak)) add(peak, tolerance);
      if (isFinite(trough)) add(trough, tolerance);
      const strong = levels.filter(({ points }) => points >= needed);
      const below = strong.filter(({ price }) => price <= close);
      const above = strong.filter(({ price }) => price > close);
      return [
        ...shown(below.reduce<Level | null>((best, level) => (best === null || level.price > best.price ? level : best), null)),
        ...shown(above.reduce<Level | null>((best, level) => (best === null || level.price < best.price ? level : best), null)),
      ];
    };
  },
};

function test(level: Level, high: number, low: number, close: number, tolerance: number): void {
  if (level.side === 0) {
    if (close >= level.price + tolerance) level.side = 1;
    else if (close <= level.price - tolerance) level.side = -1;
    return;
  }
  if ((level.side === 1 && low <= level.price) || (level.side === -1 && high >= level.price)) {
    level.side *= 2;
    [level.at, level.by] = [level.price, tolerance];
  }
  if (Math.abs(level.side) !== 2) return;
  const ended = close >= level.at + level.by ? 1 : close <= level.at - level.by ? -1 : 0;
  if (ended === 0) return;
  level.tests += 1;
  if (level.side === 2 * ended) level.held += 1;
  level.side = ended;
  level.chance = chanceOf(level.tests, level.held);
}

/** Chance of at least k heads of n fair coins. */
function chanceOf(n: number, k: number): number {
  if (k <= 0) return 1;
  return 2 * k > n ? tail(n, k) : 1 - tail(n, n - k + 1);
}

/** The same for k above n / 2, where each term is smaller than the one before. */
function tail(n: number, k: number): number {
  let logarithm = -n * Math.log(2);
  for (let j = 1; j <= n - k; j += 1) logarithm += Math.log((k + j) / j);
  let [term, sum] = [1, 1];
  for (let j = k; j < n; j += 1) {
    term *= (n - j) / (j + 1);
    sum += term;
  }
  return Math.min(1, Math.exp(logarithm) * sum);
}
