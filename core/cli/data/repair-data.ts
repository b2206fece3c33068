import type { ChosenCalendar } from '#core/data/calendar/usual-calendar.ts';
import { REPAIRS, type RepairName } from '#core/data/quality/quality-rules.ts';
import { countText, grouped } from '#core/data/quality/quality-text.ts';
import { FindingLog } from '#core/data/finding.ts';
import { invalidData } from '#core/data/invalid-data.ts';
import { barText, repairNames, type RepairedRow, type RepairedSeries, repairSeries } from '#core/data/quality/repair-series.ts';
import { readRawFile } from '#core/data/quality/raw-file.ts';
import type { RawSeries } from '#core/data/quality/raw-series.ts';
import type { MergeReport } from '#core/data/store/series-store.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import type { Command, CommandInput } from '../command.ts';
import { usage } from '../command-line.ts';
import { timeframeOption } from '../option-values.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { checkOutputs, replaceFile } from '../output-files.ts';
import { jsonText } from '../render/json-text.ts';
import { placeText } from '../render/quality-text.ts';
import { CALENDAR_OPTION, calendarChoice } from './calendar-option.ts';
import { writeCandles } from './candle-output.ts';
import { type NamedSeries, namedSeries, storedCandles } from './raw-input.ts';
import { HOME_OPTION, JSON_OPTION } from './series-argument.ts';
import { stoppable } from './stoppable.ts';
import { isoOf } from './version-document.ts';

/** Of the changes; the record has all. */
const SHOWN = 10;
/** Changes that the provenance of a version says one by one; "strat data diff" shows the others. */
const RECORDED = 100;

