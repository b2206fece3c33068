import { stepOf, type Step, walk, type WalkedBars } from '#dsl/prelude/testing/price-walk.ts';

const HOUR_MS = 3_600_000;
/** A Monday, so that weeks, days and months go on within few bars. */
const START_MS = Date.UTC(2024, 0, 29);
/** Bars of a stretch in which nothing moves, or nothing is traded. */
const STRETCH = 15;
const JUMP = 1000;

/** As many whole numbers as bars are wanted, the same for the same seed (Numerical Recipes' quick generator, its high bits). */
export function seedsOf(seed: number, bars: number): readonly number[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 17;
  };
  return Array.from({ length: bars }, () => next() * 2 ** 15 + next());
}

export type TimedBars = WalkedBars & { readonly time: readonly number[] };

const NOTHING: Partial<Step> = { gap: 0, move: 0, up: 0, down: 0 };
const isStretch = (bar: number): boolean => Math.floor(bar / STRETCH) % 3 === 2;

const changed = (seeds: readonly number[], change: (step: Step, bar: number) => Partial<Step>): readonly Step[] =>
  seeds.map((seed, bar) => {
    const step = stepOf(seed);
    return { ...step, ...change(step, bar) };
  });

/** Times that leave out hours where `isMissing`. */
function hours(seeds: readonly number[], isMissing: (seed: number) => boolean): readonly number[] {
  let last = START_MS;
  return seeds.map((seed) => {
    last += HOUR_MS * (isMissing(seed) ? 2 + (seed % 40) : 1);
    return last;
  });
}

const onTime = (bars: WalkedBars, seeds: readonly number[], isMissing = (_seed: number): boolean => false): TimedBars => ({
  ...bars,
  time: hours(seeds, isMissing),
});

/** Kinds of markets, out of whole numbers from 0 to 2^30. */
export const BAR_KINDS: Readonly<Record<string, (seeds: readonly number[]) => TimedBars>> = {
  'always moving': (seeds) =>
    onTime(walk(changed(seeds, ({ move, volume }) => ({ move: move === 0 ? 7 : move, volume: volume + 1 }))), seeds),
  'a walk with rests': (seeds) => onTime(walk(changed(seeds, () => ({}))), seeds),
  'still for a while': (seeds) => onTime(walk(changed(seeds, (_, bar) => (isStretch(bar) ? NOTHING : {}))), seeds),
  'untraded for a while': (seeds) => onTime(walk(changed(seeds, (_, bar) => (isStretch(bar) ? { volume: 0 } : {}))), seeds),
  'without ranges': (seeds) => onTime(walk(changed(seeds, () => ({ move: 0, up: 0, down: 0 }))), seeds),
  'never moving, never traded': (seeds) => onTime(walk(changed(seeds, () => ({ ...NOTHING, volume: 0 }))), seeds),
  'near 1e-8': (seeds) =>
    onTime(
      walk(
        changed(seeds, () => ({})),
        1e-10,
      ),
      seeds,
    ),
  'near 1e8': (seeds) =>
    onTime(
      walk(
        changed(seeds, () => ({})),
        1e6,
      ),
      seeds,
    ),
  'with huge jumps': (seeds) => onTime(jumping(walk(changed(seeds, () => ({}))), seeds), seeds),
  'with missing bars': (seeds) => onTime(walk(changed(seeds, () => ({}))), seeds, (seed) => seed % 4 === 0),
};

/** Prices that are a thousand times what they were from one bar to the next, and back. */
function jumping(bars: WalkedBars, seeds: readonly number[]): WalkedBars {
  let level = 1;
  const levels = seeds.map((seed) => {
    if (seed % 9 === 0) level = level === 1 ? JUMP : 1;
    return level;
  });
  const times = (x: readonly number[]): number[] => x.map((value, bar) => value * levels[bar]!);
  return { ...bars, open: times(bars.open), high: times(bars.high), low: times(bars.low), close: times(bars.close) };
}
