import type { Bar } from '#core/model/bar.ts';
import type { FeedDescription } from '#core/ports/bar-feed.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import type { Conventions, FundingSettings, MarginSettings, SimulationSettings } from '#core/engine/simulation-settings.ts';
import { registerCount } from '#core/engine/trading/registers.ts';
import type { MaintenanceTier } from '#core/model/maintenance-text.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { readCosts } from './cost-settings.ts';
import { journalNumber, readJournalNumber } from './journal-number.ts';
import { type Data, fieldsOf, wholeNumber } from './record-fields.ts';
import { readReview, reviewData, type ReviewRecord } from './review-record.ts';

/** What the bars of a market that is read are made of. */
export interface OtherFeed {
  readonly market: string;
  readonly feed: FeedDescription;
}

/** A market that is traded. */
export interface TradedFeed extends OtherFeed {
  /** Bars of the feed; null = it has no end. */
  readonly rows: number | null;
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
  readonly settings: Omit<SimulationSettings, 'conventions'>;
  readonly conventions: Conventions;
  /** In the order of the `trade` line. */
  readonly markets: readonly TradedFeed[];
  readonly timeframe: string;
  /** Of the markets that the strategy reads besides; left out when there are none. */
  readonly others?: readonly OtherFeed[];
  /** Index of the first bar on which an order may be decided. */
  readonly firstBar: number;
  /** Steps that the account had seen before: the first of these rules is this index. */
  readonly steps: number;
  /** Its rules: what the values of decisions mean. */
  readonly plan: TradePlan;
}

/** One bar of a `bar` record: its market and index, the candle, and the funding rate that the account goes by; NaN = none is known. */
export interface BarRecord {
  /** Its place among those that are traded. */
  readonly market: number;
  readonly index: number;
  readonly bar: Bar;
  readonly fundingRate: number;
}

/** One of a `decision` record: the bar it was taken on, the row that the strategy gave (null = none, and `missing` says why), what was made of its orders. */
export interface DecisionRecord {
  readonly market: number;
  readonly index: number;
  readonly row: Float64Array | null;
  readonly missing: string | null;
  readonly review: ReviewRecord;
}

/** Data of a `bar` record: the bars of all markets that open together. */
export function barData(bars: readonly BarRecord[], isAlone: boolean): Data {
  return isAlone ? oneBar(bars[0]!) : { bars: bars.map((one) => ({ market: one.market, ...oneBar(one) })) };
}

function oneBar({ index, bar, fundingRate }: BarRecord): Data {
  return {
    bar: index,
    time: journalNumber(bar.time),
    open: journalNumber(bar.open),
    high: journalNumber(bar.high),
    low: journalNumber(bar.low),
    close: journalNumber(bar.close),
    volume: journalNumber(bar.volume),
    ...(Number.isNaN(fundingRate) ? {} : { funding: journalNumber(fundingRate) }),
  };
}

export function readBars(data: Data): readonly BarRecord[] | undefined {
  return readEach(data, data['bars'], readBar);
}

/** A record that is of one market, or of several in a list. */
function readEach<T>(data: Data, list: unknown, read: (one: Data) => T | undefined): readonly T[] | undefined {
  if (list !== undefined && !Array.isArray(list)) return undefined;
  const all = (list ?? [data]).map((one: unknown) => read(fieldsOf(one)));
  return all.length === 0 || all.includes(undefined) ? undefined : (all as readonly T[]);
}

const marketOf = (data: Data): number | undefined => (data['market'] === undefined ? 0 : wholeNumber(data['market']));

function readBar(data: Data): BarRecord | undefined {
  const market = marketOf(data);
  const index = wholeNumber(data['bar']);
  const [time, open, high, low, close, volume] = COLUMN_NAMES.map((name) => readJournalNumber(data[name]));
  const fundingRate = data['funding'] === undefined ? Number.NaN : readJournalNumber(data['funding']);
  if (
    market === undefined ||
    index === undefined ||
    time === undefined ||
    open === undefined ||
    high === undefined ||
    low === undefined ||
    close === undefined ||
    volume === undefined ||
    fundingRate === undefined
  )
    return undefined;
  return { market, index, bar: { time, open, high, low, close, volume }, fundingRate };
}

const LOG_NAMES = Object.entries(LOG);

