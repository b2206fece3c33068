import { isFinite, type Machine, outputsOf } from './machine.ts';

/** Prices are sums of rounded numbers: what lacks a billionth of a brick has reached it. */
const NEARLY = 1e-9;

/**
 * Bricks of one size: the next one up is complete when the source is a whole brick above the last, the next one down when it is one below it; several may be complete on one
 * bar. Inputs: source, size; fixed: base. The size in force is that of the bar on which the last bricks were completed. The first edge is the source of the first bar, moved to
 * the nearest whole number of bricks from base, if base is a number. Bars on which an input is na or infinite, or the size is not above 0, complete nothing.
 */
export const BRICKS: Machine = {
  inputs: 2,
  outputs: outputsOf({ open: 'source', close: 'source', up: 'condition', bricks: 'number', run: 'number', bars: 'number' }),
  create: ([base = Number.NaN]) => {
    /** Size in force; 0 before the first bar. */
    let size = 0;
    /** Edges lie at `anchor + edge * size`. */
    let [anchor, edge] = [0, 0];
    let [open, close, way, run, bars] = [0, 0, 0, 0, 0];

    /** Bricks that the source completes, below 0 of those downwards. */
    const step = (source: number, next: number): number => {
      if (size === 0) {
        size = next;
        anchor = base - base === 0 ? base + Math.round((source - base) / size) * size : source;
        open = close = anchor;
        return 0;
      }
      const up = Math.floor((source - Math.max(open, close)) / size + NEARLY);
      const down = Math.floor((Math.min(open, close) - source) / size + NEARLY);
      const sign = up >= 1 ? 1 : down >= 1 ? -1 : 0;
      if (sign === 0) return 0;
      const count = sign > 0 ? up : down;
      if (way === -sign) {
        // They turn at the open of the last brick.
        if (open === anchor + (edge + sign) * size) edge += sign;
        else [anchor, edge] = [open, 0];
      }
      edge += sign * count;
      open = anchor + (edge - sign) * size;
      close = anchor + edge * size;
      run = way === sign ? run + count : count;
      way = sign;
      bars = 0;
      if (next !== size) [anchor, edge, size] = [close, 0, next];
      return sign * count;
    };

    return ([source = Number.NaN, next = Number.NaN]) => {
      bars += 1;
      const done = isFinite(source) && isFinite(next) && next > 0 ? step(source, next) : 0;
      return way === 0
        ? [Number.NaN, Number.NaN, Number.NaN, size === 0 ? Number.NaN : 0, Number.NaN, Number.NaN]
        : [open, close, way > 0 ? 1 : 0, done, run, bars];
    };
  },
};
