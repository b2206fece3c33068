import { basename } from 'node:path';
import type { Market } from '#core/model/market.ts';
import { hasWholeDays, type Timeframe } from '#core/model/timeframe.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import { displayPath } from '../finding.ts';
import { inferTimeframe } from '../series-checks.ts';
import { saidByName } from './file-name-rules.ts';
import { notSaid } from './import-error.ts';
import type { SeriesKind } from '../store/series-key.ts';
import type { ImportNote, ImportRequest } from './import-request.ts';
import type { SeriesRows } from '../store/series-rows.ts';
import { eachTable } from './open-file.ts';
import type { OpenedTable } from './opened-table.ts';
import { refusal } from './refusal.ts';
import { RowFaults } from './row-faults.ts';
import type { SaidOfFile } from './said-of-file.ts';
import { marketOf, type TableFacts, timeframeSaid, venueOf } from './series-key-of.ts';
import { noRows, type RowCounts, seriesRows } from './series-rows-of.ts';
import { type Layout, tableLayout } from './table-layout.ts';
import { TimeReader } from './time-reader.ts';
import { type WallZone, wallZone } from './wall-zone.ts';

/** A series in a file, whose rows are still to be read. */
export interface ImportSeries {
  /** The file as told to people, with the member of an archive. */
  readonly file: string;
  readonly kind: SeriesKind;
  /** Null where nothing says it, and it was not needed. */
  readonly venue: string | null;
  readonly market: Market | null;
  /** Null also of what has none. */
  readonly timeframe: Timeframe | null;
  /** Grows while rows are read. */
  readonly notes: readonly ImportNote[];
  readonly counts: RowCounts;
  /**
   * The rows in pieces, once; each piece goes from old to new, of a file that begins with the newest row the newest piece comes first.
   * @throws StratError DATA_INVALID with the lines of what is wrong; DATA_FORMAT, DATA_EMPTY, DATA_TOO_LARGE
   */
  readonly pieces: () => AsyncIterable<SeriesRows>;
}

/** What of a series must be known: all that a key of the store has, or the rows alone. */
export type SeriesNeeds = 'key' | 'rows';

/**
 * Hands the series in a file to `work`, one after the other; an archive may have several.
 * @param onBytes told how far reading is, in bytes of the file
 * @throws StratError IMPORT_UNSAID for what neither the file nor the user says; FILE_UNREADABLE, DATA_FORMAT, DATA_EMPTY, DATA_TOO_LARGE, SESSION_ZONE; those of `work`
 */
export async function eachSeries(
  path: string,
  request: ImportRequest,
  needs: SeriesNeeds,
  work: (series: ImportSeries) => Promise<void>,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  const file = displayPath(path);
  const whole = saidByName(path);
  // A member of an archive mostly has the name of the archive; where it says something itself, that counts.
  const saidOf = (name: string): SaidOfFile => {
    const own = name === path ? whole : saidByName(name);
    return own.by === null || whole.by === 'LEAN' ? whole : { ...own, venue: own.venue ?? whole.venue, market: own.market ?? whole.market };
  };
  await eachTable(
    path,
    file,
    (name) => {
      const { columns, dayMs } = saidOf(name);
      return { knownNames: columns, dayMs };
    },
    request.columns,
    onBytes,
    async ({ table, name }) => work(seriesOf(table, saidOf(name), basename(name), request, needs)),
  );
}

function seriesOf(table: OpenedTable, said: SaidOfFile, name: string, request: ImportRequest, needs: SeriesNeeds): ImportSeries {
  const { file } = table.head;
  const notes: ImportNote[] = [];
  const layout = tableLayout(table.head, request, said.kind, notes);
  const facts: TableFacts = { said, table, layout, stem: name.replace(/(?:\.[A-Za-z]{2,8})+$/, '') };
  const zone = zoneOf(facts, request, notes);
  const ifSaid = <T>(find: () => T): T | null => (needs === 'key' ? find() : orNull(find));
  const timeframe = layout.kind === 'trades' || layout.kind === 'funding' ? null : ifSaid(() => timeframeOf(facts, zone, request, notes));
  const venue = ifSaid(() => venueOf(facts, request, notes));
  const market = ifSaid(() => marketOf(facts, request, notes));
  if (said.priceScale !== 1) notes.push({ kind: 'changed', text: `prices were divided by ${said.priceScale}, as ${said.by} writes them` });
  if (layout.isBackward) notes.push({ kind: 'changed', text: 'the newest row came first: the rows were turned round' });
  if (layout.kind === 'candles' && !layout.columns.some(({ name: column }) => column === 'volume'))
    notes.push({ kind: 'guessed', text: 'there is no volume: it is not known' });
  const counts = noRows();
  const faults = new RowFaults(file);
  return {
    file,
    kind: layout.kind,
    venue,
    market,
    timeframe,
    notes,
    counts,
    pieces: async function* () {
      yield* seriesRows(
        table.read(layout, zone, faults),
        { layout, timeframe, priceScale: said.priceScale, now: request.now },
        counts,
        faults,
      );
      tellCounts(counts, notes);
    },
  };
}

