import { innerBars } from '#core/data/inner-bars.ts';
import { innerTicks } from '#core/data/inner-ticks.ts';
import { type LogRow, logRows } from '#core/engine/log-rows.ts';
import type { Conventions } from '#core/engine/simulation-settings.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { type BacktestDocument, dataSource } from '#core/runtime/backtest-document.ts';
import type { AskData } from '#core/runtime/ask-data.ts';
import type { DepthData } from '#core/runtime/depth-data.ts';
import type { DetailData } from '#core/runtime/detail-record.ts';
import { type MarkData, markData } from '#core/runtime/mark-data.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import type { StockActions } from '#core/runtime/stocks/stock-actions.ts';
import type { SettingsRequest } from '#core/runtime/resolve-settings.ts';
import { createCompiler } from '#dsl/compile.ts';

/** Open, high, low and close; the base units traded, where they matter (else 1). */
export type Candle = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** A bar that opens, trades and closes at one price. */
export const flat = (price: number, volume = 1): Candle => [price, price, price, price, volume];

const HOUR = 3_600_000;
const compiler = createCompiler();

export interface Book {
  readonly minute: number;
  readonly bids: readonly (readonly [price: number, qty: number])[];
  readonly asks: readonly (readonly [price: number, qty: number])[];
}

export interface CandleRun {
  /** Left out: BTC/USDT. */
  readonly market?: string;
  /** Rules; the heading and the `trade` line are put before them. */
  readonly rules: string;
  readonly candles: readonly Candle[];
  readonly conventions?: Partial<Conventions>;
  /** `file`: what the rules say. */
  readonly feeRate?: number | 'file';
  readonly slippageRate?: number;
  /** `file`: what the rules say. */
  readonly capital?: number | 'file';
  /** Column `funding_rate`; left out: there is none. */
  readonly funding?: readonly number[];
  readonly margin?: Pick<SettingsRequest, 'contract' | 'fundingRate' | 'fundingMs' | 'maintenance' | 'liquidationRate'>;
  /** Models of costs. */
  readonly costs?: Pick<
    SettingsRequest,
    'participation' | 'queue' | 'minNotional' | 'latency' | 'fee' | 'feeIn' | 'feeDiscount' | 'slippage' | 'swapLong' | 'swapShort'
  >;
  /** Open of the first bar, ms; the others follow by the hour. */
  readonly start?: number;
  /** Hours after `start` at which there is no bar. */
  readonly skipped?: readonly number[];
  /** Quarters of hours, those of each bar; a bar may have fewer than four, or none. Left out: nothing is known of the inside of bars. */
  readonly quarters?: readonly (readonly Candle[])[];
  /** Trades of each bar, or quotes, as bid and ask; evenly spread over the hour. */
  readonly ticks?: readonly (readonly (number | readonly [bid: number, ask: number])[])[];
  /** Base units of each trade; left out: nobody knows. */
  readonly tickQty?: number;
  /** What buys meet, a bar for each candle, which are what sales meet then. */
  readonly asks?: readonly Candle[];
  /** Mark prices, a bar for each candle; null = none is known. */
  readonly marks?: readonly (Candle | null)[];
  /** Splits and dividends by the bar before whose open they are. */
  readonly actions?: ReadonlyMap<number, { readonly dividend?: number; readonly ratio?: number; readonly priceFactor: number }>;
  /** Recorded order books: minutes after `start`, then the levels of both sides, the best first. */
  readonly books?: readonly Book[];
  /** The market ends with the last bar. */
  readonly isDelisted?: true;
}

export interface CandleOutcome {
  /** `bar kind qty @price`, in order; bought quantities are above zero. */
  readonly fills: readonly string[];
  /** `bar kind`, in order. */
  readonly events: readonly string[];
  /** `bar kind cost`, in order. */
  readonly charges: readonly string[];
  readonly rows: readonly LogRow[];
  readonly equity: Float64Array;
  readonly document: BacktestDocument;
}

const short = (x: number): string => String(Number(x.toPrecision(10)));

/** Candles of a market by the hour, and nothing else that is known. */
export const marketOf = (market: string, columns: Columns): MarketData => ({
  market,
  timeframe: parseTimeframe('1h')!,
  columns,
  further: new Map(),
  file: market,
  sha256: '',
  warnings: [],
  fromIndex: 0,
  others: [],
});

export function columnsOf(bars: readonly (readonly [time: number, Candle])[]): Columns {
  const columns = sharedColumns(bars.length);
  for (const [index, [time, [open, high, low, close, volume = 1]]] of bars.entries()) {
    columns.time[index] = time;
    columns.open[index] = open;
    columns.high[index] = high;
    columns.low[index] = low;
    columns.close[index] = close;
    columns.volume[index] = volume;
  }
  return columns;
}

export function detailOf(
  traded: Pick<MarketData, 'columns' | 'timeframe'>,
  start: number,
  quarters: readonly (readonly Candle[])[],
): DetailData {
  const timeframe = parseTimeframe('15m')!;
  const columns = columnsOf(
    quarters.flatMap((bars, hour) => bars.map((candle, place) => [start + hour * HOUR + place * timeframe.stepMs, candle] as const)),
  );
  const source = dataSource({ market: 'BTC/USDT', timeframe, columns, sha256: '' });
  return { source, inner: innerBars(traded, { columns, timeframe }, 'quarters'), warnings: [] };
}

