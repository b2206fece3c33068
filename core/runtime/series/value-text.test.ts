import { expect, test } from 'vitest';
import type { StudyKind } from '#dsl/study.ts';
import { timeText, valueTexts } from './value-text.ts';

const texts = (kind: StudyKind, values: readonly number[], states: readonly string[] | null = null): readonly string[] =>
  values.map(valueTexts({ kind, states }, values));

test.for<[string, StudyKind, number[], string[]]>([
  ['prices have digits by the largest', 'price', [64_123.456, 0.5], ['64,123.46', '0.50']],
  ['small prices keep their digits', 'price', [0.00001234567, 0.00001], ['0.0000123457', '0.0000100000']],
  ['whole numbers have no point', 'number', [3, -200_000], ['3', '-200,000']],
  ['na is na', 'number', [Number.NaN, 1], ['na', '1']],
  ['infinite values say so', 'number', [Infinity, -Infinity], ['infinite', '-infinite']],
  ['shares are percents', 'percent', [0.0125, -1], ['1.25%', '-100.00%']],
  ['conditions', 'condition', [1, 0, Number.NaN], ['yes', 'no', 'na']],
  ['durations', 'duration', [0, 14_400_000, 100_800_000, 250, -60_000], ['0ms', '4h', '1d 4h', '250ms', '-1m']],
  ['times', 'time', [Date.UTC(2024, 0, 31, 12, 30)], ['2024-01-31 12:30']],
  ['times of day', 'timeOfDay', [570], ['09:30']],
  ['counts of bars', 'bars', [5], ['5']],
])('%s', ([, kind, values, expected]) => {
  expect(texts(kind, values)).toEqual(expected);
});

test('states have names', () => {
  expect(texts('state', [0, 1, Number.NaN], ['calm', 'wild'])).toEqual(['calm', 'wild', 'na']);
});

test('seconds are told where a bar opens within a minute', () => {
  expect([timeText(30_000), timeText(Number.NaN)]).toEqual(['1970-01-01 00:00:30', 'NaN']);
});
