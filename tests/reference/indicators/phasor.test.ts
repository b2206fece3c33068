import { expect, it } from 'vitest';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { PHASOR_VALUES } from './phasor-values.ts';

it.each(Object.entries(PHASOR_VALUES))('%s is what TA-Lib says of a cycle on a trend', (call, expected) => {
  const close = Array.from({ length: 160 }, (_, bar) => 100 + 10 * Math.sin(bar / 3) + bar / 10);
  const [values] = seriesValues([call], { close });
  for (const [bar, value] of Object.entries(expected)) expect(values![Number(bar)]).toBeCloseTo(value, 9);
  const first = Math.min(...Object.keys(expected).map(Number));
  expect(values!.findIndex((value) => !Number.isNaN(value))).toBe(first);
});
