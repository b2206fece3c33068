import { gzipSync } from 'node:zlib';
import { csvLines } from '#core/data/export/row-text.ts';
import { countText, minuteText } from '#core/data/quality/quality-text.ts';
import { lastClosedRows } from '#core/data/venues/align-bars.ts';
import { nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { checkOutputs, replaceFile } from '../output-files.ts';
import { jsonText } from '../render/json-text.ts';
import { soundCandles } from './combine-series.ts';
import { HOME_OPTION, JSON_OPTION } from './series-argument.ts';
import { stoppable, type Watch } from './stoppable.ts';
import { isoOf } from './version-document.ts';

const MOST_AGE = '7d';

export const dataAlignCommand: Command = {
  name: 'data align',
  summary: 'put the closes of several markets side by side, as they were known at each bar',
  usage: 'data align FILE|VENUE:MARKET@TF FILE|VENUE:MARKET@TF... --out FILE [--most-age LENGTH] [--json]',
  description:
    'Writes one CSV whose rows are the bars of the first series: when each opens, its close, and of every other series the close of its last bar that had closed by then. Venues, timeframes, hours and holidays may differ: nothing that came later is in a row. A field is empty where the last close is older than --most-age, or there is none yet.',
  options: [
    { name: 'out', value: 'FILE', help: 'the file to write, .csv or .csv.gz' },
    { name: 'most-age', value: 'LENGTH', help: `how old a close may be when a bar closes, such as 2h or 3d (${MOST_AGE})` },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data align binance_BTC-USDT_1h.csv.gz us_SPY-USD_1d.csv.gz --out aligned.csv',
    'strat data align a:EUR/USD@1h b:XAU/USD@1d --most-age 3d --out aligned.csv',
  ],
  async run(input, io) {
    const names = input.args;
    if (names.length < 2) throw usage('Name two series or more; the bars of the first are the rows', dataAlignCommand);
    const out = input.value('out');
    if (out === undefined) throw usage('--out says where the table goes', dataAlignCommand);
    const mostAge = parseTimeframe(input.value('most-age') ?? MOST_AGE);
    if (mostAge === null) throw usage(`--most-age takes a length such as 3d, found "${input.value('most-age')}"`, dataAlignCommand);
    checkOutputs(dataAlignCommand, input, ['out'], names);
    return stoppable(io, 'nothing was written', async (watch) => align(input, io, { names, out, mostAge }, watch));
  },
};

interface AlignRequest {
  readonly names: readonly string[];
  readonly out: string;
  readonly mostAge: Timeframe;
}

async function align(input: CommandInput, io: CommandIo, { names, out, mostAge }: AlignRequest, watch: Watch): Promise<ExitCode> {
  const reports = [];
  for (const name of names) reports.push(await soundCandles(dataAlignCommand, input, io, name, watch));
  const titles = reports.map(({ series }) => (series.market === null ? series.name : series.name.replaceAll(/[",\n]/g, '_')));
  const [{ sound, series }] = reports as [(typeof reports)[number]];
  const closes = closesOf(sound.columns.time, series.timeframe);
  const known: Float64Array[] = reports.map(({ sound: { columns }, series: of }) => {
    const rows = lastClosedRows(closes, closesOf(columns.time, of.timeframe), mostAge.stepMs);
    return Float64Array.from(rows, (row) => (row < 0 ? NaN : columns.close[row]!));
  });
  const places = known.map((_, place) => `c${place}`);
  const columns = Object.fromEntries([['time', sound.columns.time], ...known.map((values, place) => [places[place]!, values] as const)]);
  const text = `${['timestamp', ...titles].join(',')}\n${csvLines({ length: closes.length, columns }, ['time', ...places], false)}`;
  replaceFile(out, out.endsWith('.gz') ? gzipSync(text) : text);
  const unknown = known.map((values) => values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0));
  const [from, to] = [sound.columns.time[0] ?? null, sound.columns.time.at(-1) ?? null];
  if (input.flag('json'))
    io.out(
      jsonText({
        schema: 'strat.data-align/1',
        file: out,
        rows: closes.length,
        from: isoOf(from),
        to: isoOf(to),
        series: reports.map((report, place) => ({
          name: report.series.name,
          timeframe: report.series.timeframe.name,
          unknown: unknown[place],
        })),
      }),
    );
  else {
    const range = from === null || to === null ? '' : `, ${minuteText(from)} to ${minuteText(to)} (UTC)`;
    io.out(`${plainText(out, Infinity)}: ${countText(closes.length, 'row')} of ${series.timeframe.name}${range}\n`);
    for (const [place, title] of titles.entries())
      io.out(`  ${plainText(title, Infinity)}${unknown[place]! > 0 ? `: no close known on ${countText(unknown[place]!, 'row')}` : ''}\n`);
  }
  return 0;
}

const closesOf = (time: Float64Array, timeframe: Timeframe): Float64Array => time.map((open) => nextOpen(timeframe, open));
