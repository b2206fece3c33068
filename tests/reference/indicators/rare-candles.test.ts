import { describe, expect, it } from 'vitest';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { candleCases, RARE_ONE_SIDED, RARE_TWO_SIDED } from './candle-cases.ts';
import { type Candle, LEAD, RARE_CASES, type RareCase } from './rare-candle-cases.ts';

/** Numbers of TA-Lib for which our conditions of a pattern hold on the last candle. */
function found({ pattern }: RareCase, candles: readonly Candle[]): readonly number[] {
  const all = [...LEAD, ...candles];
  const column = (place: 0 | 1 | 2 | 3): number[] => all.map((candle) => candle[place]);
  const cases = candleCases(pattern);
  const bars = { open: column(0), high: column(1), low: column(2), close: column(3) };
  const values = seriesValues(
    cases.map(({ call }) => `if ${call} then 1 else 0`),
    bars,
  );
  return cases.flatMap((one, place) => (values[place]!.at(-1) === 1 ? [one.values] : [])).flat();
}

describe.each(RARE_CASES.map((one) => [`${one.pattern} ${one.value}`, one] as const))('%s', (_, one) => {
  it('holds on candles that are made for it', () => {
    expect(found(one, one.candles)).toContain(one.value);
    // Before the last candle there is no pattern.
    expect(found(one, one.candles.slice(0, -1))).toEqual([]);
  });

  it.each(one.misses)('does not when candle %i is %j: %s', (place, candle) => {
    expect(found(one, one.candles.with(place, candle))).toEqual([]);
  });
});

it('each pattern without hits in the reference files has candles made for it, each way', () => {
  const made = new Set(RARE_CASES.map(({ pattern, value }) => `${pattern} ${RARE_TWO_SIDED[pattern] === undefined ? '' : value}`));
  const wanted = [
    ...Object.keys(RARE_ONE_SIDED).map((pattern) => `${pattern} `),
    ...Object.keys(RARE_TWO_SIDED).flatMap((pattern) => [`${pattern} 100`, `${pattern} -100`]),
  ];
  expect(made).toEqual(new Set(wanted));
});
