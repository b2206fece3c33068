import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { countText, grouped, minuteText } from '#core/data/quality/quality-text.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { COMBINE_RULES, type CombinedVenues, type CombineRule, combineVenues } from '#core/data/venues/combine-venues.ts';
import { compareVenues } from '#core/data/venues/compare-venues.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, rateOption } from '../option-values.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { checkOutputs } from '../output-files.ts';
import { alignedTable, wrapped } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { comparisonText } from '../render/quality-text.ts';
import { CALENDAR_OPTION } from './calendar-option.ts';
import { writeCandles } from './candle-output.ts';
import { type VenueSeriesList, venueSeries } from './combine-series.ts';
import { namedSeries } from './raw-input.ts';
import { HOME_OPTION, JSON_OPTION, storeOf } from './series-argument.ts';
import { stoppable, type Watch } from './stoppable.ts';
import { findingDocument } from './validate-data.ts';
import { isoOf } from './version-document.ts';

const RULES = Object.keys(COMBINE_RULES) as CombineRule[];

export const dataCombineCommand: Command = {
  name: 'data combine',
  summary: 'make one series of the bars of several venues, and tell what is odd between them',
  usage:
    'data combine FILE|VENUE:MARKET@TF FILE|VENUE:MARKET@TF... --rule RULE (--as VENUE | --out FILE) [--market MARKET] [--timeframe LENGTH] [--most-deviation SHARE] [--json]',
  description: `Makes one series of several of one market. ${RULES.map((rule) => `${rule}: ${COMBINE_RULES[rule]}`).join('. ')}. A bar exists where one of the venues has one, and is made of bars of its own time alone. Shorter bars are made into those of the longest first.\n\nNames of venues are brought to one: XBT/USD, XBTUSD and BTC-USD are BTC/USD. Other quotes are other markets: --market says as what they stand for one another.\n\nEach venue is compared with the median of the others: prices that are off, times that are moved, a feed that stood still, volumes in another unit. Findings are told and change nothing; --most-deviation leaves bars out.`,
  options: [
    { name: 'rule', value: 'RULE', help: RULES.join(', ') },
    { name: 'as', value: 'VENUE', help: 'name of the venue under which the store keeps the result, such as index' },
    { name: 'out', value: 'FILE', help: 'write a file instead, .csv or .csv.gz' },
    { name: 'market', value: 'MARKET', help: 'of the result (that of the series, where it is one)' },
    { name: 'timeframe', value: 'LENGTH', help: 'of the result (the longest of the series)' },
    {
      name: 'most-deviation',
      value: 'SHARE',
      help: 'leave out a bar whose close is farther from the median of the venues, such as 2%; with three of them or more (none)',
    },
    {
      name: 'volumes',
      value: 'HOW',
      help: 'convert: volumes of a venue that are larger by about the price are those of the quote currency, and are divided by the close of each bar; as-given: they stay (convert)',
    },
    CALENDAR_OPTION,
    CONFIG_OPTION,
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data combine binance:BTC/USDT@1h okx:BTC/USDT@1h bybit:BTC/USDT@1h --rule vwap --as index',
    'strat data combine kraken_XBT-USD_1m.csv.gz coinbase_BTC-USD_1m.csv.gz --rule first --out both_BTC-USD_1m.csv.gz',
    'strat data combine a:BTC/USD b:BTC/USDT c:BTC/USDC --market BTC/USD --rule median --most-deviation 1% --as median',
  ],
  async run(input, io) {
    const names = input.args;
    if (names.length < 2) throw usage('Name two series or more, as in binance:BTC/USDT@1h kraken:BTC/USDT@1h', dataCombineCommand);
    const twice = names.find((name, place) => names.indexOf(name) < place);
    if (twice !== undefined) throw usage(`"${twice}" is named twice`, dataCombineCommand);
    const rule = choiceOption(dataCombineCommand, input, 'rule', RULES);
    if (rule === undefined) throw usage(`Say how with --rule: ${RULES.join(', ')}`, dataCombineCommand);
    const [venue, out] = [input.value('as'), input.value('out')];
    if ((venue === undefined) === (out === undefined))
      throw usage('Say where the result goes: --as VENUE for the store, or --out FILE', dataCombineCommand);
    const most = rateOption(dataCombineCommand, input, 'most-deviation') ?? Infinity;
    checkOutputs(dataCombineCommand, input, ['out'], names);
    return stoppable(io, 'nothing was written', async (watch) => combine({ input, io, names, rule, most, venue, out, watch }));
  },
};

interface CombineRequest {
  readonly input: CommandInput;
  readonly io: CommandIo;
  readonly names: readonly string[];
  readonly rule: CombineRule;
  readonly most: number;
  readonly venue: string | undefined;
  readonly out: string | undefined;
  readonly watch: Watch;
}

