import { fileName } from '#core/model/file-name.ts';
import { parseMarket } from '#core/model/market.ts';
import { sliceColumns, type Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { marketCalendar } from '#core/data/calendar/market-calendar.ts';
import { invalidData } from '#core/data/invalid-data.ts';
import { checkSeries, type QualityReport } from '#core/data/quality/check-series.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { usualMarket } from '#core/data/venues/usual-market.ts';
import { inBaseUnits, quoteVolumes } from '#core/data/venues/volume-units.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, timeframeOption } from '../option-values.ts';
import { calendarChoice, type CalendarOf } from './calendar-option.ts';
import { rawCandles } from './raw-input.ts';
import type { Watch } from './stoppable.ts';

/** A series of a venue that goes into a combined one. */
export interface VenueSeries {
  readonly report: QualityReport;
  /** The market in the one name that all venues share; null where nothing says it. */
  readonly market: string | null;
  /** Its bars on the common timeframe; a volume is NaN where it is not known. */
  readonly columns: Columns;
  /** Its volumes were in the quote currency, and are in base units now. */
  readonly isConverted: boolean;
}

export interface VenueSeriesList {
  readonly market: string;
  readonly timeframe: Timeframe;
  readonly series: readonly VenueSeries[];
}

/**
 * Reads series of one market and brings them to one timeframe: `--timeframe`, else the longest of them.
 * @throws StratError USAGE where the markets are not one, DATA_INVALID where one has errors, DATA_TIMEFRAME
 */
export async function venueSeries(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  names: readonly string[],
  watch: Watch,
): Promise<VenueSeriesList> {
  const calendarOf = await calendarChoice(command, input);
  const reports: QualityReport[] = [];
  for (const name of names) reports.push(await soundCandles(command, input, io, name, watch, calendarOf));
  const longest = reports.map(({ series }) => series.timeframe).toSorted((a, b) => b.stepMs - a.stepMs)[0]!;
  const timeframe = timeframeOption(command, input, 'timeframe') ?? longest;
  const markets = reports.map(({ series }, place) => usualMarket(series.market ?? '', venueOf(names[place]!))?.name ?? null);
  const market = marketOf(command, input, names, markets);
  const given = reports.map((report) => onTimeframe(report, timeframe));
  const volumes = choiceOption(command, input, 'volumes', ['convert', 'as-given'] as const) ?? 'convert';
  const inQuote = volumes === 'convert' ? quoteVolumes(given) : given.map(() => false);
  return {
    market,
    timeframe,
    series: reports.map((report, place) => {
      const isConverted = inQuote[place]!;
      // Bar by bar as they were given: the price of a longer bar is not that of all its parts.
      const columns = isConverted ? onTimeframe(inBase(report), timeframe) : given[place]!;
      return { report, market: markets[place]!, columns, isConverted };
    }),
  };
}

const inBase = (report: QualityReport): QualityReport => ({
  ...report,
  sound: { ...report.sound, columns: inBaseUnits(report.sound.columns) },
});

/** Where only errors are looked at. */
const anyCalendar: CalendarOf = () => ({ calendar: marketCalendar('24x7')!, reason: null });

/**
 * The candles of a file or of the store, without errors: whether rows with some may be left out is for who knows the data to say.
 * @throws StratError DATA_INVALID
 */
export async function soundCandles(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  name: string,
  watch: Watch,
  calendarOf: CalendarOf = anyCalendar,
): Promise<QualityReport> {
  const series = await rawCandles(command, input, io, name, watch, false);
  const { calendar, reason } = calendarOf(series);
  const report = checkSeries(series, { calendar, calendarReason: reason, now: null });
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return report;
  const list = errors.map(({ count, message, repair }) => ({
    code: 'read-as' as const,
    severity: 'error' as const,
    line: null,
    count,
    message,
    hint: repair === null ? 'Correct it' : `"strat data repair" with --apply ${repair} corrects it`,
  }));
  throw invalidData(report.series.name, errors.length, list);
}

function venueOf(name: string): string | null {
  const stored = /^([^:/\\]+):[^/\\]/.exec(name);
  return stored?.[1] ?? parseCandleFileName(fileName(name)).venue;
}

function marketOf(command: Command, input: CommandInput, names: readonly string[], markets: readonly (string | null)[]): string {
  const said = input.value('market');
  if (said !== undefined) {
    const market = parseMarket(said);
    if (market === null) throw usage(`--market takes a market such as BTC/USDT, found "${said}"`, command);
    return market.name;
  }
  const nameless = markets.indexOf(null);
  if (nameless >= 0) throw usage(`"${names[nameless]}" does not say its market; say it with --market`, command);
  const different = new Set(markets);
  const [only] = different;
  if (different.size === 1) return only!;
  throw usage(
    `These are several markets: ${[...different].join(', ')}; where they may stand for one another, say as what with --market`,
    command,
  );
}

function onTimeframe({ series, sound: { columns } }: QualityReport, timeframe: Timeframe): Columns {
  if (series.timeframe.stepMs > timeframe.stepMs)
    throw new StratError('DATA_TIMEFRAME', {
      from: series.timeframe.name,
      to: timeframe.name,
      reason: `"${series.name}" has the longer bars, and candles cannot be split`,
      hint: `Give --timeframe ${series.timeframe.name}`,
    });
  const known = series.hasVolume ? columns : { ...columns, volume: new Float64Array(columns.time.length).fill(NaN) };
  if (series.timeframe.name === timeframe.name) return known;
  const longer = resampleColumns(known, series.timeframe, timeframe);
  return longer.lastIsComplete ? longer.columns : sliceColumns(longer.columns, 0, longer.columns.time.length - 1);
}
