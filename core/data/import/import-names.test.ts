import { afterAll, describe, expect, test } from 'vitest';
import { importPlaces, keyText, notesOf, rowOf } from './testing/import-places.ts';

const { file, zip, one, remove } = importPlaces();
afterAll(remove);
const times = (count: number, text: (at: number) => string): string => Array.from({ length: count }, (_, at) => text(at)).join('');
const two = (value: number): string => String(value).padStart(2, '0');
/** 2024-01-01 00:00 UTC. */
const START = 1_704_067_200_000;
const HOUR = 3_600_000;

/** Files as people have them: name, content, options; then what they are, the first row, and what must be told. */
interface Case {
  readonly name: string;
  readonly text: string;
  readonly said?: Parameters<typeof one>[1];
  readonly key: string;
  readonly first: readonly (string | number)[];
  readonly rows?: number;
  readonly told?: readonly string[];
}

const CANDLE = [1, 4, 0.5, 2] as const;
const binanceLine = (time: number): string => `${time},1,4,0.5,2,10,${time + 1},20,3,1,2,0\n`;

const CASES: readonly Case[] = [
  {
    name: 'binance_BTC-USDT_1h.csv',
    text: `volume;date;LOW;High;open;close;x\n${times(3, (at) => `10;2024-01-01T${two(at)}:00:00+02:00;0.5;4;1;2;hello\n`)}`,
    key: 'binance BTC/USDT candles 1h',
    first: ['2023-12-31T22:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'BTCUSDT-1h-2024-01.csv',
    text: times(3, (at) => binanceLine(START + at * HOUR)),
    said: { venue: 'binance' },
    key: 'binance BTC/USDT candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 10, 20],
    told: ['guessed: the market is BTC/USDT'],
  },
  {
    name: 'us/BTCUSDT-1h-2025-01.csv',
    text: times(3, (at) => binanceLine((START + at * HOUR) * 1000)),
    said: { venue: 'binanceusdm' },
    key: 'binanceusdm BTC/USDT:USDT candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 10, 20],
  },
  {
    name: 'data/futures/um/monthly/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2024-01.csv',
    text: `open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n${times(3, (at) => binanceLine(START + at * HOUR))}`,
    key: 'binanceusdm BTC/USDT:USDT mark 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE],
  },
  {
    name: 'data/spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01-01.csv',
    text: `7,100.5,0.25,1,2,${START},True,True\n8,100.75,0.5,3,3,${START},False,True\n`,
    key: 'binance BTC/USDT trades',
    first: ['2024-01-01T00:00:00.000Z', 100.5, 0.25, -1, 7],
    rows: 2,
  },
  {
    name: 'BTCUSDT-fundingRate-2024-01.csv',
    text: `calc_time,funding_interval_hours,last_funding_rate\n${START},8,0.0001\n${START + 8 * HOUR},8,-0.0002\n`,
    key: 'binanceusdm BTC/USDT:USDT funding',
    first: ['2024-01-01T00:00:00.000Z', 0.0001],
    rows: 2,
  },
  {
    name: 'Binance_BTCUSDT_1h.csv',
    text: `https://www.CryptoDataDownload.com\nUnix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n${times(3, (at) => `${START + (2 - at) * HOUR},2024-01-01 ${two(2 - at)}:00:00,BTCUSDT,1,4,0.5,2,${2 - at},99,5\n`)}`,
    key: 'binance BTC/USDT candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 0],
    told: ['changed: the newest row came first', 'guessed: the volume is the column "volume btc"'],
  },
  {
    name: 'AAPL.csv',
    text: `Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,4,0.5,2,1.9,10\n2024-01-03,null,null,null,null,null,null\n2024-01-04,1,4,0.5,2,1.9,10\n2024-01-05,1,4,0.5,2,1.9,10\n`,
    key: 'yahoo AAPL candles 1d',
    first: ['2024-01-02T00:00:00.000Z', ...CANDLE, 10],
    told: ['skipped: rows without any price: 1', 'guessed: the market is AAPL', 'guessed: bars are of 1d'],
  },
  {
    name: 'msft.csv',
    text: `Price,Close,High,Low,Open,Volume\nTicker,MSFT,MSFT,MSFT,MSFT,MSFT\nDate,,,,,\n${times(3, (at) => `2024-01-0${at + 2},2,4,0.5,1,10\n`)}`,
    said: { venue: 'yahoo', market: 'MSFT' },
    key: 'yahoo MSFT candles 1d',
    first: ['2024-01-02T00:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'BINANCE_BTCUSDT.P, 60.csv',
    text: `time,open,high,low,close,Volume\n${times(3, (at) => `${START / 1000 + at * 3600},1,4,0.5,2,10\n`)}`,
    key: 'binance BTC/USDT:USDT candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'NASDAQ_AAPL, 1D_4f0a2.csv',
    text: `time,open,high,low,close,Volume\n${times(3, (at) => `2024-01-0${at + 2}T09:30:00-05:00,1,4,0.5,2,10\n`)}`,
    key: 'nasdaq AAPL candles 1d',
    first: ['2024-01-02T14:30:00.000Z', ...CANDLE, 10],
  },
  {
    // A broker's clocks: seven hours ahead of New York, so UTC+3 in July.
    name: 'EURUSD_H1_202407010000_202407010200.csv',
    text: `<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n${times(3, (at) => `2024.07.01\t${two(at)}:00:00\t1\t4\t0.5\t2\t10\t0\t7\n`)}`,
    said: { venue: 'broker', zone: 'America/New_York+7' },
    key: 'broker EUR/USD candles 1h',
    first: ['2024-06-30T21:00:00.000Z', ...CANDLE, 10],
    told: ['guessed: the volume is <TICKVOL>: <VOL> is 0'],
  },
  {
    name: 'EURUSD60.csv',
    text: times(3, (at) => `2024.01.15,${two(at)}:00,1,4,0.5,2,10\n`),
    said: { venue: 'broker', zone: 'Europe/Athens' },
    key: 'broker EUR/USD candles 1h',
    first: ['2024-01-14T22:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'EURUSD_Candlestick_1_Hour_BID_01.01.2024-31.01.2024.csv',
    text: `Gmt time,Open,High,Low,Close,Volume\n${times(3, (at) => `02.01.2024 ${two(at)}:00:00.000,1,4,0.5,2,10\n`)}`,
    key: 'dukascopy EUR/USD candles 1h',
    first: ['2024-01-02T00:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'XBTUSD_60.csv',
    text: times(3, (at) => `${START / 1000 + at * 3600},1,4,0.5,2,10,3\n`),
    key: 'kraken BTC/USD candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 10],
  },
  {
    name: 'DAT_ASCII_EURUSD_M1_2024.csv',
    text: times(3, (at) => `20240102 17${two(at)}00;1;4;0.5;2;0\n`),
    key: 'histdata EUR/USD candles 1m',
    first: ['2024-01-02T22:00:00.000Z', ...CANDLE, 0],
    told: ['guessed: times are of -05:00'],
  },
  {
    name: 'komma.csv',
    text: `date;open;high;low;close;volume\n${times(3, (at) => `0${at + 1}.01.2024 10:00;1,0;4,0;0,5;2,0;10,25\n`)}`,
    said: { venue: 'v', market: 'A/B' },
    key: 'v A/B candles 1d',
    first: ['2024-01-01T10:00:00.000Z', ...CANDLE, 10.25],
    told: ['times have no zone and were read as UTC'],
  },
  {
    name: 'stooq.txt',
    text: `<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n${times(3, (at) => `SPY.US,60,20240102,${two(at)}0000,1,4,0.5,2,10,0\n`)}`,
    said: { venue: 'stooq', market: 'SPY', zone: 'Europe/Warsaw' },
    key: 'stooq SPY candles 1h',
    first: ['2024-01-01T23:00:00.000Z', ...CANDLE, 10],
  },
  {
    // What pandas writes: the index has no name.
    name: 'goog.csv',
    text: `,Open,High,Low,Close,Volume\n${times(3, (at) => `2024-01-0${at + 2},1,4,0.5,2,10\n`)}`,
    said: { venue: 'us', market: 'GOOG' },
    key: 'us GOOG candles 1d',
    first: ['2024-01-02T00:00:00.000Z', ...CANDLE, 10],
    told: ['guessed: the column without a name is the time'],
  },
  {
    // Bitfinex has the close second; rows say so.
    name: 'bfx.csv',
    text: times(3, (at) => `${START + at * HOUR},1,2,4,0.5,10\n`),
    said: { venue: 'bitfinex', market: 'BTC/USD' },
    key: 'bitfinex BTC/USD candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE, 10],
    told: ['columns without a header are time, open, close, high, low, volume'],
  },
  {
    name: 'odd.csv',
    text: `a,b,c,d,e,f\n${times(3, (at) => `x,2,0.5,4,1,${START + at * HOUR}\n`)}`,
    said: { venue: 'v', market: 'A/B', columns: ['-', 'close', 'low', 'high', 'open', 'time'] },
    key: 'v A/B candles 1h',
    first: ['2024-01-01T00:00:00.000Z', ...CANDLE],
    told: ['there is no volume'],
  },
  {
    name: 'us-dates.csv',
    text: `Date,Open,High,Low,Close\n01/12/2024,1,4,0.5,2\n01/13/2024,1,4,0.5,2\n01/14/2024,1,4,0.5,2\n`,
    said: { venue: 'v', market: 'A/B' },
    key: 'v A/B candles 1d',
    first: ['2024-01-12T00:00:00.000Z', ...CANDLE],
    told: ['guessed: times are dates as month/day/year'],
  },
];

describe('files as tools and venues write them', () => {
  for (const { name, text, said, key, first, rows = 3, told = [] } of CASES)
    test(`the file ${name}`, async () => {
      const found = await one(file(name, text), said);
      expect(keyText(found)).toBe(key);
      expect(found.rows.length).toBe(name === 'AAPL.csv' ? 3 : rows);
      expect(rowOf(found, 0)).toEqual(first);
      for (const text of told) expect(notesOf(found)).toContain(text);
    });

  test('a zip of Binance', async () => {
    const found = await one(
      zip('z/BTCUSDT-1h-2024-01.zip', { 'BTCUSDT-1h-2024-01.csv': times(3, (at) => binanceLine(START + at * HOUR)) }),
      {
        venue: 'binance',
      },
    );
    expect([keyText(found), found.rows.length]).toEqual(['binance BTC/USDT candles 1h', 3]);
  });

  test.for([
    ['dmy', Date.UTC(2024, 1, 1)],
    ['mdy', Date.UTC(2024, 0, 2)],
  ] as const)('--dates %s says which number is the day', async ([dates, first]) => {
    const text = `Date,Open,High,Low,Close\n${times(3, (at) => `01/0${at + 2}/2024,1,4,0.5,2\n`)}`;
    const found = await one(file('said.csv', text), { venue: 'v', market: 'A/B', timeframe: '1d', dates });
    expect(found.rows.columns['time']![0]).toBe(first);
    expect(notesOf(found)).not.toContain('times are dates');
  });

  test('a day that is none in the order that was said is told with its line', async () => {
    const text = `Date,Open,High,Low,Close\n${times(3, (at) => `${at + 11}/02/2024,1,4,0.5,2\n`)}`;
    await expect(one(file('turned.csv', text), { venue: 'v', market: 'A/B', timeframe: '1mo', dates: 'mdy' })).rejects.toThrow(
      '13/02/2024',
    );
  });

  test('a column called timestamp is of no zone; one of local time is', async () => {
    const text = (name: string): string => `${name},open,high,low,close\n${times(3, (at) => `2024-01-01 0${at}:00:00,1,4,0.5,2\n`)}`;
    const found = await one(file('stamp.csv', text('timestamp')), { venue: 'v', market: 'A/B' });
    expect(found.rows.columns['time']![1]).toBe(START + HOUR);
    await expect(one(file('est.csv', text('Local time')), { venue: 'v', market: 'A/B' })).rejects.toThrow('--zone');
  });

  test('clocks that are put back give each hour its own moment, forward and back', async () => {
    // New York, 2023-11-05: 01:00 comes twice, at 05:00 and at 06:00 UTC.
    const hours = ['00:00', '01:00', '01:00', '02:00', '03:00'];
    const line = (hour: string): string => `2023-11-05 ${hour},1,4,0.5,2,10\n`;
    const header = 'time,open,high,low,close,volume\n';
    const expected = [4, 5, 6, 7, 8].map((hour) => Date.UTC(2023, 10, 5, hour));
    const said = { venue: 'v', market: 'A/B', timeframe: '1h', zone: 'America/New_York' };
    const forward = await one(file('dst.csv', header + hours.map(line).join('')), said);
    expect([...forward.rows.columns['time']!]).toEqual(expected);
    const back = await one(file('dst-back.csv', header + hours.toReversed().map(line).join('')), said);
    expect([...back.rows.columns['time']!]).toEqual(expected);
  });
});

describe('what is in doubt is asked for', () => {
  const CANDLES = `time,open,high,low,close,volume\n${times(3, (at) => `${START + at * HOUR},1,4,0.5,2,10\n`)}`;
  const asked: readonly (readonly [string, string, string, Parameters<typeof one>[1]?])[] = [
    ['a.csv', CANDLES, '--venue NAME'],
    ['a.csv', CANDLES, '--market BASE/QUOTE', { venue: 'v' }],
    ['one-row.csv', CANDLES.split('\n').slice(0, 2).join('\n'), '--timeframe', { venue: 'v', market: 'A/B' }],
    ['BTCUSDT-1h-2024-01.csv', binanceLine(START), '--venue binance or --venue binanceusdm'],
    ['EURUSD_H1.csv', '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\n2024.07.01\t00:00:00\t1\t4\t0.5\t2\n', '--zone', { venue: 'v' }],
    ['flat.csv', times(3, (at) => `${START + at * HOUR},1,1,1,1,10\n`), '--columns', { venue: 'v', market: 'A/B' }],
    ['names.csv', `wann,auf,zu\n2024-01-01,1,2\n`, '--columns', { venue: 'v', market: 'A/B' }],
    [
      'dates.csv',
      `Date,Open,High,Low,Close\n01/02/2024,1,4,0.5,2\n01/03/2024,1,4,0.5,2\n`,
      '--dates dmy or --dates mdy',
      { venue: 'v', market: 'A/B' },
    ],
    [
      'sides.csv',
      `time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n${START},1,4,0.5,2,1,4,0.5,2\n`,
      '--price bid|ask',
      { venue: 'v', market: 'A/B' },
    ],
  ];
  for (const [name, text, hint, said] of asked)
    test(`${name}: ${hint}`, async () => {
      await expect(one(file(name, text), said)).rejects.toThrow(hint);
    });

  test('a timeframe that the rows contradict is refused', async () => {
    const minutes = `time,open,high,low,close\n${times(30, (at) => `${START + at * 60_000},1,4,0.5,2\n`)}`;
    await expect(one(file('x_A-B_1h.csv', minutes))).rejects.toThrow('most of the first ones are 1m apart');
  });
});
