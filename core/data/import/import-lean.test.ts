import { afterAll, describe, expect, test } from 'vitest';
import { importPlaces, keyText, notesOf, rowOf } from './testing/import-places.ts';

const { zip, one, remove } = importPlaces();
afterAll(remove);
const lines = (count: number, line: (at: number) => string): string => Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
const MINUTE = 60_000;

/**
 * Archives as LEAN's Data/<security>/readme.md describes them: folders, names, columns; prices of stocks ten thousand times themselves; times as ms of the
 * day on the clocks of the exchange, or as yyyyMMdd HH:mm.
 */
describe('archives of LEAN', () => {
  test('minutes of a stock, in summer and in winter time', async () => {
    // The opening of New York, 09:30, is 34,200,000 ms of the day.
    const text = lines(3, (at) => `${34_200_000 + at * MINUTE},1676500,1677000,1676000,1676600,2000`);
    const summer = await one(zip('equity/usa/minute/spy/20131007_trade.zip', { '20131007_spy_minute_trade.csv': text }));
    expect(keyText(summer)).toBe('us SPY/USD candles 1m');
    expect(rowOf(summer, 0)).toEqual(['2013-10-07T13:30:00.000Z', 167.65, 167.7, 167.6, 167.66, 2000]);
    expect(notesOf(summer)).toContain('changed: prices were divided by 10000');
    const winter = await one(zip('Data/equity/usa/minute/spy/20131104_trade.zip', { '20131104_spy_minute_trade.csv': text }));
    expect(rowOf(winter, 0)[0]).toBe('2013-11-04T14:30:00.000Z');
  });

  test('hours and days of a stock', async () => {
    const hours = lines(3, (at) => `20131007 ${at + 9 < 10 ? '09' : at + 9}:00,1676500,1677000,1676000,1676600,2000`);
    expect(rowOf(await one(zip('equity/usa/hour/spy.zip', { 'spy.csv': hours })), 0)[0]).toBe('2013-10-07T13:00:00.000Z');
    const days = lines(3, (at) => `2013100${at + 7} 00:00,1676500,1677000,1676000,1676600,2000`);
    const found = await one(zip('equity/usa/daily/spy.zip', { 'spy.csv': days }));
    expect(keyText(found)).toBe('us SPY/USD candles 1d');
    // A day of a stock is its date, at midnight UTC.
    expect(rowOf(found, 0)).toEqual(['2013-10-07T00:00:00.000Z', 167.65, 167.7, 167.6, 167.66, 2000]);
  });

  test('crypto: prices are themselves, times are UTC', async () => {
    const minutes = lines(3, (at) => `${at * MINUTE},1000.5,1001,999.25,1000,0.5`);
    const found = await one(zip('crypto/coinbase/minute/btcusd/20171217_trade.zip', { '20171217_btcusd_minute_trade.csv': minutes }));
    expect(keyText(found)).toBe('coinbase BTC/USD candles 1m');
    expect(rowOf(found, 1)).toEqual(['2017-12-17T00:01:00.000Z', 1000.5, 1001, 999.25, 1000, 0.5]);
    const days = lines(3, (at) => `2017121${at} 00:00,1000.5,1001,999.25,1000,0.5`);
    expect(keyText(await one(zip('crypto/coinbase/daily/btcusd_trade.zip', { 'btcusd.csv': days })))).toBe('coinbase BTC/USD candles 1d');
  });

  test('forex has quotes: bid or ask is chosen', async () => {
    const quotes = lines(3, (at) => `${at * MINUTE},1.1,1.4,1.05,1.2,0,1.11,1.41,1.06,1.21,0`);
    const path = zip('forex/oanda/minute/eurusd/20140502_quote.zip', { '20140502_eurusd_minute_quote.csv': quotes });
    await expect(one(path)).rejects.toThrow('--price bid|ask');
    const ask = await one(path, { price: 'ask' });
    expect(keyText(ask)).toBe('oanda EUR/USD candles 1m');
    expect(rowOf(ask, 0)).toEqual(['2014-05-02T00:00:00.000Z', 1.11, 1.41, 1.06, 1.21]);
    // FXCM's clocks are five hours behind UTC all year.
    const hours = lines(3, (at) => `20140502 0${at}:00,1.1,1.4,1.05,1.2,0,1.11,1.41,1.06,1.21,0`);
    const fxcm = await one(zip('forex/fxcm/hour/eurusd.zip', { 'eurusd.csv': hours }), { price: 'bid' });
    expect(rowOf(fxcm, 0)).toEqual(['2014-05-02T05:00:00.000Z', 1.1, 1.4, 1.05, 1.2]);
  });

  test('ticks of stocks and of crypto', async () => {
    const stock = await one(
      zip('equity/usa/tick/spy/20131007_trade.zip', {
        '20131007_spy_Trade_Tick.csv': '34200005,1676500,300,P,0,0\n34200005,1676600,100,P,0,0\n',
      }),
    );
    expect(keyText(stock)).toBe('us SPY/USD trades');
    expect(rowOf(stock, 1)).toEqual(['2013-10-07T13:30:00.005Z', 167.66, 100]);
    const coin = await one(zip('crypto/coinbase/tick/btcusd/20171217_trade.zip', { 'a.csv': '5,1000.5,0.25\n' }));
    expect(rowOf(coin, 0)).toEqual(['2017-12-17T00:00:00.005Z', 1000.5, 0.25]);
  });

  test('the clocks of other venues are asked for', async () => {
    const text = lines(3, (at) => `20140502 0${at}:00,1.1,1.4,1.05,1.2,0,1.11,1.41,1.06,1.21,0`);
    await expect(one(zip('cfd/somebroker/hour/xauusd.zip', { 'xauusd.csv': text }), { price: 'bid' })).rejects.toThrow('--zone');
  });
});
