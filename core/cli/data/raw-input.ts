import { existsSync } from 'node:fs';
import { FindingLog } from '#core/data/finding.ts';
import { readRawFile } from '#core/data/quality/raw-file.ts';
import type { RawSeries } from '#core/data/quality/raw-series.ts';
import { type SeriesKey, seriesName } from '#core/data/store/series-key.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { type Columns, sharedDoubles } from '#core/model/columns.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { timeframeOption } from '../option-values.ts';
import { storeOf, venueAndMarket } from './series-argument.ts';
import type { Watch } from './stoppable.ts';
import { storedRows } from './stored-rows.ts';

/** A series of the store, as a command line names it. */
export interface NamedSeries {
  readonly store: SeriesStore;
  readonly key: SeriesKey;
}

/** `VENUE:MARKET` or `VENUE:MARKET@TF` where no file has this name; null of files. */
export function namedSeries(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  text: string,
  kind: 'candles' | 'trades' = 'candles',
): NamedSeries | null {
  if (existsSync(text) || !/^[^:/\\]+:[^/\\]/.test(text) || /\.(?:csv|gz)$/.test(text)) return null;
  const at = text.lastIndexOf('@');
  const length = at > 0 ? parseTimeframe(text.slice(at + 1)) : null;
  if (at > 0 && length === null) throw usage(`"${text}": behind @ comes the length of bars, such as 1h`, command);
  const { venue, market } = venueAndMarket(command, at > 0 ? text.slice(0, at) : text);
  const store = storeOf(input, io);
  const of = store.list().filter(({ key }) => key.venue === venue && key.market === market && key.kind === kind);
  const found = of.filter(({ key }) => length === null || key.timeframe === length.name);
  const [only] = found;
  if (only !== undefined && found.length === 1) return { store, key: only.key };
  const names = of.map(({ key }) => key.timeframe).join(', ');
  if (found.length > 1)
    throw usage(`There are several of ${venue}:${market}: ${names}; choose one, as in ${venue}:${market}@${only?.key.timeframe}`, command);
  throw new StratError('STORE_MISSING', {
    what: seriesName({ venue, market, kind, timeframe: length?.name ?? null }),
    hint: names === '' ? '"strat data list" shows what there is' : `There is ${names}`,
  });
}

/** Candles of a file or of the store, faults and all. @param saysLength `--timeframe` is the length of the bars in a file */
export async function rawCandles(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  text: string,
  watch: Watch,
  saysLength = true,
): Promise<RawSeries> {
  const given = saysLength ? timeframeOption(command, input, 'timeframe') : null;
  const named = namedSeries(command, input, io, text);
  if (named === null) return readRawFile(text, given, watch);
  try {
    return await storedCandles(named, watch);
  } finally {
    named.store.close();
  }
}

export async function storedCandles(named: NamedSeries, watch: Watch): Promise<RawSeries> {
  const { key } = named;
  const { columns: stored, length: rows } = await storedRows(named, watch);
  const volume = sharedDoubles(rows);
  let emptyVolumes = 0;
  for (const [row, value] of (stored['volume'] ?? new Float64Array(volume.length).fill(NaN)).entries()) {
    volume[row] = Number.isNaN(value) ? 0 : value;
    if (Number.isNaN(value)) emptyVolumes++;
  }
  const hasVolume = emptyVolumes < volume.length;
  return {
    name: seriesName(key),
    venue: key.venue,
    market: key.market,
    timeframe: parseTimeframe(key.timeframe!) as Timeframe,
    columns: { ...(stored as unknown as Columns), volume },
    lines: null,
    log: new FindingLog(),
    hasVolume,
    emptyVolumes: hasVolume ? emptyVolumes : 0,
    timeFormat: null,
  };
}
