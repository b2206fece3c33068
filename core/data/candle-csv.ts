import type { MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, sharedColumns, sharedDoubles } from '#core/model/columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseCandleHeader } from './candle-header.ts';
import { BarChecks } from './bar-checks.ts';
import { CsvLine } from './csv-line.ts';
import { csvText, logBadTime, logFieldCount, readTimeFormat } from './csv-text.ts';
import { isGoodValue } from './data-columns.ts';
import type { FindingLog } from './finding.ts';
import { shown } from './finding.ts';
import type { TextBytes } from './text-bytes.ts';
import type { TimeFormat } from './timestamp-text.ts';
import { isNumericTime, parseIsoTime, timeOfNumber } from './timestamp-text.ts';

/** Candles as they stand in a text. When the log has errors, `columns` holds only the lines before, and is for no use. */
export interface CsvCandles {
  readonly columns: Columns;
  /** Of the columns asked for those that the text has, in shared memory; na where a field is empty. */
  readonly further: ReadonlyMap<MarketColumn, Float64Array>;
  readonly rows: number;
  readonly timeFormat: TimeFormat;
}

/**
 * Reads candles from the bytes of a CSV text: a header, then one line a bar. Checks every line by itself and against the
 * one before, and logs each finding with its line; a line with an error is left out, so a log with errors means that the
 * whole must be refused. `wanted`: columns besides the candles. Throws DATA_EMPTY without a candle, DATA_FORMAT when header or first time cannot be understood.
 */
export function parseCandleCsv(file: string, bytes: TextBytes, log: FindingLog, wanted: readonly MarketColumn[] = []): CsvCandles {
  const text = csvText(file, bytes);
  const { from, end, lines } = text;
  const header = parseCandleHeader(file, text.header, wanted);
  if (lines === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });

  const { fields } = header;
  const line = new CsvLine(bytes, end, header.delimiter, header.fieldCount);
  line.read(from);
  const timeText = line.count > fields.time ? line.text(fields.time) : '';
  const timeFormat = readTimeFormat(file, timeText);
  const isNumeric = isNumericTime(timeFormat);
  const columns = sharedColumns(lines);
  const further = [...header.further].map(([name, field]) => ({
    name,
    field,
    values: sharedDoubles(lines),
  }));
  const checks = new BarChecks(log);
  let rows = 0;
  let emptyVolumes = 0;
  let firstEmptyVolume = 0;
  let lineNumber = 1;

  const textOf = (name: keyof Columns): string => (fields[name] < 0 ? '' : line.text(fields[name]));

  for (let position = from; position <= end;) {
    lineNumber++;
    position = line.read(position);
    if (line.count !== header.fieldCount) {
      logFieldCount(log, lineNumber, line.count, line.isEmpty(0), header.fieldCount);
      continue;
    }
    const time = isNumeric ? timeOfNumber(line.number(fields.time), timeFormat) : parseIsoTime(line.text(fields.time), timeFormat);
    const open = line.number(fields.open);
    const high = line.number(fields.high);
    const low = line.number(fields.low);
    const close = line.number(fields.close);
    let volume = 0;
    if (fields.volume >= 0) {
      volume = line.number(fields.volume);
      if (Number.isNaN(volume) && line.isEmpty(fields.volume)) {
        volume = 0;
        if (emptyVolumes++ === 0) firstEmptyVolume = lineNumber;
      }
    }
    if (Number.isNaN(time)) logBadTime(log, lineNumber, line.text(fields.time), timeFormat);
    else checks.time(lineNumber, time);
    let good = checks.values(lineNumber, open, high, low, close, volume, textOf);
    for (const { name, field, values } of further) {
      const value = line.number(field);
      values[rows] = value;
      if (Number.isNaN(value) && line.isEmpty(field)) continue;
      if (!isGoodValue(log, lineNumber, name, value, line.text(field))) good = false;
    }
    if (!good || Number.isNaN(time)) continue;
    columns.time[rows] = time;
    columns.open[rows] = open;
    columns.high[rows] = high;
    columns.low[rows] = low;
    columns.close[rows] = close;
    columns.volume[rows] = volume + 0; // a volume written -0 is 0
    rows++;
  }
  checks.finish();
  if (emptyVolumes > 0) {
    log.warn('empty-volume', firstEmptyVolume, emptyVolumes, `${emptyVolumes} of ${rows} bars without a volume`, 'It counts as 0');
  }
  if (fields.volume < 0) log.warn('no-volume', 1, 1, 'there is no volume column', 'Every volume counts as 0');
  if (timeFormat === 'iso-local') {
    log.warn(
      'time-zone',
      2,
      rows,
      `times such as ${shown(timeText)} have no time zone`,
      'They are read as UTC; write a Z behind them if that is right',
    );
  }
  return { columns, further: new Map(further.map(({ name, values }) => [name, values])), rows, timeFormat };
}
