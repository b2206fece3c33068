import { barOpen, type Timeframe } from '#core/model/timeframe.ts';
import type { BarKind, UncheckedBar } from '#core/ports/market-history.ts';
import { type CheckedPage, checkedTime, isIn, type PageLimits, PageFaults, shown, toRows } from './checked-page.ts';

const MIN_PRICE = 1e-15;
const MAX_PRICE = 1e15;
const MAX_VOLUME = 1e20;

interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars that are on the grid, whole and over; a bar that is given twice alike counts once. */
export function checkBars(given: readonly UncheckedBar[], kind: BarKind, timeframe: Timeframe, limits: PageLimits): CheckedPage {
  const faults = new PageFaults();
  const bars = new Map<number, Bar>();
  const doubtful = new Set<number>();
  let lastMs: number | null = null;
  for (const row of given) {
    const time = checkedTime(row[0], limits, faults);
    // Some venues begin with the bar before the one that was asked for.
    if (time === null || time < limits.sinceMs) continue;
    lastMs = Math.max(lastMs ?? time, time);
    if (time >= limits.endMs) continue;
    if (barOpen(timeframe, time) !== time) {
      faults.add(`a bar at ${new Date(time).toISOString()}, where no bar of ${timeframe.name} opens`);
      continue;
    }
    const bar = checkedBar(time, row, kind, faults);
    if (bar === null) continue;
    const other = bars.get(time);
    if (other !== undefined && !isSame(other, bar)) {
      faults.add(`two bars that differ at ${new Date(time).toISOString()}`);
      doubtful.add(time);
    }
    bars.set(time, bar);
  }
  const good = [...bars.values()].filter(({ time }) => !doubtful.has(time));
  const rows = toRows<Bar>(good, {
    time: (bar) => bar.time,
    open: (bar) => bar.open,
    high: (bar) => bar.high,
    low: (bar) => bar.low,
    close: (bar) => bar.close,
    ...(kind === 'candles' ? { volume: (bar: Bar) => bar.volume } : {}),
  });
  return { rows, lastMs, lastId: null, faults: faults.texts };
}

function checkedBar(time: number, row: UncheckedBar, kind: BarKind, faults: PageFaults): Bar | null {
  const [, open, high, low, close, given] = row;
  const at = (): string => new Date(time).toISOString();
  for (const price of [open, high, low, close])
    if (!isIn(price, MIN_PRICE, MAX_PRICE)) {
      faults.add(`${shown(price)} as a price at ${at()}`);
      return null;
    }
  const [o, h, l, c] = [Number(open), Number(high), Number(low), Number(close)];
  if (h < Math.max(o, c) || l > Math.min(o, c)) {
    faults.add(`a high or low that its open or close is beyond, at ${at()}`);
    return null;
  }
  // Prices of marks and indices have no volume, whatever stands there.
  const volume = kind !== 'candles' || given === undefined || given === null ? NaN : given;
  if (!Number.isNaN(volume) && !isIn(volume, 0, MAX_VOLUME)) {
    faults.add(`${shown(volume)} as a volume at ${at()}`);
    return null;
  }
  return { time, open: o, high: h, low: l, close: c, volume: Number(volume) };
}

const isSame = (a: Bar, b: Bar): boolean =>
  a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && Object.is(a.volume, b.volume);
