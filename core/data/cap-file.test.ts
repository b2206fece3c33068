import { describe, expect, it, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { capsAt, parseCaps } from './cap-file.ts';

const day = (text: string): number => Date.parse(`${text}Z`);
const tableOf = (text: string, owner: string | null = null): Readonly<Record<string, readonly (readonly [string, number])[]>> => {
  const table = parseCaps(text, owner);
  if (!table.ok) throw new Error(table.error);
  return Object.fromEntries(
    [...table.value].map(([name, { known, values }]) => [
      name,
      [...known].map((time, at) => [new Date(time).toISOString().slice(0, 16), values[at]!]),
    ]),
  );
};

describe('a file of market capitalisations', () => {
  it('has a day and a market a line; a figure of a day is known when the day is over', () => {
    expect(
      tableOf('date,market,market_cap\n2024-01-02,BTC,900\n2024-01-01,BTC,800\n2024-01-01,eth/usdt,300\n2024-01-02,ETH/USDT,\n'),
    ).toEqual({
      BTC: [
        ['2024-01-02T00:00', 800],
        ['2024-01-03T00:00', 900],
      ],
      'ETH/USDT': [['2024-01-02T00:00', 300]],
    });
  });

  it('may have times, other names and marks, and one market alone', () => {
    expect(tableOf('snapped_at;price;market_cap;total_volume\n2024-01-01 00:00:00 UTC;1;5.5;9\n', 'BTC/USDT')).toEqual({
      'BTC/USDT': [['2024-01-01T00:00', 5.5]],
    });
    expect(tableOf('Symbol,timestamp,marketCap\r\n"SPY",1704067200,7\r\n')).toEqual({ SPY: [['2024-01-01T00:00', 7]] });
  });

  test.for([
    ['', 'line 1: there is no column date in the header'],
    ['date,market_cap\n', 'line 1: there is no column market (or give MARKET=PATH)'],
    ['date,market\n', 'line 1: there is no column market_cap'],
    ['date,market,market_cap\n', 'it has no figures'],
    ['date,market,market_cap\n2024-01-01,BTC\n', 'line 2: it has 2 fields, the header 3'],
    ['date,market,market_cap\n2024-01-01,B T,1\n', 'line 2: "B T" is no market'],
    ['date,market,market_cap\nsoon,BTC,1\n', 'line 2: the time "soon" is none'],
    ['date,market,market_cap\n2024-01-01,BTC,1\n1704067200,BTC,1\n', 'line 3: the time "1704067200" is not in ISO 8601 dates'],
    ['date,market,market_cap\n2024-02-30,BTC,1\n', 'line 2: the time "2024-02-30"'],
    ['date,market,market_cap\n2024-01-01,BTC,-1\n', 'line 2: market_cap is "-1", not a number from 0'],
    ['date,market,market_cap\n2024-01-01,BTC,1\n2024-01-01,BTC,2\n', 'line 3: BTC has a second figure for this time'],
  ] as const)('is refused as %j', ([text, says]) => {
    expect(parseCaps(text, null)).toMatchObject({ ok: false, error: expect.stringContaining(says) as string });
  });
});

test('a bar has the last figure that was known when it closed', () => {
  const hours = parseTimeframe('1h')!;
  const known = Float64Array.of(day('2024-01-01T02:00'), day('2024-01-01T03:30'));
  const time = Float64Array.from({ length: 5 }, (_, hour) => day('2024-01-01T00:00') + hour * 3_600_000);
  // The bar from 01:00 closes at 02:00, that from 03:00 at 04:00.
  expect([...capsAt({ known, values: Float64Array.of(7, 8) }, time, hours)]).toEqual([Number.NaN, 7, 7, 8, 8]);
});
