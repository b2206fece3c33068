import { describe, expect, test } from 'vitest';
import { BAR_KINDS, seedsOf, type TimedBars } from './bar-kinds.ts';
import { edgesOf, emittedInPieces, inputOf, prepared } from './called-function.ts';

/** More bars than are computed ahead at once, and than the driver gives in one piece. */
const ROWS = 9000;
const LENGTHS = [1, 2, 3, 5, 8, 14, 20, 31, 32, 33, 64, 65, 200, 4096, 5000, 8999];

/** Zeros of both signs between volumes, as ties of which the later must count. */
const signedZeros = (bars: TimedBars): TimedBars => ({
  ...bars,
  volume: bars.volume.map((volume, i) => (i % 5 === 0 ? volume : i % 3 === 0 ? 0 : -0)),
});
const falling = (bars: TimedBars): TimedBars => ({
  ...bars,
  high: bars.high.map((_, i) => 30_000 - i),
  volume: bars.volume.map((_, i) => i),
});
/** Prices from 100 to 125, with many ties and digits that doubles do not have. */
const near = (bars: TimedBars): TimedBars => ({
  ...bars,
  high: bars.high.map((_, i) => 100 + (Math.imul(i, 2_654_435_761) >>> 24) / 10.3),
  low: bars.low.map((_, i) => 100 + (Math.imul(i, 2_246_822_519) >>> 24) / 10.3),
});
const walk = BAR_KINDS['a walk with rests']!(seedsOf(11, ROWS));
const KINDS: Readonly<Record<string, TimedBars>> = {
  'a walk with rests': walk,
  'prices near each other': near(walk),
  'zeros of both signs': signedZeros(walk),
  'a fall and a rise': falling(walk),
  'huge jumps': BAR_KINDS['with huge jumps']!(seedsOf(12, ROWS)),
};

/** By the definition: the latest of the best bars of the window. */
function extreme(values: readonly number[], n: number, i: number, beats: (x: number, best: number) => boolean): number {
  if (i < n - 1) return Number.NaN;
  let best = values[i - n + 1]!;
  for (let k = i - n + 2; k <= i; k++) if (!beats(best, values[k]!)) best = values[k]!;
  return best;
}

describe.each(Object.entries(KINDS))('extremes of windows that are computed ahead, of %s', (_, bars) => {
  test.each(LENGTHS)('over %i bars', (n) => {
    const series = prepared([`highest(high, ${n})`, `lowest(low, ${n})`, `highest(volume, ${n})`, `lowest(volume, ${n})`]);
    expect(series.compiled.text).toContain('origin');
    const input = inputOf(series, bars);
    const whole = emittedInPieces(series, input, [0, ROWS]);
    const inPieces = emittedInPieces(series, input, edgesOf(ROWS, [1, 13, 14, 77, 4096, 4097, 7000]));
    const more = (x: number, best: number): boolean => x > best;
    const less = (x: number, best: number): boolean => x < best;
    const wrong: unknown[] = [];
    for (let i = 0; i < ROWS; i += n > 100 && i > 20 ? 13 : 1) {
      const expected = [
        extreme(bars.high, n, i, more),
        extreme(bars.low, n, i, less),
        extreme(bars.volume, n, i, more),
        extreme(bars.volume, n, i, less),
      ];
      for (const found of [whole, inPieces]) {
        const values = found.map((column) => column[i]!);
        if (!values.every((value, place) => Object.is(value, expected[place]))) wrong.push({ i, values, expected });
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('what is wrong is found', () => {
  const wrongOf = (bars: TimedBars, change: (text: string) => string): number => {
    const series = prepared(['highest(high, 14)', 'lowest(low, 14)']);
    const [highest, lowest] = emittedInPieces(series, inputOf(series, bars), [0, ROWS], change);
    const isWrong = (i: number): boolean =>
      !Object.is(
        highest![i],
        extreme(bars.high, 14, i, (x, best) => x > best),
      ) ||
      !Object.is(
        lowest![i],
        extreme(bars.low, 14, i, (x, best) => x < best),
      );
    return [...highest!.keys()].filter(isWrong).length;
  };
  const jumps = KINDS['huge jumps']!;

  test('an extreme of later bars', () => expect(wrongOf(walk, (text) => text.replace('i-origin', 'i+1-origin'))).toBeGreaterThan(0));
  test('arithmetic with prices that are near each other', () =>
    expect(wrongOf(near(walk), (text) => text.replaceAll('0.5*', '0.4*'))).toBeGreaterThan(ROWS / 2));
  test('the same where they are not', () => {
    expect(wrongOf(jumps, (text) => text)).toBe(0);
    expect(wrongOf(jumps, (text) => text.replaceAll('0.33*x', '1e9*x'))).toBeGreaterThan(0);
  });
});
