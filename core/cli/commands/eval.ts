import { fileName } from '#core/model/file-name.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { groupedNumber } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { ComputedSeries } from '#core/runtime/series/compute-series.ts';
import { evalDocument, shownBars } from '#core/runtime/series/eval-document.ts';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import { seriesPicture } from '#core/runtime/series/series-picture.ts';
import { timeText } from '#core/runtime/series/value-text.ts';
import { capFiles } from '../caps-option.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { assignmentsOption, countOption, timeOption } from '../option-values.ts';
import { checkOutputs, writeOutput } from '../output-files.ts';
import { wrapped } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { type Paint, painter } from '../render/paint.ts';
import { seriesChart } from '../render/series-chart.ts';
import { seriesCsv } from '../render/series-csv.ts';
import { summaryTable, valueTables } from '../render/series-table.ts';
import { studyFindings, studyFindingsJson } from '../render/study-findings.ts';
import { SeriesSource } from '../series/series-source.ts';
import { nameFile, SOURCE_OPTIONS, sourceRequest } from '../series/source-options.ts';

/** Bars that are shown where neither `--last` nor a period is given. */
const TABLE_BARS = 20;
const CHART_BARS = 200;
const NOTE = 'note: ';
const LEAST_WIDTH = 40;
/** In the place of a file: the values come as the answer. */
const HERE = '-';

export const evalCommand: Command = {
  name: 'eval',
  summary: 'compute an expression at every bar: a table, a chart, a picture',
  usage: 'eval EXPRESSION... [--data PATH | --market VENUE:MARKET] [--file FILE] [OPTIONS]',
  description:
    'Computes values and conditions of the language over candles, by the same compiler as strategies, and prints them: several side by side, groups such as macd(close) as a column for each of their values. With --file the names of a strategy may be used.\n\nThe table has the last 20 bars, or those of the period that is asked for; below it stands what each series is: its kind, the bars of the past that it needs (look-back), the bars before it may be acted on (warm-up), and what its values are like over all bars. A value is known when the bar of its line closes. An expression that starts with - stands behind --.',
  options: [
    ...SOURCE_OPTIONS,
    { name: 'set', value: 'NAME=VALUE', isMany: true, help: 'another value for a param of the file' },
    { name: 'last', value: 'N', help: 'so many bars, the last ones (20; of a drawing 200)' },
    { name: 'at', value: 'TIME', help: 'the bar that this moment lies in, alone: 2024-01-31T12:00' },
    { name: 'chart', help: 'draw a chart in the terminal instead of the table' },
    { name: 'svg', value: 'FILE', help: 'write a picture: prices above, what does not lie among them below' },
    { name: 'csv', value: 'FILE', help: 'write the values of all bars as CSV, or of the last N; to - as the answer' },
    { name: 'json', help: 'print one JSON document' },
  ],
  examples: [
    'strat eval "rsi(14)"',
    'strat eval "rsi(14) on 4h" "close > sma(200)" --data binance_BTC-USDT_1h.csv.gz --last 5',
    'strat eval "ema(50) - ema(200)" --market binance:BTC/USDT --timeframe 4h',
    'strat eval "quick - trend" --file strategies/sma-cross/sma-cross.strat --set fast=10 --chart',
    'strat eval "bbands(close, 20)" --data binance_BTC-USDT_1h.csv.gz --from 2024-03-01 --svg bands.svg',
  ],
  async run(input, io) {
    const expressions = expressionsOf(input);
    const request = sourceRequest(evalCommand, input, io);
    const file = nameFile(input);
    checkFiles(input, [...request.data.map((text) => dataPath(text).path), ...capFiles(input), ...(file === null ? [] : [file.path])]);
    const at = timeOption(evalCommand, input, 'at');
    const last = countOption(evalCommand, input, 'last');
    const source = new SeriesSource(request, io);
    const prepared = await source.prepare(expressions, file, assignmentsOption(evalCommand, input, 'set'));
    if (!prepared.ok) {
      if (input.flag('json')) io.out(jsonText(studyFindingsJson(prepared.error, expressions, file)));
      io.err(studyFindings(prepared.error, expressions, file, io.isTerminal ? io.width : Infinity, painter(io.color && io.showsProgress)));
      return 1;
    }
    const data = await source.candles(prepared.value, file);
    const isPeriod = request.from !== null || request.to !== null;
    const answer: Answer = {
      file: file?.path ?? null,
      data,
      prepared: prepared.value,
      // Before anything is computed: a moment that no bar holds is refused.
      bars: (usual) => shownBars(data, { at, last: last ?? (isPeriod ? null : usual) }),
      computed: await source.compute(prepared.value, data),
      warnings: source.warnings(prepared.value, data, file),
    };
    writeFiles(input, answer);
    if (input.value('csv') === HERE) io.out(seriesCsv(answer.computed, data.columns.time, answer.bars(null)));
    else if (input.flag('json')) io.out(jsonText(documentOf(answer)));
    else io.out(answerText(answer, input.flag('chart'), io));
    return 0;
  },
};

