import { expect, test } from 'vitest';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { isForexBar } from '../calendar/testing/forex-by-hand.ts';
import { inspectCandleText } from '../candle-text.ts';
import { usualGaps } from './usual-gaps.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2018, 10, 1);
/** Hours of currencies over November and the turn of the year 2018, by the hours that are written down by hand. */
const HOURS = Array.from({ length: 24 * 65 }, (_, hour) => START + hour * HOUR).filter((open) => isForexBar(open, HOUR));
/** 2018-11-07 and 08, a Wednesday and a Thursday. */
const LOST = [Date.UTC(2018, 10, 7, 10), Date.UTC(2018, 10, 8, 3), Date.UTC(2018, 10, 8, 4)];

const messages = (venue: string, market: string, lost: readonly number[], gapsOf?: typeof usualGaps): readonly string[] => {
  const lines = HOURS.filter((open) => !lost.includes(open)).map((open) => `${open},1.1,1.2,1.0,1.1,5`);
  const bytes = Buffer.from(`timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  const options = { venue, market: parseMarket(market)!, timeframe: parseTimeframe('1h')!, ...(gapsOf === undefined ? {} : { gapsOf }) };
  const { findings } = inspectCandleText('file.csv', bytes, '', options);
  return findings.filter(({ code }) => code === 'gaps').map(({ message, hint }) => `${message}. ${hint}`);
};

test('a backtest hears of holes, and of no weekends and holidays where venue and market tell the calendar', () => {
  expect(messages('oanda', 'EUR/USD', [], usualGaps)).toEqual([]);
  const [said, more] = messages('oanda', 'EUR/USD', LOST, usualGaps);
  expect(more).toBeUndefined();
  expect(said).toMatch(
    /^3 bars missing in 2 places: 2 between 2018-11-08T02:00:00\.000Z and 2018-11-08T05:00:00\.000Z \(line \d+\), 1 between 2018-11-07T09/,
  );
  expect(said).toContain('Hours outside of the calendar forex-oanda do not count');
});

test('else every bar that is not there is missing', () => {
  const total = (HOURS.at(-1)! - START) / HOUR + 1 - HOURS.length;
  for (const said of [messages('binance', 'BTC/USDT', [], usualGaps), messages('oanda', 'EUR/USD', [])])
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^${total} bars missing in .*Closed markets \\(nights, weekends\\) count as missing$`)),
    ]);
});
