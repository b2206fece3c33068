import { expect, test } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { endedMembers, type ReadMarket } from './ended-members.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A market whose candles end at a moment, ms; in the period of the run it has none from `to` on. */
function ending(market: string, lastTime: number, length: string, to = Infinity): ReadMarket {
  const timeframe = parseTimeframe(length)!;
  const times = [lastTime - timeframe.stepMs, lastTime].filter((time) => time < to);
  const columns = sharedColumns(times.length);
  columns.time.set(times);
  const data = { market, timeframe, columns, further: new Map(), file: '', sha256: '', warnings: [], fromIndex: 0, others: [] };
  return { data, lastTime };
}
const ended = (...members: readonly ReadMarket[]): readonly string[] =>
  endedMembers(members).flatMap(({ market, isDelisted }) => (isDelisted === true ? [market] : []));
const END = 100 * DAY;

test('a market has ended whose candles end over a week, and over ten bars, before those of another', () => {
  expect(ended(ending('A', END, '1h'), ending('B', END - 7 * DAY - HOUR, '1h'), ending('C', END - 7 * DAY, '1h'))).toEqual(['B']);
  expect(ended(ending('A', END, '1d'), ending('B', END - 11 * DAY, '1d'), ending('C', END - 10 * DAY, '1d'))).toEqual(['B']);
});

test('where the period ends before its end nothing is known of it', () => {
  const members = [ending('A', END, '1d'), ending('B', END - 20 * DAY, '1d', END - 20 * DAY)];
  expect(ended(...members)).toEqual([]);
  expect(endedMembers(members)[0]!.warnings).toEqual([]);
});

test('the first market says which, and from when on', () => {
  const [first, second] = endedMembers([ending('A', END, '1d'), ending('B', END - 20 * DAY, '1d')]);
  expect(first!.warnings).toEqual([expect.stringMatching(/^taken as delisted, .*: B \(1970-03-22\)$/)]);
  expect(second!.warnings).toEqual([]);
});