async function combine({ input, io, names, rule, most, venue, out, watch }: CombineRequest): Promise<ExitCode> {
  const list = await venueSeries(dataCombineCommand, input, io, names, watch);
  if (rule === 'vwap')
    for (const { report } of list.series)
      if (!report.series.hasVolume)
        throw usage(`"${report.series.name}" has no volumes to weigh it by: take --rule median`, dataCombineCommand);
  const combined = combineVenues(
    list.series.map(({ columns }) => columns),
    rule,
    most,
  );
  const comparisons = compareVenues(
    list.series.map(({ report, columns }) => ({
      series: { ...report.series, lines: null },
      sound: { columns, rows: Uint32Array.from(columns.time, (_, row) => row) },
    })),
    list.timeframe,
  );
  watch.signal.throwIfAborted();
  const written = out === undefined ? await stored(input, io, names, list, combined, rule, most, venue!) : writtenTo(out, combined);
  const { time } = combined.columns;
  const [from, to] = [time[0] ?? null, time.at(-1) ?? null];
  const parts = list.series.map(({ report, market, isConverted }, place) => ({
    name: report.series.name,
    market,
    volumes: isConverted ? 'quote, divided by the close' : 'as given',
    ...combined.parts[place]!,
  }));
  if (input.flag('json')) {
    io.out(
      jsonText({
        schema: 'strat.data-combine/1',
        rule,
        mostDeviation: most === Infinity ? null : most,
        market: list.market,
        timeframe: list.timeframe.name,
        bars: time.length,
        from: isoOf(from),
        to: isoOf(to),
        parts,
        comparisons: comparisons.map(({ name, comparison }) => ({
          name,
          ...comparison,
          findings: comparison.findings.map(findingDocument),
        })),
        ...written.document,
      }),
    );
    return 0;
  }
  const paint = painter(io.color);
  const width = io.isTerminal ? Math.min(io.width, 120) : 80;
  const range = from === null || to === null ? '' : `, ${minuteText(from)} to ${minuteText(to)} (UTC)`;
  const table = alignedTable(
    [
      { title: 'venue', text: ({ name }) => plainText(name, Infinity), rank: 0 },
      { title: 'bars', isNumber: true, text: ({ bars }) => grouped(bars), rank: 0 },
      { title: 'taken', isNumber: true, text: ({ used }) => grouped(used), rank: 0 },
      { title: 'left out', isNumber: true, text: ({ leftOut }) => grouped(leftOut), rank: 1 },
      { title: 'missing', isNumber: true, text: ({ missing }) => grouped(missing), rank: 1 },
    ],
    parts,
    width,
    paint,
  );
  const odd = comparisons.map(({ name, comparison }) => comparisonText(name, comparison, width, paint));
  io.out(`${written.place}: ${countText(time.length, 'bar')} of ${list.timeframe.name} of ${list.market}${range}, ${rule}\n\n`);
  const converted = list.series.flatMap(({ report, isConverted }) => {
    const text = `Volumes of ${plainText(report.series.name, Infinity)} are in the quote currency, by their size beside the others: they were divided by the close of each bar. --volumes as-given leaves them.`;
    return isConverted ? [...wrapped(text, width), ''] : [];
  });
  io.out([...table, '', ...converted, ...odd].join('\n'));
  return 0;
}

interface Written {
  readonly place: string;
  readonly document: object;
}

/** Files have no word for a volume that nobody knows: it is 0 there, as the reader of candles has it. */
function writtenTo(file: string, { columns }: CombinedVenues): Written {
  writeCandles(file, { ...columns, volume: columns.volume.map((volume) => (Number.isNaN(volume) ? 0 : volume)) });
  return { place: plainText(file, Infinity), document: { file } };
}

/** Rows of an earlier run by the same rule are joined, so that their version is the new one where nothing changed; those of another rule go. */
async function stored(
  input: CommandInput,
  io: CommandIo,
  names: readonly string[],
  { market, timeframe, series }: VenueSeriesList,
  { columns }: CombinedVenues,
  rule: CombineRule,
  most: number,
  venue: string,
): Promise<Written> {
  const store = storeOf(input, io);
  try {
    const key = { venue, market, kind: 'candles', timeframe: timeframe.name } as const;
    const own = names.find((_, place) => series[place]!.report.series.name === seriesName(key));
    if (own !== undefined) throw usage(`"${own}" is one of the series: choose another name with --as`, dataCombineCommand);
    const parts = names.map((name) => partOf(input, io, store, name));
    const details = {
      tool: `strat ${STRAT_VERSION}`,
      rule,
      mostDeviation: most === Infinity ? null : most,
      venues: names.length,
      converted: JSON.stringify(series.filter(({ isConverted }) => isConverted).map(({ report }) => report.series.name)),
      parts: JSON.stringify(parts),
    };
    const before = store.find(key);
    const isOther =
      before !== null &&
      (before.provenance.details?.['rule'] !== rule ||
        before.provenance.details?.['mostDeviation'] !== details.mostDeviation ||
        (before.provenance.details?.['converted'] ?? '[]') !== details.converted ||
        namesOf(before.provenance.details?.['parts']) !== namesOf(details.parts));
    const rows = { length: columns.time.length, columns: { ...columns } };
    const provenance = { source: `combine ${rule}`, details };
    const report = isOther ? await store.replace(key, rows, provenance) : await store.merge(key, rows, provenance);
    return {
      place: `${seriesName(key)}, ${report.isNew ? `version ${report.version}` : 'as it was'}`,
      document: { ...key, version: report.version, digest: report.digest },
    };
  } finally {
    store.close();
  }
}

interface Part {
  readonly name: string;
  readonly version: number | null;
  readonly digest: string;
}

/** What exactly went into a series: a version of the store, or the bytes of a file. */
function partOf(input: CommandInput, io: CommandIo, store: SeriesStore, name: string): Part {
  const named = namedSeries(dataCombineCommand, input, io, name);
  if (named === null) return { name, version: null, digest: createHash('sha256').update(readFileSync(name)).digest('hex') };
  named.store.close();
  const { version, digest } = store.find(named.key)!;
  return { name: seriesName(named.key), version, digest };
}

const namesOf = (parts: unknown): string =>
  typeof parts === 'string' ? (JSON.parse(parts) as readonly Part[]).map(({ name }) => name).join(' ') : '';
