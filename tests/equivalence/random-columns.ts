import fc from 'fast-check';
import { type Columns, sharedColumns } from '#core/model/columns.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 8766 * HOUR_MS;
/** What candles may have (core/data/bar-checks.ts). */
const [LEAST_PRICE, MOST_PRICE, MOST_VOLUME] = [1e-15, 1e15, 1e20];

/** Numbers of bars about which something changes: windows, pieces of bars, blocks of time, chunks of a run. */
const ROWS = [1, 2, 3, 30, 31, 32, 33, 63, 64, 65, 130, 300] as const;
export const MANY_ROWS = [1023, 1024, 1025, 1060, 2050, 4095, 4096, 4097, 4200] as const;

/** What a market does for a while. */
const MOODS = ['walk', 'walk', 'still', 'sideways', 'jump', 'grid', 'leap'] as const;
/** How far apart bars open. */
const PACES = ['hourly', 'hourly', 'gaps', 'uneven', 'years'] as const;

/**
 * Markets that are seldom, and allowed: the same candle for a long time, with and without volume, closes that stay while the rest moves, prices that jump by up to
 * twelve digits or lie at the ends of what prices may be, bars at any milliseconds and years apart. Drawn from a seed, as so many bars are too many to shrink.
 */
export const seldomColumns = (rows: readonly number[] = ROWS): fc.Arbitrary<Columns> =>
  fc
    .record({
      rows: fc.constantFrom(...rows),
      seed: fc.noBias(fc.nat(2 ** 31 - 1)),
      power: fc.constantFrom(0, 2, 2, 4, -8, -15, 12, 15),
      pace: fc.constantFrom(...PACES),
      startMs: fc.constantFrom(1_700_000_000_000, 0, -180_000_000),
    })
    .map(drawnColumns);

interface Drawn {
  readonly rows: number;
  readonly seed: number;
  readonly power: number;
  readonly pace: (typeof PACES)[number];
  readonly startMs: number;
}

function drawnColumns({ rows, seed, power, pace, startMs }: Drawn): Columns {
  const columns = sharedColumns(rows);
  let state = seed | 1;
  /** At least 0 and below 1. */
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)]!;
  const bounded = (price: number): number => Math.min(Math.max(price, LEAST_PRICE), MOST_PRICE);
  const stepMs = (): number => {
    if (pace === 'uneven') return 1 + Math.floor(chance() * 2 * HOUR_MS);
    if (pace === 'years') return chance() < 0.01 ? YEAR_MS : HOUR_MS;
    return pace === 'gaps' && chance() < 0.1 ? HOUR_MS * Math.ceil(chance() * 50) : HOUR_MS;
  };
  let [time, last, left] = [startMs, bounded(10 ** power), 0];
  let mood: (typeof MOODS)[number] = 'walk';
  for (let i = 0; i < rows; i += 1) {
    if (left === 0) [mood, left] = [pick(MOODS), 1 + Math.floor(chance() * chance() * rows)];
    left -= 1;
    if (mood === 'leap') last = bounded(last * 10 ** Math.round(24 * chance() - 12));
    const share = (size: number): number => 1 + size * (chance() - 0.5);
    const open = mood === 'walk' ? bounded(last * share(0.002)) : last;
    const close = mood === 'still' || mood === 'sideways' ? last : bounded(openTo(open, mood, chance, share));
    const wicks = mood === 'still' ? 0 : pick([0, 0.001, 0.03]);
    columns.time[i] = time;
    columns.open[i] = open;
    columns.close[i] = close;
    columns.high[i] = bounded(Math.max(open, close) * (1 + wicks * chance()));
    columns.low[i] = bounded(Math.min(open, close) * (1 - wicks * chance()));
    columns.volume[i] = pick([0, chance() * 1000, Math.floor(chance() * 5), i % 97 === 0 ? MOST_VOLUME : 1]);
    last = close;
    time += stepMs();
  }
  return columns;
}

function openTo(open: number, mood: (typeof MOODS)[number], chance: () => number, share: (size: number) => number): number {
  if (mood === 'jump') return chance() < 0.2 ? open * share(1.5) : open * share(0.01);
  if (mood !== 'grid') return open * share(0.03);
  // Whole steps of one size, so that prices and their means meet often.
  const step = 2 ** Math.floor(Math.log2(open) - 5);
  return Math.max(step, Math.round(open / step) * step + step * Math.round(2 * chance() - 1));
}