export const dataRepairCommand: Command = {
  name: 'data repair',
  summary: 'apply repairs that "data validate" names; the original stays',
  usage: 'data repair FILE|VENUE:MARKET@TF --apply REPAIR[,REPAIR...] [--out FILE] [--calendar NAME] [--json]',
  description: `Applies the repairs that are asked for, and no other, in this order: ${Object.entries(REPAIRS)
    .map(([name, what]) => `${name} ${what}`)
    .join(
      '; ',
    )}.\n\nA file stays as it is: the result goes to --out, and beside it FILE.repairs.json says which rows were changed, from what to what. Of a series in the store a new version is made whose provenance says the same; the version before is pinned. What still has errors is not written.`,
  options: [
    { name: 'apply', value: 'REPAIRS', help: 'which, with commas between them' },
    { name: 'out', value: 'FILE', help: 'where the repaired candles of a file go: .csv or .csv.gz' },
    CALENDAR_OPTION,
    CONFIG_OPTION,
    { name: 'timeframe', value: 'LENGTH', help: 'length of the bars in a file, such as 1h (what the name or the bars say)' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data repair bitfinex_LTC-USD_1m.csv.gz --apply drop-spikes --out fixed_LTC-USD_1m.csv.gz',
    'strat data repair binance:BTC/USDT@1h --apply fill-flat,fix-high-low',
  ],
  async run(input, io) {
    const [name, more] = input.args;
    if (name === undefined || more !== undefined) throw usage('Name one file, or a series as in binance:BTC/USDT@1h', dataRepairCommand);
    const repairs = repairsOption(input);
    const calendarOf = await calendarChoice(dataRepairCommand, input);
    const out = input.value('out');
    const named = namedSeries(dataRepairCommand, input, io, name);
    if (named === null && out === undefined)
      throw usage('--out says where the repaired candles go; the file stays as it is', dataRepairCommand);
    if (named !== null && out !== undefined)
      throw usage('A repair of the store makes a new version of the series; "strat data export" writes it', dataRepairCommand);
    checkOutputs(dataRepairCommand, input, ['out'], [name]);
    return stoppable(io, 'nothing was written', async (watch) => {
      const series =
        named === null
          ? await readRawFile(name, timeframeOption(dataRepairCommand, input, 'timeframe'), watch)
          : await storedCandles(named, watch);
      const chosen = calendarOf(series);
      const { calendar } = chosen;
      const repaired = repairSeries(series, repairs, calendar);
      refuseErrors(series, repairs, repaired);
      const changes = repaired.changes.map(changeDocument);
      const record = {
        schema: 'strat.data-repair/1',
        source: series.name,
        tool: `strat ${STRAT_VERSION}`,
        repairs,
        calendar: calendar.name,
        rows: repaired.columns.time.length,
        changed: changes.length,
      };
      watch.signal.throwIfAborted();
      let made: MergeReport | null = null;
      if (named === null) {
        writeCandles(out!, repaired.columns);
        replaceFile(`${out!}.repairs.json`, jsonText({ ...record, changes }));
      } else {
        made = changes.length === 0 ? null : await storeRepaired(named, repaired, repairs, changes);
        named.store.close();
      }
      if (input.flag('json'))
        io.out(
          jsonText({
            ...record,
            ...(named === null
              ? { file: out, record: `${out!}.repairs.json` }
              : { version: made?.version ?? null, digest: made?.digest ?? null }),
            changes,
          }),
        );
      else
        io.out(
          repairText(
            series,
            chosen,
            repaired,
            named === null ? `${plainText(out!, Infinity)} and its record ${plainText(out!, Infinity)}.repairs.json` : versionText(made),
          ),
        );
      return 0;
    });
  },
};

function repairsOption(input: CommandInput): readonly RepairName[] {
  const known = repairNames();
  const text = input.value('apply');
  if (text === undefined) throw usage(`Say which repairs with --apply: ${known.join(', ')}`, dataRepairCommand);
  return text.split(',').map((word) => {
    const name = known.find((one) => one === word.trim());
    if (name === undefined) throw usage(`--apply takes ${known.join(', ')}, found "${word}"`, dataRepairCommand);
    return name;
  });
}

/** What is left after the repairs has to be candles. */
function refuseErrors(series: RawSeries, repairs: readonly RepairName[], { columns }: RepairedSeries): void {
  // Rows that could not be read are not among the columns: they may be left out only where that was asked for.
  const log = repairs.includes('drop-bad-rows') ? new FindingLog() : series.log;
  const errors = log.list().filter(({ code }) => ['column-count', 'bad-number', 'not-finite', 'bad-time', 'time-unit'].includes(code));
  if (errors.length > 0) throw invalidData(series.name, errors.length, errors.slice(0, 20));
  let last = -Infinity;
  for (const [row, time] of columns.time.entries()) {
    const [open, high, low, close, volume] = [
      columns.open[row]!,
      columns.high[row]!,
      columns.low[row]!,
      columns.close[row]!,
      columns.volume[row]!,
    ];
    const isBad = !(low > 0 && high >= Math.max(open, close) && low <= Math.min(open, close) && volume >= 0);
    if (!isBad && time > last) {
      last = time;
      continue;
    }
    const hint = isBad ? 'Add fix-high-low or drop-bad-rows' : 'Add sort and drop-duplicates';
    const message = `the bar of ${new Date(time).toISOString()} is still ${isBad ? 'none' : 'not later than the one before it'}`;
    throw invalidData(series.name, 1, [
      { code: isBad ? 'bad-price' : 'time-back', severity: 'error', line: null, count: 1, message, hint },
    ]);
  }
}

async function storeRepaired(
  { store, key }: NamedSeries,
  { columns, rows }: RepairedSeries,
  repairs: readonly RepairName[],
  changes: readonly object[],
): Promise<MergeReport> {
  const before = await store.read(key);
  const own = new Set(Object.keys(columns));
  const further = Object.entries(before.columns).filter(([name]) => !own.has(name));
  const pick = (column: Float64Array): Float64Array => {
    const picked = sharedDoubles(rows.length);
    for (const [at, row] of rows.entries()) picked[at] = row < 0 ? NaN : column[row]!;
    return picked;
  };
  // A volume that nobody knows stays so.
  const volumes = pick(before.columns['volume']!);
  const volume = columns.volume.map((value, at) => (rows[at]! >= 0 && Number.isNaN(volumes[at]!) ? NaN : value));
  const all = { ...columns, volume, ...Object.fromEntries(further.map(([name, column]) => [name, pick(column)])) };
  const details = {
    tool: `strat ${STRAT_VERSION}`,
    repairs: repairs.join(','),
    from: before.version,
    fromDigest: before.digest,
    changed: changes.length,
    changes: JSON.stringify(changes.slice(0, RECORDED)),
  };
  return store.replace(key, { length: rows.length, columns: all }, { source: `repair ${repairs.join(',')}`, details });
}

const changeDocument = ({ time, before, after, ...change }: RepairedRow): object => ({ ...change, time: isoOf(time), before, after });

function versionText(made: MergeReport | null): string {
  return made === null
    ? 'nothing: there was nothing to repair'
    : `version ${made.version}; the one before is kept as before-${made.version}`;
}

function repairText({ name }: RawSeries, calendar: ChosenCalendar, { changes, columns }: RepairedSeries, written: string): string {
  const counts = Map.groupBy(changes, ({ repair }) => repair);
  const lines = [plainText(name, Infinity), `  ${countText(changes.length, 'change')}, ${countText(columns.time.length, 'bar')} now`];
  if (calendar.reason !== null) lines.push(`  by the calendar ${calendar.calendar.name}, as ${calendar.reason}`);
  for (const [repair, of] of counts) {
    lines.push('', `${repair}: ${grouped(of.length)}`);
    for (const change of of.slice(0, SHOWN))
      lines.push(
        `  ${placeText({ ...change, weight: 0 })}${change.before !== null && change.after === null ? ` (${barText(change.before)})` : ''}`,
      );
    if (of.length > SHOWN) lines.push(`  ... and ${grouped(of.length - SHOWN)} more`);
  }
  return `${lines.join('\n')}\n\nWritten: ${written}\n`;
}
