import { isFinite, type Machine, outputsOf } from './machine.ts';

/** A price and how many bars ago it was. */
interface Place {
  price: number;
  age: number;
}

/**
 * Turning points of `high` and `low`, each known from the bar on that confirms it: a top when a low comes `share * |top| + distance` below it, a bottom when a high comes as
 * far above it. Inputs: high, low, distance; fixed: share. Of equal prices the latest is the turning point. A bar that makes a new extreme confirms nothing.
 *
 * The first one is whatever is confirmed first of the highest and the lowest of all bars so far. Bars on which an input is na or infinite only pass.
 */
export const ZIGZAG: Machine = {
  inputs: 3,
  outputs: outputsOf({
    high: 'source',
    low: 'source',
    high_bars: 'number',
    low_bars: 'number',
    up: 'condition',
    extreme: 'source',
    extreme_bars: 'number',
  }),
  create: ([share = Number.NaN]) => {
    /** Turning points that were confirmed. */
    let top: Place | null = null;
    let bottom: Place | null = null;
    /** 1 while a top is looked for, -1 while a bottom is, 0 before the first. */
    let way = 0;
    /** The highest and the lowest of the leg; of a leg that is under way the one that is looked for, and the farthest from it since. */
    let highest: Place | null = null;
    let lowest: Place | null = null;

    const reaches = (from: number, to: number, distance: number): boolean => Math.abs(to - from) >= share * Math.abs(from) + distance;

    const step = (high: number, low: number, distance: number): void => {
      const isNewTop = way >= 0 && (highest === null || high >= highest.price);
      const isNewBottom = way <= 0 && (lowest === null || low <= lowest.price);
      if (isNewTop) highest = { price: high, age: 0 };
      if (isNewBottom) lowest = { price: low, age: 0 };
      // What lies behind the extreme counts only after it.
      if (way > 0) lowest = isNewTop ? null : lowest === null || low <= lowest.price ? { price: low, age: 0 } : lowest;
      if (way < 0) highest = isNewBottom ? null : highest === null || high >= highest.price ? { price: high, age: 0 } : highest;
      const rises = way <= 0 && !isNewBottom && lowest !== null && reaches(lowest.price, high, distance) && high > lowest.price;
      const falls = way >= 0 && !isNewTop && highest !== null && reaches(highest.price, low, distance) && low < highest.price;
      if (rises && (!falls || high - lowest!.price >= highest!.price - low)) {
        bottom = lowest;
        // Of the start the highest may lie before the bottom.
        if (way === 0) highest = { price: high, age: 0 };
        lowest = null;
        way = 1;
      } else if (falls) {
        top = highest;
        if (way === 0) lowest = { price: low, age: 0 };
        highest = null;
        way = -1;
      }
    };

    return ([high = Number.NaN, low = Number.NaN, distance = Number.NaN]) => {
      for (const place of new Set([top, bottom, highest, lowest])) if (place !== null) place.age += 1;
      if (isFinite(high) && isFinite(low) && isFinite(distance)) step(high, low, distance);
      const extreme = way === 0 ? null : way > 0 ? highest : lowest;
      return [
        top?.price ?? Number.NaN,
        bottom?.price ?? Number.NaN,
        top?.age ?? Number.NaN,
        bottom?.age ?? Number.NaN,
        way === 0 ? Number.NaN : way > 0 ? 1 : 0,
        extreme?.price ?? Number.NaN,
        extreme?.age ?? Number.NaN,
      ];
    };
  },
};