/** Rows of LOG_FIELDS, by market, as objects by name. */
export function logData(logs: readonly Float64Array[]): Data {
  const row = (rows: Float64Array, at: number): Data =>
    Object.fromEntries(LOG_NAMES.map(([name, field]) => [name, journalNumber(rows[at * LOG_FIELDS + field]!)]));
  return {
    rows: logs.flatMap((rows, market) =>
      Array.from({ length: rows.length / LOG_FIELDS }, (_, at) => (logs.length === 1 ? row(rows, at) : { market, ...row(rows, at) })),
    ),
  };
}

/** @param markets how many are traded */
export function readLog(data: Data, markets: number): readonly Float64Array[] | undefined {
  if (!Array.isArray(data['rows'])) return undefined;
  const rows: readonly unknown[] = data['rows'];
  const logs = Array.from({ length: markets }, (): number[] => []);
  for (const row of rows) {
    const fields = fieldsOf(row);
    const log = logs[marketOf(fields) ?? markets];
    if (log === undefined) return undefined;
    for (const [name, field] of LOG_NAMES) {
      const value = readJournalNumber(fields[name]);
      if (value === undefined || log.length % LOG_FIELDS !== field) return undefined;
      log.push(value);
    }
  }
  return logs.map((log) => Float64Array.from(log));
}

/** Data of a `decision` record: what was decided on the bars of all markets that opened together. */
export function decisionData(decisions: readonly DecisionRecord[], isAlone: boolean): Data {
  return isAlone ? oneDecision(decisions[0]!) : { decisions: decisions.map((one) => ({ market: one.market, ...oneDecision(one) })) };
}

function oneDecision({ index, row, missing, review }: DecisionRecord): Data {
  const answers = reviewData(review);
  return {
    bar: index,
    ...(row === null ? {} : { values: Array.from(row, journalNumber) }),
    ...(missing === null ? {} : { missing }),
    ...(Object.keys(answers).length === 0 ? {} : { review: answers }),
  };
}

export function readDecisions(data: Data): readonly DecisionRecord[] | undefined {
  // Where legs of baskets alone have a bar, there is nothing to decide.
  return Array.isArray(data['decisions']) && data['decisions'].length === 0 ? [] : readEach(data, data['decisions'], readDecision);
}

function readDecision(data: Data): DecisionRecord | undefined {
  const market = marketOf(data);
  const index = wholeNumber(data['bar']);
  const review = readReview(data['review']);
  const { missing = null, values = null } = data;
  if (market === undefined || index === undefined || review === undefined || (missing !== null && typeof missing !== 'string'))
    return undefined;
  if (values === null) return { market, index, row: null, missing, review };
  if (!Array.isArray(values)) return undefined;
  const row = Float64Array.from(values, (value: unknown) => readJournalNumber(value) ?? Number.NaN);
  const isKnown = values.every((value: unknown) => readJournalNumber(value) !== undefined);
  return isKnown ? { market, index, row, missing, review } : undefined;
}

export function startData(start: StartRecord): Data {
  return { ...start, params: Object.fromEntries(Object.entries(start.params).map(([name, value]) => [name, journalNumber(value)])) };
}

export function readStart(data: Data): StartRecord | undefined {
  const { strat, strategy, file, sha256, timeframe } = data;
  const settings = fieldsOf(data['settings']);
  const params = Object.entries(fieldsOf(data['params'])).map(([name, value]) => [name, readJournalNumber(value)] as const);
  const costs = readSettings(settings);
  const plan = readPlan(data['plan']);
  const conventions = readConventions(fieldsOf(data['conventions']));
  const markets = readTraded(data['markets']);
  const firstBar = wholeNumber(data['firstBar']);
  const steps = wholeNumber(data['steps']);
  if (typeof strat !== 'string' || typeof strategy !== 'string' || typeof file !== 'string' || typeof sha256 !== 'string') return undefined;
  if (typeof timeframe !== 'string' || costs === undefined || plan === undefined) return undefined;
  if (conventions === undefined || markets === undefined || firstBar === undefined || steps === undefined) return undefined;
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
    settings: costs,
    conventions,
    markets,
    timeframe,
    ...(others.length === 0 ? {} : { others }),
    firstBar,
    steps,
    plan,
  };
}

