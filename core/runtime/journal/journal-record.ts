import type { Bar } from '#core/model/bar.ts';
import type { FeedDescription } from '#core/ports/bar-feed.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { DECISION, DECISION_FIELDS, LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import type { Conventions } from '#core/engine/simulation-settings.ts';
import { emptyDecision } from '#dsl/graph/decision.ts';
import { type JournalNumber, journalNumber, readJournalNumber } from './journal-number.ts';
import { type Data, fieldsOf, wholeNumber } from './record-fields.ts';

/** What the bars of a market that is read are made of. */
export interface OtherFeed {
  readonly market: string;
  readonly feed: FeedDescription;
}

/** From here on these rules decide and these costs hold. Written at every start of the bot. */
export interface StartRecord {
  /** Version of strat. */
  readonly strat: string;
  readonly strategy: string;
  readonly file: string;
  readonly sha256: string;
  /** The files it imports functions from; left out when there are none. */
  readonly modules?: readonly { readonly path: string; readonly sha256: string }[];
  readonly params: Readonly<Record<string, number>>;
  readonly settings: { readonly capital: number; readonly feeRate: number; readonly slippageRate: number };
  readonly conventions: Conventions;
  readonly market: string;
  readonly timeframe: string;
  readonly feed: FeedDescription;
  /** Of the markets that the strategy reads besides; left out when there are none. */
  readonly others?: readonly OtherFeed[];
  /** Index of the first bar on which an order may be decided. */
  readonly firstBar: number;
  /** Bars of the feed; null = it has no end. */
  readonly rows: number | null;
  /** Bars that the account had seen before: the first of these rules is this index. */
  readonly bars: number;
}

/** Data of a `bar` record: its index and the candle. */
export interface BarRecord {
  readonly index: number;
  readonly bar: Bar;
}

/** Data of a `decision` record: the bar it was taken on; `missing` says why the strategy gave none (the row is then empty). */
export interface DecisionRecord {
  readonly index: number;
  readonly row: Float64Array;
  readonly missing: string | null;
}

export function barData({ index, bar }: BarRecord): Data {
  return {
    bar: index,
    time: journalNumber(bar.time),
    open: journalNumber(bar.open),
    high: journalNumber(bar.high),
    low: journalNumber(bar.low),
    close: journalNumber(bar.close),
    volume: journalNumber(bar.volume),
  };
}

export function readBar(data: Data): BarRecord | undefined {
  const index = wholeNumber(data['bar']);
  const [time, open, high, low, close, volume] = COLUMN_NAMES.map((name) => readJournalNumber(data[name]));
  if (
    index === undefined ||
    time === undefined ||
    open === undefined ||
    high === undefined ||
    low === undefined ||
    close === undefined ||
    volume === undefined
  )
    return undefined;
  return { index, bar: { time, open, high, low, close, volume } };
}

const LOG_NAMES = Object.entries(LOG);
const DECISION_NAMES = Object.entries(DECISION);
const EMPTY = emptyDecision();

/** Rows of LOG_FIELDS as objects by name. */
export function logData(rows: Float64Array): Data {
  const count = rows.length / LOG_FIELDS;
  const row = (at: number): Record<string, JournalNumber> =>
    Object.fromEntries(LOG_NAMES.map(([name, field]) => [name, journalNumber(rows[at * LOG_FIELDS + field]!)]));
  return { rows: Array.from({ length: count }, (_, at) => row(at)) };
}

export function readLog(data: Data): Float64Array | undefined {
  if (!Array.isArray(data['rows'])) return undefined;
  const rows: readonly unknown[] = data['rows'];
  const values = new Float64Array(rows.length * LOG_FIELDS);
  for (const [at, row] of rows.entries()) {
    const fields = fieldsOf(row);
    for (const [name, field] of LOG_NAMES) {
      const value = readJournalNumber(fields[name]);
      if (value === undefined) return undefined;
      values[at * LOG_FIELDS + field] = value;
    }
  }
  return values;
}

/** Only the fields that differ from a row that orders nothing: most bars order nothing. */
export function decisionData({ index, row, missing }: DecisionRecord): Data {
  const data: Record<string, unknown> = { bar: index };
  for (const [name, field] of DECISION_NAMES) if (!Object.is(row[field], EMPTY[field])) data[name] = journalNumber(row[field]!);
  if (missing !== null) data['missing'] = missing;
  return data;
}

