import { isFinite, type Machine, outputsOf } from './machine.ts';

/** As of bricks. */
const NEARLY = 1e-9;

/**
 * Bars of one range: each is complete when the source has moved `size` from its lowest or its highest, and closes there; the next opens at that price. Inputs: source, size.
 * The size of a bar is that of the moment when it opens; bars that one step of the source completes are all of one size. Bars on which an input is na or infinite, or the size
 * is not above 0, change nothing.
 */
export const RANGE_BARS: Machine = {
  inputs: 2,
  outputs: outputsOf({ open: 'source', high: 'source', low: 'source', close: 'source', done: 'number', bars: 'number' }),
  create: () => {
    /** The one that is under way. */
    let [size, begin, top, bottom] = [0, 0, 0, 0];
    /** The last one that is complete. */
    let last: readonly number[] = [];
    let bars = 0;

    const step = (source: number, next: number): number => {
      if (size === 0) {
        [size, begin, top, bottom] = [next, source, source, source];
        return 0;
      }
      const rose = Math.floor((source - bottom) / size + NEARLY);
      const fell = Math.floor((top - source) / size + NEARLY);
      const sign = rose >= 1 ? 1 : fell >= 1 ? -1 : 0;
      if (sign === 0) {
        [top, bottom] = [Math.max(top, source), Math.min(bottom, source)];
        return 0;
      }
      const count = sign > 0 ? rose : fell;
      const edge = sign > 0 ? bottom : top;
      const close = edge + sign * count * size;
      const open = count === 1 ? begin : edge + sign * (count - 1) * size;
      const far = edge + sign * (count - 1) * size;
      last = [open, Math.max(far, close), Math.min(far, close), close];
      [size, begin, top, bottom] = [next, close, Math.max(close, source), Math.min(close, source)];
      bars = 0;
      return sign * count;
    };

    return ([source = Number.NaN, next = Number.NaN]) => {
      bars += 1;
      const done = isFinite(source) && isFinite(next) && next > 0 ? step(source, next) : 0;
      return last.length === 0
        ? [Number.NaN, Number.NaN, Number.NaN, Number.NaN, size === 0 ? Number.NaN : 0, Number.NaN]
        : [...last, done, bars];
    };
  },
};
