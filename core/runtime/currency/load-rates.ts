import { basename } from 'node:path';
import { readCandleFile } from '#core/data/candle-file.ts';
import { formatFinding } from '#core/data/finding.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { dataPath } from '../data-path.ts';
import type { MarketSeries } from '../market-data.ts';
import type { RateSource } from './account-currency.ts';

/** A rate as it was asked for, and the candles that were read for it. */
export interface LoadedRate {
  readonly source: RateSource;
  readonly series: MarketSeries | null;
}

/**
 * Reads what tells a rate: candles as `PATH` or `MARKET=PATH`, or a number as `MARKET=1.25`.
 * @throws StratError USAGE when it does not say which, and those of the candle reader
 */
export function loadRate(text: string): LoadedRate {
  const { forced, path: value } = dataPath(text);
  if (forced !== null && isNumber(value)) {
    const rate = Number(value);
    if (rate > 0 && Number.isFinite(rate)) return { source: { market: forced.name, rate }, series: null };
    throw new StratError('USAGE', { reason: `A rate is a number above zero, found "${text}"`, hint: 'Write: --rate EUR/USD=1.1' });
  }
  const file = readCandleFile(value, forced === null ? {} : { market: forced });
  const market = forced ?? file.market;
  if (market === null || market.quote === null)
    throw new StratError('USAGE', {
      reason: `"${basename(value)}" does not say which currencies it is of`,
      hint: `Write: --rate EUR/USD=${value}`,
    });
  const { columns, timeframe, sha256, findings } = file;
  const warnings = findings.map((finding) => formatFinding(basename(value), finding));
  return {
    source: { market: market.name, rate: { columns, stepMs: timeframe.stepMs } },
    series: { market: market.name, timeframe, columns, further: new Map(), file: value, sha256, warnings },
  };
}

/** Whether a value is a number, not a path. */
export const isNumber = (text: string): boolean => /^[0-9]+(\.[0-9]+)?$/.test(text);
