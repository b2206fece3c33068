import { expect, test } from 'vitest';
import { candleTable } from 'strat/testkit/candles';
import { indicatorContract } from 'strat/testkit/indicator-contract';
import { indicatorValues } from 'strat/testkit/indicator-values';

const folder = import.meta.dirname;

indicatorContract({ folder });

/** Bars with these middles. */
const bars = (middles: readonly number[]): string =>
  middles.map((middle) => `${middle} ${middle + 1} ${middle - 1} ${middle} 1`).join('\n');
const fisher = (middles: readonly number[], length: number): readonly number[] => [
  ...indicatorValues(folder, [`fisher(length: ${length}).value`], candleTable(bars(middles)))[0]!,
];

/** The transform from its definition, every window looked at anew. */
function defined(middles: readonly number[], length: number): readonly number[] {
  const values = [0];
  let x = 0;
  for (let bar = 1; bar < middles.length; bar++) {
    const window = middles.slice(Math.max(0, bar - length + 1), bar + 1);
    const [low, high] = [Math.min(...window), Math.max(...window)];
    const place = high === low ? 0 : 2 * ((middles[bar]! - low) / (high - low) - 0.5);
    x = high === low ? 0 : 0.33 * place + 0.67 * x;
    if (Math.abs(x) > 0.99) x = 0.999 * Math.sign(x);
    values.push(Math.atanh(x) + 0.5 * values[bar - 1]!);
  }
  return values;
}

test.for([
  { name: 'a wave', middles: Array.from({ length: 60 }, (_, bar) => 100 + 10 * Math.sin(bar / 3)) },
  { name: 'a way up, where it is held below its end', middles: Array.from({ length: 40 }, (_, bar) => 100 + bar) },
  { name: 'a price that stands still and then moves', middles: [...Array<number>(12).fill(100), 101, 99, 100] },
])('is as defined on $name', ({ middles }) => {
  for (const length of [2, 5, 10]) {
    const expected = defined(middles, length);
    for (const [bar, value] of fisher(middles, length).entries())
      expect(value, `bar ${bar} of length ${length}`).toBeCloseTo(expected[bar]!, 10);
  }
});

test('the trigger is the value of the bar before', () => {
  const table = candleTable(bars([100, 103, 99, 104, 98]));
  const [value, trigger] = indicatorValues(folder, ['fisher(length: 3).value', 'fisher(length: 3).trigger'], table);
  expect(trigger!.slice(1)).toEqual(value!.slice(0, -1));
});