/** What was computed, and on which bars. */
interface Answer {
  readonly file: string | null;
  readonly data: MarketData;
  readonly prepared: PreparedSeries;
  readonly computed: ComputedSeries;
  readonly warnings: readonly string[];
  /** The bars shown, [from, to). @param usual how many where nothing is said; null = all */
  readonly bars: (usual: number | null) => readonly [number, number];
}

function expressionsOf({ args }: CommandInput): readonly string[] {
  if (args.length === 0) throw usage('No expression was given', evalCommand);
  const candles = args.find((text) => /\.csv(\.gz)?$/.test(text));
  if (candles !== undefined) throw usage(`"${candles}" is no expression: a file of candles stands behind --data`, evalCommand);
  const strategy = args.find((text) => text.endsWith('.strat'));
  if (strategy !== undefined) throw usage(`"${strategy}" is no expression: a file whose names are used stands behind --file`, evalCommand);
  return args;
}

function checkFiles(input: CommandInput, read: readonly string[]): void {
  if (input.flag('chart') && input.flag('json')) throw usage('--chart and --json exclude each other', evalCommand);
  if (input.value('csv') === HERE && (input.flag('json') || input.flag('chart')))
    throw usage('--csv - is the whole answer: leave out --json and --chart', evalCommand);
  if (input.value('at') !== undefined && (input.flag('chart') || input.value('svg') !== undefined))
    throw usage('--at is about one bar, of which there is nothing to draw', evalCommand);
  checkOutputs(evalCommand, input, input.value('csv') === HERE ? ['svg'] : ['svg', 'csv'], read);
}

function writeFiles(input: CommandInput, { computed, data, bars }: Answer): void {
  const [svg, csv] = [input.value('svg'), input.value('csv')];
  if (csv !== undefined && csv !== HERE) writeOutput(csv, seriesCsv(computed, data.columns.time, bars(null)));
  if (svg !== undefined) writeOutput(svg, seriesPicture(computed, data.columns, bars(CHART_BARS), `${data.market} ${data.timeframe.name}`));
}

function documentOf({ file, data, prepared, computed, warnings, bars }: Answer): ReturnType<typeof evalDocument> {
  return evalDocument(file, data, prepared, computed, warnings, bars(TABLE_BARS));
}

function answerText(
  { data, computed, warnings, bars }: Answer,
  isChart: boolean,
  { isTerminal, width: columns, color }: CommandIo,
): string {
  const paint = painter(color);
  const width = isTerminal ? columns : Infinity;
  const { time } = data.columns;
  const notes = [...warnings, ...computed.faults].map((note) => {
    const [first = '', ...more] = wrapped(plainText(note, Infinity), Math.max(LEAST_WIDTH, width) - NOTE.length);
    return [`${paint.warn(NOTE)}${first}`, ...more.map((line) => ' '.repeat(NOTE.length) + line), ''].join('\n');
  });
  const values = isChart
    ? seriesChart(computed, data.columns, bars(CHART_BARS), columns, paint)
    : valueTables(computed, time, bars(TABLE_BARS), width, paint);
  return `${headingText(data, paint)}\n${notes.join('')}\n${values}\n${summaryTable(computed, data.fromIndex, width, paint)}`;
}

/** `BTC/USDT 1h: 34,349 bars from 2020-01-01 00:00 to 2023-12-01 12:00 UTC, candles.csv`. */
function headingText({ market, timeframe, columns: { time }, fromIndex, file }: MarketData, paint: Paint): string {
  const bars = time.length - fromIndex;
  const count = `${groupedNumber(bars, 0)} ${bars === 1 ? 'bar' : 'bars'}`;
  const period = `from ${timeText(time[fromIndex]!)} to ${timeText(time.at(-1)!)} UTC`;
  return `${paint.bold(`${market} ${timeframe.name}`)}: ${count} ${period}, ${plainText(fileName(file))}`;
}
