import { innerBars } from '#core/data/inner-bars.ts';
import { innerTicks } from '#core/data/inner-ticks.ts';
import type { Ticks } from '#core/data/tick-file.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { type InnerBars, innerList, innerOf, noColumn } from '#core/model/inner-bars.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';

const HOUR = parseTimeframe('1h')!;
const QUARTER = parseTimeframe('15m')!;

/** The bars that hourly bars are made of: one to four quarters each, by chance, with gaps between them; every sixth hour has none. */
export function randomInner(columns: Columns, seed: number): InnerBars {
  const random = Xoshiro128.fromSeed(seed);
  const below = (count: number): number => Math.floor(random.nextUnit() * count);
  const rows: number[][] = [];
  for (const [bar, time] of columns.time.entries()) {
    if (below(6) === 0) continue;
    const [open, high, low, close] = [columns.open[bar]!, columns.high[bar]!, columns.low[bar]!, columns.close[bar]!];
    const between = Array.from({ length: below(7) }, () => low + random.nextUnit() * (high - low));
    const [first, second] = below(2) === 0 ? [high, low] : [low, high];
    const path = [open, ...between.slice(0, 3), first, ...between.slice(3), second, close];
    const cuts = [...new Set([0, 1 + below(path.length - 1), 1 + below(path.length - 1), 1 + below(path.length - 1)])].toSorted(
      (a, b) => a - b,
    );
    for (const [place, cut] of cuts.entries()) {
      const prices = path.slice(cut, cuts[place + 1] ?? path.length);
      const volume = columns.volume[bar]! / cuts.length;
      rows.push([time + place * QUARTER.stepMs, prices[0]!, Math.max(...prices), Math.min(...prices), prices.at(-1)!, volume]);
    }
  }
  const finer = sharedColumns(rows.length);
  for (const [at, [time, open, high, low, close, volume]] of rows.entries()) {
    finer.time[at] = time!;
    finer.open[at] = open!;
    finer.high[at] = high!;
    finer.low[at] = low!;
    finer.close[at] = close!;
    finer.volume[at] = volume!;
  }
  return innerBars({ columns, timeframe: HOUR }, { columns: finer, timeframe: QUARTER }, 'made up');
}

/** The prices of an hour, one after the other: its open, its extremes in either order, its close, and some between them. */
function randomPath({ open, high, low, close }: Columns, bar: number, random: Xoshiro128): number[] {
  const between = (): number[] =>
    Array.from({ length: Math.floor(random.nextUnit() * 3) }, () => low[bar]! + random.nextUnit() * (high[bar]! - low[bar]!));
  const extremes = random.nextUnit() < 0.5 ? [high[bar]!, low[bar]!] : [low[bar]!, high[bar]!];
  return [open[bar]!, ...between(), extremes[0]!, ...between(), extremes[1]!, close[bar]!];
}

/** Trades, or quotes, that hourly bars are made of; every sixth hour has none. @param emptyShare of the hours that have none */
export function randomTicks(columns: Columns, seed: number, kind: Ticks['kind'], emptyShare = 1 / 6): InnerBars {
  const random = Xoshiro128.fromSeed(seed);
  const rows: { readonly time: number; readonly price: number; readonly ask: number; readonly qty: number }[] = [];
  for (const [bar, time] of columns.time.entries()) {
    if (random.nextUnit() < emptyShare) continue;
    const path = randomPath(columns, bar, random);
    for (const [place, price] of path.entries()) {
      const ask = price * (1 + 0.002 * random.nextUnit());
      rows.push({ time: time + Math.floor((place * HOUR.stepMs) / path.length), price, ask, qty: columns.volume[bar]! / path.length });
    }
  }
  const column = (valueOf: (row: (typeof rows)[number]) => number): Float64Array => {
    const values = new Float64Array(new SharedArrayBuffer(8 * rows.length));
    values.set(rows.map(valueOf));
    return values;
  };
  const isTrades = kind === 'trades';
  const ticks: Ticks = {
    kind,
    time: column(({ time }) => time),
    price: column(({ price }) => price),
    qty: isTrades ? column(({ qty }) => qty) : noColumn(),
    ask: isTrades ? noColumn() : column(({ ask }) => ask),
  };
  return innerTicks({ columns, timeframe: HOUR }, ticks, 'made up');
}

/** Finer bars, trades or quotes. */
export function anyInner(columns: Columns, seed: number): InnerBars {
  return seed % 3 === 0 ? randomInner(columns, seed) : randomTicks(columns, seed, seed % 3 === 1 ? 'trades' : 'quotes');
}

/** The bars themselves as what they are made of. */
export function sameInner(columns: Columns): InnerBars {
  return innerBars({ columns, timeframe: HOUR }, { columns, timeframe: HOUR }, 'the same');
}

/** Of the first bars alone. */
export function sliceInner(inner: InnerBars, bars: number): InnerBars {
  const ends = inner.ends.slice(0, bars);
  const cut = (column: Float64Array): Float64Array => column.slice(0, ends.at(-1) ?? 0);
  const [, ...columns] = innerList(inner);
  return { ...innerOf([ends, ...columns.map(cut)]), spread: inner.spread.slice(0, bars) };
}
