import type { CapSource } from './cap-data.ts';
import type { StoredVersion } from '#core/data/candle-text.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { Attribution } from '#core/engine/statistics/attribution.ts';
import type { Metrics } from '#core/engine/statistics/metrics.ts';
import type { PeriodReturns } from '#core/engine/statistics/period-returns.ts';
import type { Significance } from '#core/engine/statistics/significance.ts';
import type { TradeRow } from '#core/engine/trades.ts';
import type { BreakEven } from './break-even.ts';
import type { DetailRecord } from './detail-record.ts';
import type { StockRecord } from './stocks/stock-record.ts';

/** What `strat backtest --json` prints: one JSON document. Times are ISO 8601 UTC, na is null. */
export interface BacktestDocument {
  readonly schema: 'strat.backtest/1';
  /** Program and version, as `strat 0.1.0`. */
  readonly engine: string;
  readonly strategy: StrategyRecord;
  /** The values that were used, by name: numbers, true or false; percents and durations as texts that `--set` takes (`3%`, `4h`). */
  readonly params: Readonly<Record<string, number | boolean | string>>;
  /** All strategies, where several share the account: `strategy` and `params` are those of the first. */
  readonly strategies?: readonly AccountStrategyRecord[];
  /** What was traded first, then what the strategy reads, then what tells rates. */
  readonly data: readonly TradedSource[];
  /** The markets that were traded, where they, or the strategies, are several on one account: the first of `data`. */
  readonly markets?: readonly string[];
  /** Where the account is in another currency than markets: each that was converted, the markets that it was by, and its last rate. Money is the account's everywhere. */
  readonly currencies?: readonly { readonly currency: string; readonly by: readonly string[]; readonly rate: number }[];
  readonly settings: BacktestSettings;
  readonly metrics: Metrics;
  /** Change of the equity by calendar month and year, UTC. */
  readonly periods: PeriodReturns;
  /** Where the profit came from. */
  readonly attribution: Attribution;
  /** How far the figures may be chance; null = not asked for. */
  readonly significance: Significance | null;
  /** Costs at which the net profit is gone, where that was asked for. */
  readonly breakEven?: BreakEven;
  readonly trades: readonly TradeRecord[];
  /** Bars in which a target and a stop were both reached and nothing tells which came first: what the run would have earned more, before fees, had it been the target. */
  readonly ambiguous: readonly { readonly time: string; readonly profit: number }[];
  readonly warnings: readonly BacktestWarning[];
  /** SHA-256 over the canonical trades and equity (core/engine/canonical.ts), lower-case hex. */
  readonly resultHash: string;
  /** Durations in ms, by stage, to the microsecond; `totalMs` is all since the start of the process. The only part that differs between equal runs. */
  readonly timing: Readonly<Record<string, number>>;
}

export interface StrategyRecord {
  readonly name: string;
  readonly file: string;
  /** Of the file's bytes, lower-case hex. */
  readonly sha256: string;
  /** The files it imports functions from, if any; paths are from its folder. */
  readonly modules?: readonly { readonly path: string; readonly sha256: string }[];
  /** The files of predictions of its models, if any. */
  readonly models?: readonly { readonly path: string; readonly sha256: string }[];
  /** Indicator plugins that it uses, if any; `code` is `sha512-...` of the code, as in the lock file. */
  readonly plugins?: readonly { readonly name: string; readonly version: string; readonly code: string }[];
}

/** One of the strategies on an account. */
export interface AccountStrategyRecord extends StrategyRecord {
  /** Its name, with `#2` behind it where it is the second of that name: trades and attribution name it so. */
  readonly label: string;
  readonly params: BacktestDocument['params'];
  /** The markets that it trades. */
  readonly markets: readonly string[];
}

/** The head of a report: the strategy, or all of them. */
export function titleOf({ strategy, strategies }: Pick<BacktestDocument, 'strategy' | 'strategies'>): string {
  return strategies === undefined ? strategy.name : strategies.map(({ label }) => label).join(' + ');
}

export interface DataSource {
  readonly market: string;
  readonly timeframe: string;
  readonly rows: number;
  /** Opening time of the first and of the last bar. */
  readonly from: string;
  readonly to: string;
  /** Of the file's bytes, lower-case hex; of the rows of the data store their digest. */
  readonly sha256: string;
  /** Where in the data store they are, when they are no file. */
  readonly stored?: StoredVersion;
  /** The file that told of market capitalisations. */
  readonly caps?: CapSource;
  /** Made by a generator, not by a market: said wherever the result shows. */
  readonly synthetic?: true;
}

/** Candles, and what else was known of a market that was traded. */
export interface TradedSource extends DataSource {
  /** Finer bars that decided the order of events inside of bars, if any. */
  readonly detail?: DetailRecord;
  /** The candles that buys met, if they are others, which sales met then. */
  readonly ask?: DataSource;
  /** The mark prices by which positions were liquidated and funding counted, if any; left out: the candles were. */
  readonly mark?: DataSource;
  /** Recorded order books. */
  readonly depth?: DataSource;
  /** Splits and dividends of the stock, if a file told of them; prices and quantities are in shares of the last day. */
  readonly stock?: StockRecord;
  /** The market ended with its last bar. */
  readonly delisted?: true;
}

/** Candles as the document names them; a market that is read may have none in the period. */
export function dataSource(series: {
  readonly market: string;
  readonly timeframe: Timeframe;
  readonly columns: Columns;
  readonly sha256: string;
  readonly stored?: StoredVersion;
  readonly caps?: CapSource;
  readonly synthetic?: true;
}): DataSource {
  const { market, timeframe, sha256, stored, caps, synthetic } = series;
  const { time } = series.columns;
  const at = (index: number): string => (time.length === 0 ? '' : isoTime(time.at(index)!));
  const source = {
    market,
    timeframe: timeframe.name,
    rows: time.length,
    from: at(0),
    to: at(-1),
    sha256,
    ...(stored === undefined ? {} : { stored }),
    ...(caps === undefined ? {} : { caps }),
  };
  return synthetic === true ? { ...source, synthetic } : source;
}

export interface BacktestSettings extends SimulationSettings {
  readonly currency: string;
  /** The bars that count: opening time of the first and of the last, and how many. Those of `data` before it served warm-up. */
  readonly period: { readonly from: string; readonly to: string; readonly bars: number };
  /** Ids of the risk plugins that could refuse or change orders; none = the strategy's orders went to the market as they were. */
  readonly riskPlugins: readonly string[];
}

export interface BacktestWarning {
  readonly code: string;
  readonly message: string;
}

/** A trade row as it is printed: times as ISO 8601 UTC. */
export interface TradeRecord extends Omit<TradeRow, 'entryTime' | 'exitTime'> {
  readonly entryTime: string;
  readonly exitTime: string | null;
}

/** The printed form of a trade row; keys in the order of the document. */
export function tradeRecord(row: TradeRow): TradeRecord {
  return { ...row, entryTime: isoTime(row.entryTime), exitTime: row.exitTime === null ? null : isoTime(row.exitTime) };
}

/** Ms since the epoch as ISO 8601 UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