/** Null for what nothing says. */
function orNull<T>(find: () => T): T | null {
  try {
    return find();
  } catch (error) {
    if (isStratError(error) && error.code === 'IMPORT_UNSAID') return null;
    throw error;
  }
}

function tellCounts({ doubled, empty, forming, emptyVolumes }: RowCounts, notes: ImportNote[]): void {
  const tell = (count: number, kind: ImportNote['kind'], text: string): void => {
    if (count > 0) notes.push({ kind, text: `${text}: ${count}` });
  };
  tell(doubled, 'skipped', 'rows that were there twice, equal in every value');
  tell(empty, 'skipped', 'rows without any price');
  tell(forming, 'skipped', 'bars that have not ended');
  tell(emptyVolumes, 'guessed', 'volumes that are empty, and so not known');
}

/** In the name of a column: `Local time`, `time_est`; not the letters within `timestamp`. */
const LOCAL_CLOCK = /(?<![a-z])(?:local|eet|eest|est|edt)(?![a-z])/i;

/** Whose clocks times without a zone are of. @throws StratError IMPORT_UNSAID, SESSION_ZONE */
function zoneOf({ said, layout, table }: TableFacts, { zone }: ImportRequest, notes: ImportNote[]): WallZone {
  const { timeFormat } = layout;
  const isLocal = timeFormat.type === 'clock' || (timeFormat.type === 'text' && timeFormat.hasClock && !timeFormat.hasZone);
  if (!isLocal) {
    if (zone !== null) notes.push({ kind: 'guessed', text: `--zone ${zone} changes nothing: the times say their own` });
    return wallZone('UTC');
  }
  if (zone !== null) return wallZone(zone);
  if (said.zone !== null) {
    if (said.zone !== 'UTC') notes.push({ kind: 'guessed', text: `times are of ${said.zone}, as ${said.by} writes them` });
    return wallZone(said.zone);
  }
  const column = table.head.names?.[layout.timeField] ?? '';
  if (/gmt|utc/i.test(column)) return wallZone('UTC');
  // The server of a broker has a clock of its own, hours ahead of UTC.
  if (said.by === 'MetaTrader' || column.startsWith('<') || LOCAL_CLOCK.test(column) || said.by === 'LEAN')
    throw notSaid(
      table.head.file,
      'the zone of its times',
      'Give it: --zone UTC, --zone Europe/Athens, or of many brokers --zone America/New_York+7',
    );
  notes.push({ kind: 'guessed', text: 'times have no zone and were read as UTC; --zone says another one' });
  return wallZone('UTC');
}

function timeframeOf(facts: TableFacts, zone: WallZone, request: ImportRequest, notes: ImportNote[]): Timeframe {
  const { table, layout } = facts;
  const times = sampleTimes(table, layout, zone);
  const seen = inferTimeframe(times);
  const said = timeframeSaid(facts, request);
  if (said === null) {
    if (seen === null || times.length < 3) throw notSaid(table.head.file, 'the length of its bars', 'Give it: --timeframe 1h');
    notes.push({ kind: 'guessed', text: `bars are of ${seen.name}, by the distance of the first ones` });
    return seen;
  }
  const isShorter =
    seen !== null &&
    times.length >= 20 &&
    seen.stepMs < 0.9 * said.stepMs &&
    !(hasWholeDays(said) && said.unit === 'mo' && seen.unit === 'mo');
  if (isShorter)
    throw refusal(
      table.head.file,
      `it should hold ${said.name} bars, but most of the first ones are ${seen.name} apart`,
      `Say which: --timeframe ${seen.name}`,
    );
  return said;
}

/** The times of the first rows, oldest first. */
function sampleTimes({ head }: OpenedTable, { timeField, clockField, timeFormat, isBackward }: Layout, zone: WallZone): Float64Array {
  const reader = new TimeReader(timeFormat, zone, isBackward);
  const times = head.rows.map((row) => {
    const text =
      clockField === timeField ? (row[timeField] ?? '').trim() : `${(row[timeField] ?? '').trim()} ${(row[clockField] ?? '').trim()}`;
    const bytes = Buffer.from(text, 'latin1');
    return reader.isNumeric ? reader.ofNumber(Number(text)) : reader.ofText(bytes, 0, bytes.length);
  });
  return Float64Array.from(times.filter((time) => !Number.isNaN(time))).sort();
}
