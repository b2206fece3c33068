import { isFinite, type Machine, outputsOf } from './machine.ts';

/**
 * Wilder's volatility stop: `distance` below the highest source of a rise, above the lowest of a fall; it turns on a source beyond it, and the next bar counts from that one.
 * Inputs: source, distance. It begins on the first bar on which the distance is known, rising if the source of the bar before was above the first, at the extreme of all
 * before. Bars on which the source or, once it has begun, the distance is na or infinite have no value and change nothing.
 */
export const WILDER_STOP: Machine = {
  inputs: 2,
  outputs: outputsOf({ line: 'source', up: 'condition' }),
  create: () => {
    let [known, first, last, top, bottom] = [0, 0, 0, 0, 0];
    let way = 0;
    return ([source = Number.NaN, distance = Number.NaN]) => {
      if (!isFinite(source)) return [Number.NaN, Number.NaN];
      if (known === 0) first = last = top = bottom = source;
      known = 1;
      if (!isFinite(distance)) {
        if (way === 0) [last, top, bottom] = [source, Math.max(top, source), Math.min(bottom, source)];
        return [Number.NaN, Number.NaN];
      }
      if (way === 0) way = last > first ? 1 : -1;
      const line = way > 0 ? top - distance : bottom + distance;
      const turns = way > 0 ? source < line : source > line;
      if (turns) [way, top, bottom] = [-way, source, source];
      else [top, bottom] = [Math.max(top, source), Math.min(bottom, source)];
      return [line, way > 0 ? 1 : 0];
    };
  },
};

/**
 * The volatility stop of TradingView: as Wilder's, but it never moves back, and turns to the other side on the bar itself. Inputs: source, distance. It begins at the source of
 * the first bar on which both are known, as rising. Bars on which an input is na or infinite have no value and change nothing.
 */
export const RATCHET_STOP: Machine = {
  inputs: 2,
  outputs: outputsOf({ line: 'source', up: 'condition' }),
  create: () => {
    let [way, line, top, bottom] = [0, 0, 0, 0];
    return ([source = Number.NaN, distance = Number.NaN]) => {
      if (!isFinite(source) || !isFinite(distance)) return [Number.NaN, Number.NaN];
      if (way === 0) [way, line, top, bottom] = [1, source, source, source];
      else {
        [top, bottom] = [Math.max(top, source), Math.min(bottom, source)];
        line = way > 0 ? Math.max(line, top - distance) : Math.min(line, bottom + distance);
        const now = source >= line ? 1 : -1;
        if (now !== way) {
          [way, top, bottom] = [now, source, source];
          line = way > 0 ? source - distance : source + distance;
        }
      }
      return [line, way > 0 ? 1 : 0];
    };
  },
};
