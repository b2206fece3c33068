import { describe, expect, test } from 'vitest';
import type { PlannedMessage } from '#core/model/message-plan.ts';
import { MessageWatch } from './message-watch.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2024, 0, 1);
const says = (text: string, rest: Partial<PlannedMessage> = {}): PlannedMessage => ({
  parts: [{ kind: 'text', text }],
  when: 0,
  via: null,
  level: 'info',
  oncePer: null,
  ...rest,
});
const row = (...values: readonly number[]): Float64Array => Float64Array.from(values);

/** The texts of each row in turn, an hour apart. */
function told(message: PlannedMessage, rows: readonly (Float64Array | null)[], last: Float64Array | null = null): readonly string[] {
  const watch = new MessageWatch([message], 'BTC/USDT', last);
  return rows.map((values, index) =>
    watch
      .take(values, [], MONDAY + index * HOUR)
      .map(({ text }) => text)
      .join(),
  );
}

describe('a message with a condition', () => {
  test('speaks when it becomes true, not while it stays so; what is unknown is not true', () => {
    expect(told(says('up'), [row(0), row(1), row(1), row(Number.NaN), row(1), row(0)])).toEqual(['', 'up', '', '', 'up', '']);
  });

  test('speaks at once when it is true on the first row, and not when it was so before', () => {
    expect(told(says('up'), [row(1)])).toEqual(['up']);
    expect(told(says('up'), [row(1)], row(1))).toEqual(['']);
  });

  test('says nothing on a bar without a row, and remembers what was before it', () => {
    expect(told(says('up'), [row(1), null, row(1)])).toEqual(['up', '', '']);
  });

  test('passes over rows of warm-up', () => {
    const watch = new MessageWatch([says('up')], 'BTC/USDT', null);
    watch.pass(row(1));
    expect([watch.take(row(1), [], 0), watch.take(row(0), [], 1), watch.take(row(1), [], 2)].map(({ length }) => length)).toEqual([
      0, 0, 1,
    ]);
  });

  test.each<[NonNullable<PlannedMessage['oncePer']>, number]>([
    ['bar', 100],
    ['hour', 100],
    ['day', 9],
    ['week', 2],
    ['month', 1],
  ])('once per %s', (oncePer, count) => {
    // True every second hour for 200 hours: 8 days and 8 hours from a Monday on.
    const rows = Array.from({ length: 200 }, (_, index) => row(index % 2));
    expect(told(says('x', { oncePer }), rows).filter((text) => text !== '')).toHaveLength(count);
  });
});

test('a message without a condition speaks at entries and exits, not at adds', () => {
  const watch = new MessageWatch([says('traded', { when: null })], 'BTC/USDT', null);
  const at = (kind: 'entry' | 'add' | 'stop') => watch.take(row(0), [{ kind }], 0).length;
  expect([at('entry'), at('add'), at('stop'), watch.take(null, [], 0).length]).toEqual([1, 0, 1, 0]);
});

test('a strategy that says much is cut short', () => {
  const watch = new MessageWatch(
    Array.from({ length: 30 }, () => says('y'.repeat(5000))),
    'BTC/USDT',
    null,
  );
  const messages = watch.take(row(1), [], 0);
  expect(messages).toHaveLength(10);
  expect(messages[0]!.text).toHaveLength(1000);
});

test('texts hold the market and values by their units', () => {
  const parts: PlannedMessage['parts'] = [
    { kind: 'symbol' },
    { kind: 'text', text: ' at ' },
    { kind: 'value', value: 1, unit: 'price', digits: 2 },
  ];
  expect(told(says('', { parts }), [row(1, 27_123.456)])).toEqual(['BTC/USDT at 27123.46']);
});
