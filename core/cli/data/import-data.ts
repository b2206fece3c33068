import { statSync } from 'node:fs';
import { fileList } from '#core/data/import/file-list.ts';
import { type FileReport, importFiles } from '#core/data/import/import-files.ts';
import { ImportLog } from '#core/data/import/import-log.ts';
import type { ImportRequest } from '#core/data/import/import-request.ts';
import { withoutSkipped } from '#core/data/import/skipped-files.ts';
import { SERIES_KINDS } from '#core/data/store/series-key.ts';
import { wallZone } from '#core/data/import/wall-zone.ts';
import { parseMarket, type Market } from '#core/model/market.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import type { Command, CommandInput, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { exitCodeOf } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { choiceOption, timeframeOption } from '../option-values.ts';
import { ProgressLine } from '../progress-line.ts';
import { fileDocument, fileLines, importSummary } from '../render/import-report.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { HOME_OPTION, JSON_OPTION, storeOf } from './series-argument.ts';

export const dataImportCommand: Command = {
  name: 'data import',
  summary: 'read files of candles, trades or rates into the store',
  usage:
    'data import FILE|FOLDER|PATTERN... [--venue NAME] [--market MARKET] [--timeframe LENGTH] [--zone ZONE] [--dates dmy|mdy] [--skip PATTERN] [--resume] [--dry-run] [--json]',
  description:
    'Reads CSV (plain, gzip, Zstandard), JSON and NDJSON, Parquet, Feather (Arrow) and zips of texts, as exchanges, freqtrade, LEAN, TradingView, MetaTrader, Yahoo and others write them; docs/data.md lists them. Venue, market and length of bars come from the name of the file or from what it holds. What was guessed, changed or left out is told; what is in doubt is asked for by an option.\n\nEach series of a file is one change of the store: it is there as a whole or not at all. Ctrl-C ends the import; files before are done, and the same command with --resume goes on behind them. Without it they are read again, and rows that are there are not written again.',
  options: [
    { name: 'venue', value: 'NAME', help: 'where it was traded, such as binance' },
    { name: 'market', value: 'MARKET', help: 'what was traded, such as BTC/USDT, BTC/USDT:USDT or SPY' },
    { name: 'timeframe', value: 'LENGTH', help: 'length of the bars, such as 1h' },
    { name: 'kind', value: 'KIND', help: `what the rows are: ${SERIES_KINDS.join(', ')}` },
    { name: 'zone', value: 'ZONE', help: 'of times that do not say theirs: Europe/Athens, +02:00, or America/New_York+7 as brokers have' },
    { name: 'columns', value: 'NAMES', help: 'names of the columns in their order, - for one to leave out: time,open,high,low,close,-' },
    { name: 'price', value: 'SIDE', help: 'of candles of quotes: bid, ask or mid' },
    { name: 'dates', value: 'ORDER', help: 'of days and months in dates such as 01/02/2024: dmy or mdy' },
    {
      name: 'skip',
      value: 'PATTERN',
      isMany: true,
      help: "files to leave out: a path, a folder, a pattern such as '*-funding_rate*'; @FILE: a list of them, a line each",
    },
    { name: 'resume', help: 'leave out files that an import with the same options took whole, and that are as they were then' },
    { name: 'dry-run', help: 'read and check, and write nothing' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data import binance_BTC-USDT_1h.csv.gz',
    'strat data import user_data/data',
    "strat data import 'BTCUSDT-1m-*.zip' --venue binance",
    "strat data import archive --skip '*-trades-*' --skip @broken.txt --resume",
    'strat data import EURUSD_M1.csv --venue broker --zone America/New_York+7 --dry-run',
  ],
  async run(input, io) {
    if (input.args.length === 0) throw usage('Name files, folders or patterns to import', dataImportCommand);
    const request = requestOf(input);
    const { files: named, passedOver } = fileList(input.args);
    const { files: wanted, skipped, idle } = withoutSkipped(named, input.values('skip'));
    if (wanted.length === 0) throw usage('--skip leaves no file', dataImportCommand);
    const isDry = input.flag('dry-run');
    const isJson = input.flag('json');
    const store = isDry ? null : storeOf(input, io);
    const log = store === null ? null : new ImportLog(store, request);
    const files = input.flag('resume') && log !== null ? wanted.filter((file) => !log.isDone(file)) : wanted;
    const before = wanted.length - files.length;
    const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
    const progress = new ProgressLine(io, bytes);
    const paint = painter(io.color);
    const reports: FileReport[] = [];
    let told: readonly string[] = [];
    const isStopped = await interruptible(async (signal) => {
      for await (const report of importFiles(files, { store, request, signal, sizeOf, onBytes: (done) => progress.show(done) })) {
        reports.push(report);
        log?.add(report);
        progress.end();
        if (isJson) continue;
        const { lines, told: now } = fileLines(report, told, paint);
        told = now;
        const failed = report.error !== null;
        (failed ? io.err : io.out)(`${lines.join('\n')}\n`);
      }
      progress.end();
      return signal.aborted && reports.length < files.length;
    });
    store?.close();
    if (isJson)
      io.out(
        jsonText({
          schema: 'strat.data-import/1',
          store: store?.path ?? null,
          isStopped,
          passedOver,
          skipped,
          doneBefore: before,
          files: reports.map(fileDocument),
        }),
      );
    else {
      if (files.length > 1 || isDry || before > 0) io.out(`${importSummary(reports, isDry)}\n`);
      if (before > 0) io.err(`left out, as imported before: ${before}\n`);
      if (skipped.length > 0) io.err(`left out by --skip: ${skipped.length}\n`);
      for (const pattern of idle) io.err(`--skip ${pattern} fits no file\n`);
      if (passedOver > 0) io.err(`passed over, as files of other kinds: ${passedOver}\n`);
      if (isStopped) io.err(`Stopped: ${reports.length} of ${files.length} files are done; the same command with --resume goes on.\n`);
    }
    return isStopped ? 130 : exitOf(reports);
  },
};

/** The worst that happened. */
function exitOf(reports: readonly FileReport[]): ExitCode {
  const codes = reports.filter(({ error }) => error !== null).map(({ error }) => exitCodeOf(error));
  return codes.length === 0 ? 0 : codes.includes(3) ? 3 : 1;
}

/** @throws StratError USAGE */
function requestOf(input: CommandInput): ImportRequest {
  const columns = input.value('columns')?.split(',') ?? null;
  const venue = input.value('venue') ?? null;
  if (venue !== null && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(venue))
    throw usage(`--venue takes a name of letters, digits, points and dashes such as binance, found "${venue}"`, dataImportCommand);
  return {
    venue,
    market: marketOption(input),
    timeframe: timeframeOption(dataImportCommand, input, 'timeframe'),
    zone: zoneOption(input),
    kind: choiceOption(dataImportCommand, input, 'kind', SERIES_KINDS) ?? null,
    columns,
    price: choiceOption(dataImportCommand, input, 'price', ['bid', 'ask', 'mid'] as const) ?? null,
    dates: choiceOption(dataImportCommand, input, 'dates', ['dmy', 'mdy'] as const) ?? null,
    now: Date.now(),
  };
}

function marketOption(input: CommandInput): Market | null {
  const text = input.value('market');
  if (text === undefined) return null;
  const market = parseMarket(text);
  if (market === null) throw usage(`--market takes a market such as BTC/USDT, BTC/USDT:USDT or SPY, found "${text}"`, dataImportCommand);
  return market;
}

function zoneOption(input: CommandInput): string | null {
  const zone = input.value('zone') ?? null;
  if (zone === null) return null;
  try {
    wallZone(zone);
  } catch (error) {
    if (!isStratError(error)) throw error;
    throw usage(`--zone ${zone}: ${error.data['hint' as keyof typeof error.data] ?? 'there is no such zone'}`, dataImportCommand);
  }
  return zone;
}
