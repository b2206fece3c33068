import { describe, expect, test } from 'vitest';
import { firstNew } from '../charts/follow.ts';
import { append, appendThinned } from './append.ts';

const at = (...times: readonly number[]) => times.map((time) => ({ time, value: time }));

describe('append', () => {
  test('adds later items, replaces an equal last one and drops earlier ones', () => {
    expect(
      append(
        at(1, 2),
        [
          { time: 2, value: 20 },
          { time: 1, value: 0 },
          { time: 5, value: 5 },
        ],
        10,
      ),
    ).toEqual([
      { time: 1, value: 1 },
      { time: 2, value: 20 },
      { time: 5, value: 5 },
    ]);
  });

  test('cuts the oldest in one go, a fifth over the limit', () => {
    const ten = at(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect(append(ten, at(11, 12), 10)).toHaveLength(12);
    expect(append(ten, at(11, 12, 13), 10)).toEqual(at(4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
  });

  test('thinned keeps the first item and all of the newer half', () => {
    const thinned = appendThinned(at(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), at(11, 12, 13), 10);
    expect(thinned).toEqual(at(1, 3, 5, 7, 8, 9, 10, 11, 12, 13));
  });
});

describe('what a chart has to draw', () => {
  const shown = at(1, 2, 3);
  test('begins at the last item shown when data was appended', () => {
    expect(
      firstNew(
        shown,
        append(
          shown,
          [
            { time: 3, value: 30 },
            { time: 4, value: 4 },
          ],
          10,
        ),
      ),
    ).toBe(2);
    expect(firstNew(shown, shown)).toBe(2);
  });

  test('is everything when it was loaded again, cut or is another series', () => {
    expect(firstNew(shown, at(1, 2, 3))).toBeNull();
    expect(firstNew(shown, shown.slice(1))).toBeNull();
    expect(firstNew([], shown)).toBeNull();
  });
});