/** Costs as a start wrote them; undefined when they are damaged. */
export function readSettings(data: Data): StartRecord['settings'] | undefined {
  const { capital, feeRate, slippageRate, makerRate, borrowRate } = data;
  if (typeof capital !== 'number' || typeof feeRate !== 'number' || typeof slippageRate !== 'number') return undefined;
  if (makerRate !== undefined && typeof makerRate !== 'number') return undefined;
  if (borrowRate !== undefined && typeof borrowRate !== 'number') return undefined;
  const margin = data['margin'] === undefined ? null : readMargin(fieldsOf(data['margin']));
  const funding = data['funding'] === undefined ? null : readFunding(fieldsOf(data['funding']));
  const costs = readCosts(data);
  if (margin === undefined || funding === undefined || costs === undefined) return undefined;
  return {
    capital,
    feeRate,
    slippageRate,
    ...(makerRate === undefined ? {} : { makerRate }),
    ...(borrowRate === undefined ? {} : { borrowRate }),
    ...(margin === null ? {} : { margin }),
    ...(funding === null ? {} : { funding }),
    ...costs,
  };
}

function readMargin({ kind, leverage, maintenance, liquidationRate }: Data): MarginSettings | undefined {
  if ((kind !== 'isolated' && kind !== 'cross') || typeof leverage !== 'number' || typeof liquidationRate !== 'number') return undefined;
  if (!Array.isArray(maintenance)) return undefined;
  const tiers: MaintenanceTier[] = [];
  for (const tier of maintenance) {
    const { from, rate } = fieldsOf(tier);
    if (typeof from !== 'number' || typeof rate !== 'number') return undefined;
    tiers.push({ from, rate });
  }
  return { kind, leverage, maintenance: tiers, liquidationRate };
}

function readFunding({ everyMs, rate }: Data): FundingSettings | undefined {
  return typeof everyMs === 'number' && (rate === null || typeof rate === 'number') ? { everyMs, rate } : undefined;
}

/** The plan that we wrote: looked at only so far that a damaged one is told here. */
function readPlan(value: unknown): TradePlan | undefined {
  if (wholeNumber(fieldsOf(value)['valueCount']) === undefined) return undefined;
  const plan = value as TradePlan;
  try {
    return registerCount(plan) > 0 ? plan : undefined;
  } catch {
    return undefined;
  }
}

function readTraded(list: unknown): readonly TradedFeed[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const traded = list.map((item: unknown): TradedFeed | undefined => {
    const { market, feed, rows } = fieldsOf(item);
    const description = readFeed(fieldsOf(feed));
    const count = rows === null ? null : wholeNumber(rows);
    return typeof market !== 'string' || description === undefined || count === undefined
      ? undefined
      : { market, feed: description, rows: count };
  });
  return traded.includes(undefined) ? undefined : (traded as readonly TradedFeed[]);
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

function readConventions({ sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill, opposite }: Data): Conventions | undefined {
  if ((sizeAt !== 'order' && sizeAt !== 'fill') || (fillAt !== 'nextOpen' && fillAt !== 'close')) return undefined;
  if ((warmup !== 'settled' && warmup !== 'first') || typeof closeAtEnd !== 'boolean') return undefined;
  if ((lot !== null && typeof lot !== 'number') || (tick !== null && typeof tick !== 'number')) return undefined;
  if (limitFill !== undefined && limitFill !== 'through' && limitFill !== 'touch') return undefined;
  if (opposite !== undefined && opposite !== 'ignore' && opposite !== 'reverse') return undefined;
  return {
    sizeAt,
    fillAt,
    warmup,
    closeAtEnd,
    lot,
    tick,
    ...(limitFill === undefined ? {} : { limitFill }),
    ...(opposite === undefined ? {} : { opposite }),
  };
}

function readFeed({ kind, file, sha256, seed, variant, venue, from }: Data): FeedDescription | undefined {
  if (kind === 'live' && typeof venue === 'string' && typeof from === 'number') return { kind, venue, from };
  if (kind === 'replay' && typeof file === 'string' && typeof sha256 === 'string') return { kind, file, sha256 };
  if (kind === 'sim' && typeof seed === 'number') return { kind, seed, ...(typeof variant === 'string' ? { variant } : {}) };
  return undefined;
}
