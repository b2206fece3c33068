import { describe, expect, it } from 'vitest';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { logRows } from '../log-rows.ts';
import { LINEAR } from '../valuation.ts';
import { ambiguityOf } from './ambiguity.ts';

const of = (...rows: readonly (readonly number[])[]) => {
  return ambiguityOf(logRows(Float64Array.from(rows.flat())), LINEAR);
};

describe('ambiguous bars', () => {
  it('hang the way from the level to the target on each of them, on both sides', () => {
    const long = [
      [LOG_KIND.entry, 1, 2, 100, 100, 0, 0],
      [LOG_KIND.ambiguous, 3, 2, 110, 110, 0, 0],
      [LOG_KIND.stop, 3, -2, 95, 95, 0, -1],
    ];
    const short = [
      [LOG_KIND.entry, 5, -3, 100, 100, 0, 0],
      [LOG_KIND.ambiguous, 6, 1, 90, 90, 0, 0],
      [LOG_KIND.ambiguous, 6, 2, 80, 80, 0, 1],
      [LOG_KIND.liquidation, 6, 3, 104, 104, 0, -1],
    ];
    // Long: 2 * (110 - 95). Short: (104 - 90) + 2 * (104 - 80).
    expect(of(...long)).toEqual({ bars: [{ bar: 3, profit: 30 }], profit: 30 });
    expect(of(...long, ...short)).toEqual({
      bars: [
        { bar: 3, profit: 30 },
        { bar: 6, profit: 14 + 48 },
      ],
      profit: 30 + 14 + 48,
    });
  });

  it('may have several levels each, when finer bars tell of several positions in one', () => {
    const twice = [
      [LOG_KIND.ambiguous, 3, 2, 110, 110, 0, 0],
      [LOG_KIND.stop, 3, -2, 95, 95, 0, -1],
      [LOG_KIND.entry, 3, 1, 100, 100, 0, 0],
      [LOG_KIND.ambiguous, 3, 1, 106, 106, 0, 0],
      [LOG_KIND.trail, 3, -1, 99, 99, 0, -1],
      [LOG_KIND.entry, 3, 1, 100, 100, 0, 0],
      [LOG_KIND.stop, 3, -1, 90, 90, 0, -1],
    ];
    // 2 * (110 - 95) + (106 - 99).
    expect(of(...twice)).toEqual({ bars: [{ bar: 3, profit: 37 }], profit: 37 });
  });

  it('are none without such an event, whatever else happened', () => {
    expect(
      of([LOG_KIND.entry, 1, 2, 100, 100, 0, 0], [LOG_KIND.stop, 3, -2, 95, 95, 0, -1], [LOG_KIND.cutToCash, 4, 1, 1, 1, 0, 0]),
    ).toEqual({ bars: [], profit: 0 });
  });
});
