import { basename } from 'node:path';
import { readCandleFile } from '#core/data/candle-file.ts';
import type { CandleFile } from '#core/data/candle-text.ts';
import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { formatFinding } from '#core/data/finding.ts';
import { innerBars, timeShift } from '#core/data/inner-bars.ts';
import { innerTicks } from '#core/data/inner-ticks.ts';
import { isTickFile, readTickFile } from '#core/data/tick-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { type Market, parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, type Timeframe } from '#core/model/timeframe.ts';
import { dataSource, isoTime } from './backtest-document.ts';
import type { DetailData } from './detail-record.ts';
import type { MarketSeries } from './market-data.ts';

/**
 * Reads the candles, trades or quotes that tell what happened inside of the traded ones.
 * @throws StratError DATA_DETAIL, and those of the candle reader
 */
export function loadDetail(path: string, traded: MarketSeries): DetailData {
  const name = basename(path);
  const refuse = (reason: string, hint: string): StratError => new StratError('DATA_DETAIL', { file: name, reason, hint });
  const names = [parseMarket(traded.market), parseCandleFileName(basename(traded.file)).market].map((market) => market?.name);
  const refuseOther = (market: Market | null): void => {
    if (market === null || names.includes(market.name)) return;
    throw refuse(`they are of ${market.name}, and the strategy trades ${traded.market}`, 'Give a file of the traded market');
  };
  if (isTickFile(path)) {
    const { ticks, market, sha256 } = readTickFile(path);
    refuseOther(market);
    const at = (index: number): string => isoTime(ticks.time.at(index)!);
    const source = { market: traded.market, timeframe: ticks.kind, rows: ticks.time.length, from: at(0), to: at(-1), sha256 };
    return { source, inner: innerTicks(traded, ticks, name), warnings: [] };
  }
  const file = readCandleFile(path);
  refuseOther(file.market);
  refuseUnfit(file.timeframe, traded.timeframe, refuse);
  const shift = timeShift(traded, file);
  if (shift !== 0) throw refuse(...mistimed(shift, traded, file));
  return {
    source: dataSource({ market: traded.market, timeframe: file.timeframe, columns: file.columns, sha256: file.sha256 }),
    inner: innerBars(traded, file, name),
    // What the file of the longer bars has been blamed for already is not told again.
    warnings: file.sha256 === traded.sha256 ? [] : file.findings.map((finding) => formatFinding(name, finding)),
  };
}

/** Whose times are wrong, and how: a shift by a bar is one of open and close. */
function mistimed(
  shift: number,
  { timeframe: bars, file: path }: Pick<MarketSeries, 'timeframe' | 'file'>,
  { timeframe: finer }: CandleFile,
): readonly [reason: string, hint: string] {
  const closes =
    'with the times at which they close, and not those at which they open: rules would see what has not happened yet, or too late';
  if (shift === -bars.stepMs)
    return [`the ${bars.name} bars of "${basename(path)}" are stamped ${closes}`, `Take ${bars.name} off their times`];
  if (shift === finer.stepMs) return [`its ${finer.name} bars are stamped ${closes}`, `Take ${finer.name} off their times`];
  const hours = `${Math.abs(shift) / 3_600_000} h`;
  return [
    `its times are ${hours} ${shift > 0 ? 'after' : 'before'} those of "${basename(path)}" for the same prices`,
    'Check the time zones of both files',
  ];
}

function refuseUnfit(finer: Timeframe, bars: Timeframe, refuse: (reason: string, hint: string) => StratError): void {
  if (finer.stepMs < bars.stepMs && isWholeMultiple(bars, finer)) return;
  const isShorter = finer.stepMs < bars.stepMs;
  throw refuse(
    isShorter
      ? `${bars.name} bars are no whole number of its ${finer.name} bars`
      : `its bars of ${finer.name} are not shorter than ${bars.name}`,
    `Give bars of which a whole number makes one of ${bars.name}, such as 1m`,
  );
}
