import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { parseMarket } from '#core/model/market.ts';
import { nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { BarChecks } from './bar-checks.ts';
import type { CandleFile } from './candle-text.ts';
import { type Finding, FindingLog } from './finding.ts';
import { usualGaps } from './quality/usual-gaps.ts';
import { checkSeries } from './series-checks.ts';
import { seriesName } from './store/series-key.ts';
import type { SeriesRows } from './store/series-rows.ts';
import type { SeriesEntry, SeriesStore } from './store/series-store.ts';

/**
 * Reads and checks candles of the store, as a file of them is: what refuses a file refuses these.
 * @param wanted what is read besides the candles, where the store has it: columns of the candles, and funding rates that are a series of their own
 * @param ratesVersion of funding rates that are a series of their own: a number, a name, or first digits of a digest; null = the newest
 * @throws StratError STORE_CANDLES; those of the store
 */
export async function readStoredCandles(
  store: SeriesStore,
  entry: SeriesEntry,
  wanted: readonly MarketColumn[],
  ratesVersion: string | null = null,
): Promise<CandleFile> {
  const { key, version, digest } = entry;
  const name = seriesName(key);
  const timeframe = parseTimeframe(key.timeframe ?? '')!;
  const own = wanted.filter((column) => entry.columns.includes(column));
  const rows = await store.read(key, { version: digest, columns: ['open', 'high', 'low', 'close', 'volume', ...own] });
  const log = new FindingLog();
  const columns = checkedColumns(rows, log);
  if (log.errorCount === 0) checkSeries(columns, timeframe, null, log, usualGaps({ venue: key.venue, market: key.market }));
  const findings = log.list().map((finding) => withTime(finding, columns.time));
  if (log.errorCount > 0 || rows.length === 0) throw refused(name, rows.length, log.errorCount, findings);
  const further = new Map<MarketColumn, Float64Array>(own.map((column) => [column, rows.columns[column]!]));
  const funding = { ...key, kind: 'funding', timeframe: null } as const;
  const hasRates = wanted.includes('funding_rate') && !further.has('funding_rate') && store.find(funding) !== null;
  const rates = hasRates ? await store.read(funding, ratesVersion === null ? {} : { version: ratesVersion }) : null;
  if (rates !== null) further.set('funding_rate', ratesAt(rates, columns.time, timeframe));
  const source = rates === null ? {} : { funding: { version: rates.version, sha256: rates.digest } };
  return {
    path: name,
    columns,
    further,
    rows: rows.length,
    market: parseMarket(key.market),
    venue: key.venue,
    timeframe,
    stepMs: timeframe.stepMs,
    sha256: digest,
    stored: { series: `${key.venue}:${key.market}`, timeframe: timeframe.name, version, ...source },
    findings,
  };
}

/** The candles with a volume of 0 where none is known, as files without one have it. */
function checkedColumns({ length, columns }: SeriesRows, log: FindingLog): CandleFile['columns'] {
  const { time, open, high, low, close, volume } = columns as Record<'time' | 'open' | 'high' | 'low' | 'close' | 'volume', Float64Array>;
  const checks = new BarChecks(log);
  let [unknown, first] = [0, 0];
  for (let row = 0; row < length; row++) {
    if (Number.isNaN(volume[row])) {
      if (unknown++ === 0) first = row;
      volume[row] = 0;
    }
    checks.values(row + 2, open[row]!, high[row]!, low[row]!, close[row]!, volume[row]!, (name) => String(columns[name]![row]));
  }
  if (unknown > 0 && unknown === length) log.warn('no-volume', null, 1, 'there is no volume', 'Every volume counts as 0');
  else if (unknown > 0) log.warn('empty-volume', first + 2, unknown, `${unknown} of ${length} bars without a volume`, 'It counts as 0');
  return { time, open, high, low, close, volume };
}

/** The checks count lines of a file, whose first is the header; rows of a store are found by their time. */
function withTime(finding: Finding, time: Float64Array): Finding {
  const message = finding.message.replace(/ \((?:line|on line) \d+\)/g, '');
  const at = finding.line === null ? undefined : time[finding.line - 2];
  const place = at === undefined || finding.code === 'gaps' ? '' : `${new Date(at).toISOString().replace('.000Z', 'Z')}: `;
  return { ...finding, line: null, message: `${place}${message}` };
}

function refused(series: string, rows: number, count: number, findings: readonly Finding[]): StratError {
  if (rows === 0) return new StratError('DATA_EMPTY', { file: series, reason: 'the series in the data store has no rows' });
  const list = findings.filter(({ severity }) => severity === 'error').map(({ message, hint }) => `  ${message}. ${hint}`);
  if (count > list.length) list.push(`  ... and ${count - list.length} more`);
  return new StratError('STORE_CANDLES', { series, count, list: list.join('\n') });
}

/** For each bar the last rate that was known when it closed; venues stamp their rates up to some seconds late. */
function ratesAt({ length, columns }: SeriesRows, time: Float64Array, timeframe: Timeframe): Float64Array {
  const [times, rates] = [columns['time']!, columns['rate']!];
  const known = new Float64Array(time.length);
  let next = 0;
  let rate = NaN;
  for (let bar = 0; bar < time.length; bar++) {
    const close = nextOpen(timeframe, time[bar]!);
    while (next < length && times[next]! < close) rate = rates[next++]!;
    known[bar] = rate;
  }
  return known;
}
