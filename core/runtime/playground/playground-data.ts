import { sha256 } from '#sha256';
import { goodCandles, inspectCandleText } from '#core/data/candle-text.ts';
import { textBytes } from '#core/data/text-bytes.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { candlesOfMarket } from '../market-candles.ts';
import type { DataNeeds, MarketData } from '../market-data.ts';
import { syntheticMarketData } from '../synthetic-market-data.ts';
import { MOST_BARS, MOST_CANDLE_BYTES, type PlaygroundRequest } from './playground-request.ts';

/**
 * The candles of a run, as a backtest of the command line has them.
 * @throws StratError USAGE when they are too many, and those of the candle reader
 */
export function playgroundData(needs: DataNeeds, choice: PlaygroundRequest['market']): MarketData {
  const timeframe = timeframeOf(choice.timeframe);
  const data =
    choice.source === 'synthetic'
      ? syntheticMarketData(needs, { ...checkedBars(choice), timeframe })
      : candlesOfMarket(needs, { data: [choice.name], timeframe, from: null, to: null }, (_, options) => {
          if (choice.bytes.length > MOST_CANDLE_BYTES)
            throw new StratError('DATA_TOO_LARGE', { file: choice.name, limitMb: MOST_CANDLE_BYTES / 2 ** 20 });
          return goodCandles(inspectCandleText(choice.name, textBytes(choice.bytes), sha256(choice.bytes), options));
        });
  const bars = data.columns.time.length;
  if (bars > MOST_BARS) throw tooMany(bars);
  return data;
}

function checkedBars<T extends { readonly bars: number }>(choice: T): T {
  if (!Number.isInteger(choice.bars) || choice.bars < 1 || choice.bars > MOST_BARS) throw tooMany(choice.bars);
  return choice;
}

function timeframeOf(text: string | null): Timeframe | null {
  if (text === null) return null;
  const timeframe = parseTimeframe(text);
  if (timeframe === null)
    throw new StratError('USAGE', { reason: `"${text}" is no length of bars`, hint: 'Choose one such as 15m, 4h or 1d' });
  return timeframe;
}

const tooMany = (bars: number): StratError =>
  new StratError('USAGE', {
    reason: `The playground runs 1 to ${MOST_BARS} bars, and these are ${bars}`,
    hint: 'Choose fewer or longer bars, or run it on the command line: strat backtest',
  });
