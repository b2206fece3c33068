import { existsSync } from 'node:fs';
import { type BookRecordingReport, isBookRecording, replayBookRecording } from '#core/data/quality/book-recording.ts';
import { checkSeries, type QualityReport } from '#core/data/quality/check-series.ts';
import { compareSources, type SourceComparison } from '#core/data/quality/compare-sources.ts';
import type { Place, QualityFinding } from '#core/data/quality/quality-finding.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { CheckedSource } from '#core/runtime/report/quality/quality-report.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { checkOutputs, writeOutput } from '../output-files.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { qualityText, recordingText } from '../render/quality-text.ts';
import { CALENDAR_OPTION, calendarChoice } from './calendar-option.ts';
import { rawCandles } from './raw-input.ts';
import { HOME_OPTION, JSON_OPTION } from './series-argument.ts';
import { stoppable, type Watch } from './stoppable.ts';
import { isoOf } from './version-document.ts';

export const dataValidateCommand: Command = {
  name: 'data validate',
  summary: 'check candles of files or of the store, and recorded order books',
  usage: 'data validate FILE|VENUE:MARKET@TF... [--against FILE|VENUE:MARKET@TF] [--calendar NAME] [--report FILE] [--json]',
  description:
    'Checks candles line by line and as a whole: order, duplicates, grid, gaps, impossible prices, spikes, jumps, splits that were not adjusted, prices that stand still, a last bar that had not ended. Each finding says where it is, what it does to a backtest, and which repair could be applied; nothing is changed. Findings are errors, warnings or notes, and an error makes the exit code 1. docs/data.md has a line for each.\n\nA recording of an order book (a receive time in ns and a message of Binance as JSON a line) is replayed: messages that are missing, and books that cross, are its findings.',
  options: [
    { name: 'against', value: 'SOURCE', help: 'compare with a second source of the same market and timeframe' },
    CALENDAR_OPTION,
    CONFIG_OPTION,
    { name: 'timeframe', value: 'LENGTH', help: 'length of the bars in files, such as 1h (what the name or the bars say)' },
    { name: 'report', value: 'FILE', help: 'write a report as one HTML file' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data validate binance_BTC-USDT_1h.csv.gz',
    'strat data validate SPY_1d.csv --calendar xnys --report quality.html',
    'strat data validate binance:BTC/USDT@1h --against kraken:BTC/USDT@1h --json',
  ],
  async run(input, io) {
    if (input.args.length === 0) throw usage('Name a file, or a series as in binance:BTC/USDT@1h', dataValidateCommand);
    const calendarOf = await calendarChoice(dataValidateCommand, input);
    const against = input.value('against');
    if (against !== undefined && input.args.length > 1) throw usage('--against compares one series with another', dataValidateCommand);
    checkOutputs(dataValidateCommand, input, ['report'], [...input.args, ...(against === undefined ? [] : [against])]);
    const checked: CheckedSource[] = [];
    const recordings: BookRecordingReport[] = [];
    const width = io.isTerminal ? Math.min(io.width, 120) : 80;
    const paint = painter(io.color);
    const texts: string[] = [];
    return stoppable(io, 'nothing is changed', async (watch) => {
      for (const name of input.args) {
        if (existsSync(name) && isBookRecording(name)) {
          if (against !== undefined || input.value('report') !== undefined)
            throw usage('--against and --report are for candles', dataValidateCommand);
          const recording = replayBookRecording(name);
          recordings.push(recording);
          texts.push(recordingText(recording, width, paint));
          continue;
        }
        const series = await rawCandles(dataValidateCommand, input, io, name, watch);
        const { calendar, reason } = calendarOf(series);
        const report = checkSeries(series, { calendar, calendarReason: reason, now: Date.now() });
        const comparison = against === undefined ? null : await comparedWith(against, report, input, io, watch);
        checked.push({ report, comparison });
        texts.push(qualityText(report, comparison, width, paint));
      }
      const target = input.value('report');
      if (target !== undefined) {
        const { renderQualityReport } = await import('#core/runtime/report/quality/quality-report.ts');
        writeOutput(target, renderQualityReport(checked));
      }
      if (input.flag('json')) {
        const books = recordings.map((recording) => ({ ...recording, findings: recording.findings.map(findingDocument) }));
        io.out(
          jsonText({ schema: 'strat.data-validate/1', series: checked.map(reportDocument), ...(books.length === 0 ? {} : { books }) }),
        );
      } else io.out(texts.join('\n'));
      const findings = [...checked.map(({ report }) => report), ...recordings].flatMap((one) => one.findings);
      return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    });
  },
};

async function comparedWith(
  against: string,
  report: QualityReport,
  input: CommandInput,
  io: CommandIo,
  watch: Watch,
): Promise<SourceComparison> {
  const other = checkSeries(await rawCandles(dataValidateCommand, input, io, against, watch), { calendar: report.calendar, now: null });
  const [ours, theirs] = [report.series.timeframe.name, other.series.timeframe.name];
  if (ours !== theirs)
    throw new StratError('DATA_TIMEFRAME', {
      from: theirs,
      to: ours,
      reason: 'two sources are compared bar by bar',
      hint: `Give --against data of ${ours} bars`,
    });
  return compareSources(report, other, report.series.timeframe);
}

function reportDocument({ report, comparison }: CheckedSource): object {
  const { series, calendar, calendarReason, from, to, expected, missing, gaps, findings, sound } = report;
  return {
    name: series.name,
    market: series.market,
    timeframe: series.timeframe.name,
    calendar: calendar.name,
    calendarReason,
    rows: series.columns.time.length,
    bars: sound.columns.time.length,
    from: isoOf(from),
    to: isoOf(to),
    expected,
    missing,
    gaps: gaps.length,
    findings: findings.map(findingDocument),
    ...(comparison === null ? {} : { comparison: { ...comparison, findings: comparison.findings.map(findingDocument) } }),
  };
}

export const findingDocument = ({ places, ...finding }: QualityFinding): object => ({ ...finding, places: places.map(placeDocument) });
const placeDocument = ({ time, line, text, until, bars }: Place): object => ({
  time: isoOf(time),
  ...(until === undefined ? {} : { until: isoOf(until), bars }),
  line,
  text,
});
