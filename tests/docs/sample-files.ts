import { gzipSync } from 'node:zlib';
import { generateMarket } from '#core/data/market-generator.ts';

const BARS = 400;
const START = Date.UTC(2024, 0, 1);

/** Candles as an exchange gives them, made by the generator. */
function candles(seed: number, startPrice: number): Buffer {
  const { time, open, high, low, close, volume } = generateMarket({
    seed,
    bars: BARS,
    stepMs: 3_600_000,
    startTime: START,
    startPrice,
    tick: 0.01,
  });
  const lines = Array.from(time, (at, bar) => [at, open[bar], high[bar], low[bar], close[bar], volume[bar]].join(','));
  return gzipSync(`timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
}

const strategy = (market: string, rule: string, rest = ''): string =>
  `strat 1
strategy "Sample"
trade ${market} on 1h

param fast = 10 in 5..20 step 5

enter long when ${rule}
${rest}exit long when close < sma(close, fast)
size 10% of equity
stop 3%
`;

const PINE = `//@version=6
strategy("MACD", overlay = true, default_qty_type = strategy.percent_of_equity, default_qty_value = 10)
[line, signal, hist] = ta.macd(close, 12, 26, 9)
if ta.crossover(line, signal)
    strategy.entry("L", strategy.long)
if ta.crossunder(line, signal)
    strategy.close("L")
`;

/** The reader's own files, by the names that the pages use for them. */
export const SAMPLE_FILES: Readonly<Record<string, string | Buffer>> = {
  'my.strat': strategy('BTC/USDT', 'close crosses above sma(close, fast)'),
  'trend.strat': strategy('BTC/USDT', 'close > highest(high, fast)[1]'),
  'revert.strat': strategy('BTC/USDT', 'rsi(close, fast) < 30'),
  'jpy.strat': strategy('USD/JPY', 'close crosses above sma(close, fast)'),
  'macd.pine': PINE,
  'my-wrong.strat': strategy('BTC/USDT', 'close crosses above sma(close, fast)', '\nexit long when position.profit > 5\n'),
  'binance_BTC-USDT_1h.csv.gz': candles(1, 30_000),
  'fxcm_USD-JPY_1h.csv.gz': candles(2, 150),
};
