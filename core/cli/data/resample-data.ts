import { type BarRule, barRuleName, parseBarRule, SIZED_RULES } from '#core/data/bars-from-trades/bar-rule.ts';
import { barsFromTrades, type Trades } from '#core/data/bars-from-trades/bars-from-trades.ts';
import { COLUMN_RULES } from '#core/data/data-columns.ts';
import { readSeriesFile } from '#core/data/import/series-file.ts';
import { countText, minuteText } from '#core/data/quality/quality-text.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { SeriesRows } from '#core/data/store/series-rows.ts';
import type { StoredRows } from '#core/data/store/series-store.ts';
import { isTickFile, readTickFile } from '#core/data/tick-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, timeframeOption } from '../option-values.ts';
import { checkOutputs } from '../output-files.ts';
import { jsonText } from '../render/json-text.ts';
import { writeCandles } from './candle-output.ts';
import { type NamedSeries, namedSeries } from './raw-input.ts';
import { HOME_OPTION, JSON_OPTION } from './series-argument.ts';
import { stoppable, type Watch } from './stoppable.ts';
import { storedRows } from './stored-rows.ts';
import { isoOf } from './version-document.ts';

export const dataResampleCommand: Command = {
  name: 'data resample',
  summary: 'make longer candles of shorter ones, or bars of trades',
  usage: 'data resample FILE|VENUE:MARKET[@TF] (--timeframe LENGTH | --bars RULE) [--kind trades] [--out FILE] [--keep-last] [--json]',
  description: `Makes candles of a longer timeframe from candles, or from trades; or, with --bars, bars of trades that end by another rule than time: ${SIZED_RULES.map((kind) => `${kind}:SIZE`).join(', ')}. A bar of tick ends with that many trades, of volume and dollar with the trade that brings its base or quote units to the size (volume:10:split divides that trade, so that every bar holds exactly 10), of range with the trade that brings high and low so far apart; renko makes bricks.\n\nOf a series in the store the result is the series of that timeframe, or one of the kind bars with that rule, unless --out names a file. The last bar is left out unless it is known to be whole.`,
  options: [
    { name: 'timeframe', value: 'LENGTH', help: 'of the bars to make, such as 4h: a whole multiple of those that are there' },
    { name: 'bars', value: 'RULE', help: 'a rule for bars of trades, such as tick:100 or volume:10' },
    { name: 'kind', value: 'KIND', help: 'of a series in the store: candles, trades (candles)' },
    { name: 'out', value: 'FILE', help: 'write a file, .csv or .csv.gz' },
    { name: 'keep-last', help: 'keep a last bar that may not be whole' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data resample binance:BTC/USDT@1h --timeframe 4h',
    'strat data resample binance_BTC-USDT_5m.csv.gz --timeframe 1h --out binance_BTC-USDT_1h.csv.gz',
    'strat data resample trades.csv.gz --bars dollar:1_000_000 --out dollars.csv',
  ],
  async run(input, io) {
    const [name, more] = input.args;
    if (name === undefined || more !== undefined) throw usage('Name one file, or a series as in binance:BTC/USDT@1h', dataResampleCommand);
    const rule = ruleOption(input);
    const out = input.value('out');
    checkOutputs(dataResampleCommand, input, ['out'], [name]);
    return stoppable(io, 'nothing was written', async (watch) => {
      const source = await sourceOf(name, input, io, watch);
      try {
        if (out === undefined && source.named === null) throw usage('--out says where the bars go', dataResampleCommand);
        const made = barsOf(source, rule);
        const isLeftOut = !made.lastIsWhole && !input.flag('keep-last') && made.columns.time.length > 0;
        const count = made.columns.time.length - (isLeftOut ? 1 : 0);
        const columns = sliceColumns(made.columns, 0, count);
        let written: object = { file: out };
        let place = plainText(out ?? '', Infinity);
        if (out !== undefined) writeCandles(out, columns);
        else {
          const { store, key } = source.named!;
          const target = { ...key, kind: rule.kind === 'time' ? ('candles' as const) : ('bars' as const), timeframe: barRuleName(rule) };
          if (target.timeframe === key.timeframe) throw usage(`The bars are ${key.timeframe} already`, dataResampleCommand);
          const further = Object.fromEntries(made.further.map(([column, values]) => [column, values.subarray(0, count)]));
          const details = {
            tool: `strat ${STRAT_VERSION}`,
            from: seriesName(key),
            version: source.stored!.version,
            digest: source.stored!.digest,
          };
          const rows = { length: count, columns: { ...columns, ...further } };
          const provenance = { source: `resample ${key.timeframe ?? key.kind}`, details };
          // Where trades begin earlier than before, all bars by a rule other than time are others.
          const before = target.kind === 'bars' ? store.find(target) : null;
          const isOther = before !== null && before.from !== columns.time[0];
          const report = isOther ? await store.replace(target, rows, provenance) : await store.merge(target, rows, provenance);
          written = { ...target, version: report.version, digest: report.digest };
          place = `${seriesName(target)}, ${report.isNew ? `version ${report.version}` : 'as it was'}`;
        }
        const [from, to] = [columns.time[0] ?? null, columns.time.at(-1) ?? null];
        if (input.flag('json'))
          io.out(
            jsonText({
              schema: 'strat.data-resample/1',
              source: source.name,
              rule: barRuleName(rule),
              bars: count,
              from: isoOf(from),
              to: isoOf(to),
              lastLeftOut: isLeftOut,
              tradesLeft: made.left,
              ...written,
            }),
          );
        else {
          const range = from === null || to === null ? '' : `, ${minuteText(from)} to ${minuteText(to)} (UTC)`;
          const left = made.left > 0 ? `; ${countText(made.left, 'trade')} behind the last whole one` : '';
          io.out(
            `${place}: ${countText(count, 'bar')} of ${barRuleName(rule)}${range}${left}${isLeftOut ? '; the last one is left out, as it may not be whole (--keep-last)' : ''}\n`,
          );
        }
        return 0;
      } finally {
        source.named?.store.close();
      }
    });
  },
};

/** What bars are made of: candles or trades, of a file or of the store. */
interface Source {
  readonly name: string;
  readonly named: NamedSeries | null;
  readonly stored: StoredRows | null;
  readonly candles: {
    readonly columns: Columns;
    readonly timeframe: Timeframe;
    readonly further: readonly (readonly [MarketColumn, Float64Array])[];
  } | null;
  readonly trades: Trades | null;
}

async function sourceOf(name: string, input: CommandInput, io: CommandIo, watch: Watch): Promise<Source> {
  const kind = choiceOption(dataResampleCommand, input, 'kind', ['candles', 'trades'] as const) ?? 'candles';
  const named = namedSeries(dataResampleCommand, input, io, name, kind);
  if (named !== null) {
    const stored = await storedRows(named, watch);
    const of = { name: seriesName(named.key), named, stored };
    return kind === 'trades'
      ? { ...of, candles: null, trades: tradesOf(stored) }
      : {
          ...of,
          candles: { columns: candlesOf(stored), timeframe: parseTimeframe(named.key.timeframe!)!, further: furtherOf(stored) },
          trades: null,
        };
  }
  const of = { name: plainText(name, Infinity), named: null, stored: null };
  if (isTickFile(name)) {
    const { ticks } = readTickFile(name);
    if (ticks.kind === 'quotes') throw usage(`"${of.name}" holds quotes; bars are made of trades`, dataResampleCommand);
    return { ...of, candles: null, trades: ticks };
  }
  const { kind: found, rows, timeframe } = await readSeriesFile(name, watch);
  if (found === 'trades') return { ...of, candles: null, trades: tradesOf(rows) };
  return { ...of, candles: { columns: candlesOf(rows), timeframe: timeframe!, further: furtherOf(rows) }, trades: null };
}

const candlesOf = ({ columns: { time, open, high, low, close, volume } }: SeriesRows): Columns => ({
  time: time!,
  open: open!,
  high: high!,
  low: low!,
  close: close!,
  volume: volume!,
});
const tradesOf = ({ columns: { time, price, qty } }: SeriesRows): Trades => ({ time: time!, price: price!, qty: qty! });
const furtherOf = ({ columns }: SeriesRows): readonly (readonly [MarketColumn, Float64Array])[] =>
  (Object.keys(COLUMN_RULES) as MarketColumn[]).flatMap((name) => (columns[name] === undefined ? [] : [[name, columns[name]] as const]));

function ruleOption(input: CommandInput): BarRule {
  const timeframe = timeframeOption(dataResampleCommand, input, 'timeframe');
  const text = input.value('bars');
  if ((timeframe === null) === (text === undefined))
    throw usage('Say what to make: --timeframe 4h, or --bars volume:10', dataResampleCommand);
  if (timeframe !== null) return { kind: 'time', timeframe };
  const rule = parseBarRule(text!);
  if (rule === null)
    throw usage(
      `--bars takes ${SIZED_RULES.map((kind) => `${kind}:SIZE`).join(', ')} (volume and dollar also with :split), found "${text}"`,
      dataResampleCommand,
    );
  return rule;
}

interface MadeBars {
  readonly columns: Columns;
  readonly further: readonly (readonly [string, Float64Array])[];
  readonly lastIsWhole: boolean;
  /** Trades behind the last bar. */
  readonly left: number;
}

function barsOf({ candles, trades, name }: Source, rule: BarRule): MadeBars {
  if (trades !== null) {
    if (trades.qty.length === 0 && (rule.kind === 'volume' || rule.kind === 'dollar'))
      throw usage(`The trades of "${name}" have no quantities`, dataResampleCommand);
    const { columns, left } = barsFromTrades(trades, rule);
    const last = columns.time.at(-1);
    const end = rule.kind === 'time' && last !== undefined ? nextOpen(rule.timeframe, last) : -Infinity;
    return { columns, further: [], left, lastIsWhole: (trades.time.at(-1) ?? Infinity) >= end };
  }
  if (rule.kind !== 'time' || candles === null)
    throw new StratError('DATA_FORMAT', {
      file: name,
      line: 1,
      reason: 'it holds candles',
      hint: 'Bars by a rule other than time are made of trades',
    });
  const merged = candles.further.map(([column, values]) => ({ values, merging: COLUMN_RULES[column].merging }));
  const { columns, values, lastIsComplete } = resampleColumns(candles.columns, candles.timeframe, rule.timeframe, merged);
  return { columns, further: candles.further.map(([column], at) => [column, values[at]!] as const), left: 0, lastIsWhole: lastIsComplete };
}