function ticksOf(traded: Pick<MarketData, 'columns' | 'timeframe'>, hours: NonNullable<CandleRun['ticks']>, qty?: number): DetailData {
  const all = hours.flatMap((ticks, hour) =>
    ticks.map((tick, place) => ({ time: traded.columns.time[hour]! + (place * HOUR) / ticks.length, tick })),
  );
  const isQuotes = all.some(({ tick }) => typeof tick !== 'number');
  const column = (valueOf: (one: (typeof all)[number]) => number): Float64Array => {
    const values = new Float64Array(new SharedArrayBuffer(8 * all.length));
    values.set(all.map(valueOf));
    return values;
  };
  const kind = isQuotes ? ('quotes' as const) : ('trades' as const);
  const ticks = {
    kind,
    time: column(({ time }) => time),
    price: column(({ tick }) => (typeof tick === 'number' ? tick : tick[0])),
    qty: qty === undefined ? new Float64Array(0) : column(() => qty),
    ask: isQuotes ? column(({ tick }) => (typeof tick === 'number' ? Number.NaN : tick[1])) : new Float64Array(0),
  };
  const source = { market: 'BTC/USDT', timeframe: kind, rows: all.length, from: '', to: '', sha256: '' };
  return { source, inner: innerTicks(traded, ticks, 'ticks'), warnings: [] };
}

export function askOf(candles: readonly Candle[], time: Float64Array): AskData {
  const columns = columnsOf(candles.map((candle, index) => [time[index]!, candle]));
  const source = dataSource({ market: 'BTC/USDT', timeframe: parseTimeframe('1h')!, columns, sha256: '' });
  return { source, columns, warnings: [] };
}

export function stockOf(actions: NonNullable<CandleRun['actions']>): StockActions {
  const byBar = [...actions].map(([bar, action]) => [bar, { day: 0, dividend: 0, ratio: 1, reference: 0, ...action }] as const);
  return { name: 'actions', sha256: '', byBar: new Map(byBar) };
}

function booksOf(books: readonly Book[], start: number): DepthData {
  const levels = Math.max(...books.flatMap(({ bids, asks }) => [bids.length, asks.length]));
  const side = (of: 'bids' | 'asks'): Float64Array =>
    Float64Array.from(books.flatMap((book) => Array.from({ length: levels }, (_, level) => book[of][level] ?? [Number.NaN, 0]).flat()));
  const source = { market: 'BTC/USDT', timeframe: 'books', rows: books.length, from: '', to: '', sha256: '' };
  const time = Float64Array.from(books, ({ minute }) => start + minute * 60_000);
  return { source, books: { time, levels, bids: side('bids'), asks: side('asks') }, warnings: [] };
}

function marksOf(market: string, marks: readonly (Candle | null)[], columns: Columns): MarkData {
  const bars = marks.flatMap((mark, bar) => (mark === null ? [] : [[columns.time[bar]!, mark] as const]));
  const timeframe = parseTimeframe('1h')!;
  const file = { path: 'marks', columns: columnsOf(bars), further: new Map(), rows: bars.length, market: null, venue: null };
  return markData({ ...file, timeframe, stepMs: timeframe.stepMs, sha256: '', findings: [] }, { market, timeframe, columns });
}

/** Runs rules over a table of candles in the isolate: no fee and no slippage unless told, orders from the first bar on. */
export async function runCandles(run: CandleRun): Promise<CandleOutcome> {
  const {
    market = 'BTC/USDT',
    rules,
    candles,
    conventions = {},
    feeRate = 0,
    slippageRate = 0,
    capital = 100_000,
    margin = {},
    costs = {},
    start = Date.UTC(2024, 0, 1),
    skipped = [],
  } = run;
  const text = `strat 1\nstrategy "candles"\ntrade ${market} on 1h side both\n${rules}`;
  const prepared = prepareStrategy(compiler, text, 'candles.strat', {
    capital: capital === 'file' ? undefined : capital,
    feeRate: feeRate === 'file' ? undefined : feeRate,
    slippageRate,
    conventions,
    ...margin,
    ...costs,
    isDetailed: run.quarters !== undefined || run.ticks !== undefined,
  });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const hours = Array.from({ length: candles.length + skipped.length }, (_, hour) => hour).filter((hour) => !skipped.includes(hour));
  const columns = columnsOf(candles.map((candle, index) => [start + hours[index]! * HOUR, candle]));
  const data = {
    ...marketOf(market, columns),
    further: new Map(run.funding === undefined ? [] : [['funding_rate', Float64Array.from(run.funding)] as const]),
    ...(run.isDelisted === undefined ? {} : { isDelisted: run.isDelisted }),
    ...(run.asks === undefined ? {} : { ask: askOf(run.asks, columns.time) }),
    ...(run.marks === undefined ? {} : { mark: marksOf(market, run.marks, columns) }),
    ...(run.books === undefined ? {} : { depth: booksOf(run.books, start) }),
    ...(run.actions === undefined ? {} : { stock: stockOf(run.actions) }),
  };
  const inside = run.quarters === undefined ? undefined : detailOf(data, start, run.quarters);
  const detail = run.ticks === undefined ? inside : ticksOf(data, run.ticks, run.tickQty);
  const { outcome, document } = await backtest(prepared.value, detail === undefined ? data : { ...data, detail }, DEFAULT_LIMITS, {});
  const rows = logRows(outcome.log);
  return {
    fills: rows.flatMap((row) => (row.type === 'fill' ? [`${row.bar} ${row.kind} ${short(row.qty)} @${short(row.price)}`] : [])),
    events: rows.flatMap((row) => (row.type === 'event' ? [`${row.bar} ${row.kind}`] : [])),
    charges: rows.flatMap((row) => (row.type === 'charge' ? [`${row.bar} ${row.kind} ${short(row.cost)}`] : [])),
    rows,
    equity: outcome.equity,
    document,
  };
}
