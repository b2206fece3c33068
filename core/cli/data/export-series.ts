import { EXPORT_FORMATS, type ExportFormat, exportFormat, exportSeries } from '#core/data/export/export-series.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { unwritable } from '#core/files/file-error.ts';
import { interruptible } from '../interruptible.ts';
import { choiceOption, periodOption } from '../option-values.ts';
import { ProgressLine } from '../progress-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';
import { isoOf } from './version-document.ts';

export const dataExportCommand: Command = {
  name: 'data export',
  summary: 'write a series as CSV, CSV.gz, Parquet or JSON',
  usage:
    'data export VENUE:MARKET FILE [--kind KIND] [--timeframe LENGTH] [--version VERSION] [--from DATE] [--to DATE] [--format FORMAT] [--json]',
  description:
    'Writes the rows of a series as a file, whose name says the form: .csv, .csv.gz, .parquet or .json. Imported again it has the digest that it had. A file of that name is replaced when the new one is complete.\n\nTimes are ms since 1970 (of trades microseconds; in Parquet timestamps in UTC), na is an empty field or null. Named {venue}_{BASE}-{QUOTE}_{timeframe}.csv.gz a file is read by strat backtest as it is.',
  options: [
    { name: 'version', value: 'VERSION', help: 'a number, a name or the first digits of a digest (the newest)' },
    { name: 'from', value: 'DATE', help: 'first day, UTC' },
    { name: 'to', value: 'DATE', help: 'end, UTC, not included' },
    { name: 'format', value: 'FORMAT', help: `${EXPORT_FORMATS.join(', ')} (what the name of the file says)` },
    ...SERIES_OPTIONS,
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data export binance:BTC/USDT binance_BTC-USDT_1h.csv.gz --timeframe 1h',
    'strat data export binance:BTC/USDT:USDT funding.parquet --kind funding --from 2024-01-01',
  ],
  async run(input, io) {
    const [series, file, more] = input.args;
    if (file === undefined || more !== undefined) throw usage('Name a series and a file: data export VENUE:MARKET FILE', dataExportCommand);
    const format = choiceOption<ExportFormat>(dataExportCommand, input, 'format', EXPORT_FORMATS) ?? exportFormat(file);
    if (format === null)
      throw usage(
        `"${file}" ends in none of ${EXPORT_FORMATS.map((end) => `.${end}`).join(', ')}: say which with --format`,
        dataExportCommand,
      );
    const { from, to } = periodOption(dataExportCommand, input);
    const store = storeOf(input, io);
    const newest = seriesArgument(dataExportCommand, input, store, series);
    const version = input.value('version');
    const entry = store.find(newest.key, version) ?? newest;
    const progress = new ProgressLine(io, entry.rows);
    try {
      const range = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
      const rows = await interruptible(async (signal) =>
        exportSeries(store, { entry, file, format, ...range, signal, onProgress: (done) => progress.show(done) }),
      );
      progress.end();
      const { key, digest } = entry;
      const written = { ...key, version: entry.version, digest, file, format, rows, from: isoOf(from), to: isoOf(to) };
      io.out(
        input.flag('json')
          ? jsonText({ schema: 'strat.data-export/1', ...written })
          : `${file}: ${rows} rows of ${seriesName(key)}, version ${entry.version}, digest ${digest.slice(0, 12)}\n`,
      );
      return 0;
    } catch (error) {
      progress.end();
      if (error instanceof Error && error.name === 'AbortError') {
        io.err('Stopped; no file was written\n');
        return 130;
      }
      throw isStratError(error) ? error : unwritable(file, error);
    } finally {
      store.close();
    }
  },
};