export function readDecision(data: Data): DecisionRecord | undefined {
  const index = wholeNumber(data['bar']);
  const { missing = null } = data;
  if (index === undefined || (missing !== null && typeof missing !== 'string')) return undefined;
  const row = emptyDecision();
  for (const [name, field] of DECISION_NAMES) {
    if (!Object.hasOwn(data, name)) continue;
    const value = readJournalNumber(data[name]);
    if (value === undefined) return undefined;
    row[field] = value;
  }
  return row.length === DECISION_FIELDS ? { index, row, missing } : undefined;
}

export function startData(start: StartRecord): Data {
  return { ...start, params: Object.fromEntries(Object.entries(start.params).map(([name, value]) => [name, journalNumber(value)])) };
}

export function readStart(data: Data): StartRecord | undefined {
  const { strat, strategy, file, sha256, market, timeframe } = data;
  const settings = fieldsOf(data['settings']);
  const params = Object.entries(fieldsOf(data['params'])).map(([name, value]) => [name, readJournalNumber(value)] as const);
  const [capital, feeRate, slippageRate] = [settings['capital'], settings['feeRate'], settings['slippageRate']];
  const conventions = readConventions(fieldsOf(data['conventions']));
  const feed = readFeed(fieldsOf(data['feed']));
  const firstBar = wholeNumber(data['firstBar']);
  const bars = wholeNumber(data['bars']);
  const rows = data['rows'] === null ? null : wholeNumber(data['rows']);
  if (typeof strat !== 'string' || typeof strategy !== 'string' || typeof file !== 'string' || typeof sha256 !== 'string') return undefined;
  if (typeof market !== 'string' || typeof timeframe !== 'string') return undefined;
  if (typeof capital !== 'number' || typeof feeRate !== 'number' || typeof slippageRate !== 'number') return undefined;
  if (conventions === undefined || feed === undefined || firstBar === undefined || bars === undefined || rows === undefined)
    return undefined;
  const others = data['others'] === undefined ? [] : readOthers(data['others']);
  if (others === undefined) return undefined;
  const modules = data['modules'] === undefined ? [] : readModules(data['modules']);
  if (modules === undefined) return undefined;
  const values: Record<string, number> = {};
  for (const [name, value] of params) {
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return {
    strat,
    strategy,
    file,
    sha256,
    ...(modules.length === 0 ? {} : { modules }),
    params: values,
    settings: { capital, feeRate, slippageRate },
    conventions,
    market,
    timeframe,
    feed,
    ...(others.length === 0 ? {} : { others }),
    firstBar,
    rows,
    bars,
  };
}

function readOthers(list: unknown): readonly OtherFeed[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const others: OtherFeed[] = [];
  for (const item of list) {
    const { market, feed } = fieldsOf(item);
    const description = readFeed(fieldsOf(feed));
    if (typeof market !== 'string' || description === undefined) return undefined;
    others.push({ market, feed: description });
  }
  return others;
}

function readModules(list: unknown): NonNullable<StartRecord['modules']> | undefined {
  if (!Array.isArray(list)) return undefined;
  const modules: { readonly path: string; readonly sha256: string }[] = [];
  for (const item of list) {
    const { path, sha256 } = fieldsOf(item);
    if (typeof path !== 'string' || typeof sha256 !== 'string') return undefined;
    modules.push({ path, sha256 });
  }
  return modules;
}

function readConventions({ sizeAt, fillAt, warmup, closeAtEnd, lot, tick }: Data): Conventions | undefined {
  if ((sizeAt !== 'order' && sizeAt !== 'fill') || (fillAt !== 'nextOpen' && fillAt !== 'close')) return undefined;
  if ((warmup !== 'settled' && warmup !== 'first') || typeof closeAtEnd !== 'boolean') return undefined;
  if ((lot !== null && typeof lot !== 'number') || (tick !== null && typeof tick !== 'number')) return undefined;
  return { sizeAt, fillAt, warmup, closeAtEnd, lot, tick };
}

function readFeed({ kind, file, sha256, seed, variant }: Data): FeedDescription | undefined {
  if (kind === 'replay' && typeof file === 'string' && typeof sha256 === 'string') return { kind, file, sha256 };
  if (kind === 'sim' && typeof seed === 'number') return { kind, seed, ...(typeof variant === 'string' ? { variant } : {}) };
  return undefined;
}
