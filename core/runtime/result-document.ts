import { sha256 } from '#sha256';
import { canonicalBytes } from '#core/engine/canonical.ts';
import { currencyLedgerOf } from '#core/engine/currency-ledger.ts';
import { ledgerOf } from '#core/engine/ledger.ts';
import { marketValuation } from '#core/engine/market-valuation.ts';
import {
  bookingsOf,
  type EngineEvent,
  eventsOf,
  type Fill,
  fillsOf,
  logRows,
  type PluginEvent,
  pluginEventsOf,
} from '#core/engine/log-rows.ts';
import { ambiguityOf } from '#core/engine/statistics/ambiguity.ts';
import { attributionOf } from '#core/engine/statistics/attribution.ts';
import { dailyEquity } from '#core/engine/statistics/daily-equity.ts';
import { doubtsOf } from '#core/engine/statistics/doubts.ts';
import { metricsOf } from '#core/engine/statistics/metrics.ts';
import { periodReturns } from '#core/engine/statistics/period-returns.ts';
import { significanceOf } from '#core/engine/statistics/significance.ts';
import { joinTrades, type TradeNames, type TradeRow, tradesOf } from '#core/engine/trades.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import { amountText } from '#dsl/check/param-override.ts';
import { scalarType } from '#dsl/check/type.ts';
import type { Program, ProgramParam } from '#dsl/program.ts';
import { accountCurrency } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { type BacktestDocument, type BacktestWarning, isoTime, type TradedSource, tradeRecord } from './backtest-document.ts';
import type { RunRates } from './currency/step-rates.ts';
import { dataWarnings, endedWarnings, tickWarnings } from './data-warnings.ts';
import { detailWords } from './detail-record.ts';
import { doubtWarning } from './doubt-warnings.ts';
import type { MarketData } from './market-data.ts';
import { reasonNames, reasonTexts } from './reason-texts.ts';
import { EVENT_CODES, EVENT_TEXTS } from './order-event-texts.ts';
import { PLUGIN_FAULT, pluginNames } from './plugin-faults.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { STRAT_VERSION } from './version.ts';

/** Of the resampling behind `significance`, where nobody asked for another. */
const DEFAULT_SEED = 1;

/** What a finished run left behind, in whichever way it ran: isolate, paper, replay. */
export interface RunOutcome {
  readonly columns: Columns;
  /** First bar that counts. */
  readonly fromIndex: number;
  /** Rows of LOG_FIELDS. */
  readonly log: Float64Array;
  /** One value a bar. */
  readonly equity: Float64Array;
  /** What it traded on, where that is known; of a stock with splits `columns` and `log` are in shares of the last day. */
  readonly data?: MarketData;
  /** Several strategies on one account; left out: one. */
  readonly strategies?: readonly { readonly label: string; readonly prepared: PreparedStrategy }[];
  /** An account in a currency of its own; `log` = the rate of each row of the log. Left out: in that of its markets. */
  readonly conversion?: Pick<RunRates, 'currency' | 'currencies'> & { readonly log: Float64Array };
  /** Several markets on one account, or several strategies: `columns`, `log` and `equity` are those of all together (portfolio-outcome.ts), and each has its own here. */
  readonly markets?: readonly MarketOutcome[];
}

/** One of several markets, as one strategy trades it. */
export interface MarketOutcome {
  readonly market: string;
  /** Place of the strategy; left out: the first. */
  readonly strategy?: number;
  readonly columns: Columns;
  readonly further: FurtherColumns;
  /** First of its bars that counts. */
  readonly fromIndex: number;
  /** In its own bars. */
  readonly log: Float64Array;
  /** The account's currency for one of the quote, of each row of the log, and at the close of each bar; left out: they are the same. */
  readonly rates?: { readonly log: Float64Array; readonly close: Float64Array };
  readonly data?: MarketData;
}

/**
 * The document of a run (architecture.md section 6). Equal runs give equal documents but for `timing`; `resultHash` covers
 * trades and equity from `fromIndex` on.
 * @param sources what was traded first
 * @param seed of the resampling behind `significance`; null = none is wanted
 */
export function resultDocument(
  prepared: PreparedStrategy,
  sources: readonly [TradedSource, ...TradedSource[]],
  outcome: RunOutcome,
  warnings: readonly BacktestWarning[],
  timing: Readonly<Record<string, number>>,
  riskPlugins: readonly string[] = [],
  seed: number | null = DEFAULT_SEED,
): BacktestDocument {
  const { settings } = prepared;
  const [source] = sources;
  const strategies = outcome.strategies ?? [{ label: prepared.source.name, prepared }];
  const { columns, fromIndex, log, equity } = outcome;
  const to = columns.time.length;
  const { conversion } = outcome;
  const fills = fillsOf(log, conversion?.log);
  const markets: readonly (Omit<MarketOutcome, 'further'> & { readonly strategy?: number })[] = outcome.markets ?? [
    { market: source.market, columns, fromIndex, log },
  ];
  const of = ({ strategy = 0 }: { readonly strategy?: number }): (typeof strategies)[number] => strategies[strategy]!;
  const tradesBy = (reasonsOf: (program: Program, market: string) => TradeNames['reasonOf']): TradeRow[] =>
    joinTrades(
      markets.map((one) => {
        const { label, prepared: own } = of(one);
        return tradesOf(one.log, one.columns, {
          market: one.market,
          ...(outcome.strategies === undefined ? {} : { strategy: label }),
          setups: own.program.entries.map(({ setup, basket }) => namesOf(own.program, setup, basket)),
          reasonOf: reasonsOf(own.program, one.market),
          fillAt: settings.conventions.fillAt,
          ...(one.rates === undefined ? {} : { rates: { log: one.rates.log, last: one.rates.close.at(-1)! } }),
        });
      }),
    );
  const trades = tradesBy(reasonTexts);
  const valuation = marketValuation(source.market);
  const bookings = markets.map((one) => bookingsOf(one.log, one.rates?.log));
  const lastRates = markets.flatMap(({ rates }) => (rates === undefined ? [] : [rates.close.at(-1)!]));
  const events = eventsOf(log);
  const joint =
    outcome.markets === undefined
      ? {}
      : {
          markets: markets.map((one) => ({
            columns: one.columns,
            fills: fillsOf(one.log, one.rates?.log),
            lastClose: one.columns.close.at(-1)!,
          })),
        };
  const run = {
    columns,
    equity,
    from: fromIndex,
    to,
    capital: settings.capital,
    fills,
    ...joint,
    rows: logRows(log, conversion?.log),
    trades,
    valuation,
    ...(settings.conventions.calendar === undefined ? {} : { calendar: settings.conventions.calendar }),
    books:
      conversion === undefined ? ledgerOf(bookings, settings.capital, valuation) : currencyLedgerOf(bookings, settings.capital, lastRates),
  };
  const metrics = metricsOf(run);
  return {
    schema: 'strat.backtest/1',
    engine: `strat ${STRAT_VERSION}`,
    strategy: strategyRecord(prepared),
    params: paramRecord(prepared),
    ...(outcome.strategies === undefined
      ? {}
      : {
          strategies: strategies.map(({ label, prepared: own }, place) => ({
            label,
            ...strategyRecord(own),
            params: paramRecord(own),
            markets: [...new Set(markets.filter(({ strategy = 0 }) => strategy === place).map(({ market }) => market))],
          })),
        }),
    data: sources,
    ...(conversion === undefined ? {} : { currencies: conversion.currencies.map(({ currency, by, rate }) => ({ currency, by, rate })) }),
    ...(outcome.markets === undefined ? {} : { markets: [...new Set(markets.map(({ market }) => market))] }),
    settings: {
      ...settings,
      currency: conversion?.currency ?? accountCurrency(source.market) ?? 'USD',
      period: { from: isoTime(columns.time[fromIndex]!), to: isoTime(columns.time[to - 1]!), bars: to - fromIndex },
      riskPlugins,
    },
    metrics,
    periods: periodReturns(dailyEquity(columns.time, equity, fromIndex, to), settings.capital),
    // Reasons with values differ from trade to trade: what trades have in common is the rule.
    attribution: attributionOf(fills.every(({ said }) => said === undefined) ? trades : tradesBy(reasonNames)),
    significance: seed === null ? null : significanceOf(run, seed),
    trades: trades.map(tradeRecord),
    ambiguous: ambiguityOf(run.rows, valuation).bars.map(({ bar, profit }) => ({ time: isoTime(columns.time[bar]!), profit })),
    warnings: [
      ...warnings,
      ...conventionWarnings(prepared),
      ...rateWarnings(conversion),
      ...markets.flatMap((one) => warmUpWarnings(of(one).prepared, one, whoseOf(outcome, of(one).label, one.market))),
      ...sources.flatMap((one) => detailWarnings(one, outcome.markets === undefined ? '' : `${one.market}: `)),
      ...latencyWarnings(
        prepared,
        sources.filter(({ market }) => markets.some((one) => one.market === market)),
      ),
      ...strategies.flatMap(({ prepared: own }, place) =>
        dataWarnings(
          own,
          columns,
          fromIndex,
          markets.filter(({ strategy = 0 }) => strategy === place).map((one) => one.columns),
        ),
      ),
      ...tickWarnings(settings.conventions.tick, markets),
      ...endedWarnings(columns, markets, new Set(trades.filter(({ exitTime }) => exitTime === null).map(({ market }) => market))),
      ...doubtsOf({ ...run, metrics }).map(doubtWarning),
      ...liquidationWarnings(fills, columns),
      ...eventWarnings(events, columns),
      ...(outcome.strategies === undefined
        ? pluginWarnings(prepared.program, pluginEventsOf(log), columns)
        : markets.flatMap((one) => pluginWarnings(of(one).prepared.program, pluginEventsOf(one.log), one.columns))),
    ],
    resultHash: sha256(canonicalBytes(trades, equity.subarray(fromIndex, to))),
    timing,
  };
}

function strategyRecord({ source: { name, file, sha256, modules, models, plugins } }: PreparedStrategy): BacktestDocument['strategy'] {
  return {
    name,
    file,
    sha256,
    ...(modules.length === 0 ? {} : { modules }),
    ...(models.length === 0 ? {} : { models }),
    ...(plugins.length === 0 ? {} : { plugins: plugins.map(({ name: plugin, version, code }) => ({ name: plugin, version, code })) }),
  };
}

function paramRecord({ program }: PreparedStrategy): BacktestDocument['params'] {
  return Object.fromEntries(program.params.map((param) => [param.name, paramValue(param)]));
}

/** Before a warning: what it is of, where there are several. */
function whoseOf({ strategies, markets }: RunOutcome, label: string, market: string): string {
  return `${strategies === undefined ? '' : `${label}: `}${markets === undefined ? '' : `${market}: `}`;
}

/** What of an entry tells its trades apart: its setup, or the basket that it is a leg of. */
function namesOf({ setups, baskets }: Program, setup: number | null, basket: number | null): string | null {
  return setup === null ? (basket === null ? null : baskets[basket]!.name) : setups[setup]!.name;
}

/** A value as `--set` takes it, where a bare number would not tell its unit. */
function paramValue({ kind, value }: ProgramParam): number | boolean | string {
  if (kind === 'condition') return value === 1;
  return kind === 'percent' || kind === 'duration' ? amountText(value, scalarType(kind)) : value;
}

function conventionWarnings({ settings }: PreparedStrategy): readonly BacktestWarning[] {
  const { fillAt, warmup } = settings.conventions;
  const warnings: BacktestWarning[] = [];
  if (fillAt === 'close')
    warnings.push({
      code: 'FILL_AT_CLOSE',
      message: 'orders fill at the close that decided them, which no market offers: use it only to compare with other tools',
    });
  if (warmup === 'first')
    warnings.push({
      code: 'WARM_UP_FIRST',
      message: 'trading starts before recursive averages have settled: use it only to compare with other tools',
    });
  if (settings.feeRate === 0 && settings.slippageRate === 0 && settings.slippage === undefined && settings.fees?.perUnit === undefined)
    warnings.push({ code: 'NO_COSTS', message: 'the run is free of fees and slippage, which no market is' });
  return warnings;
}

/** Rates that were known long before. */
function rateWarnings(conversion: RunOutcome['conversion']): readonly BacktestWarning[] {
  return (conversion?.currencies ?? []).flatMap(({ currency, by, stale }) =>
    stale === 0
      ? []
      : [
          {
            code: 'RATE_STALE',
            message: `the rate of ${currency} (${by.join(', ')}) was older than four days at ${stale} closes: the last known was taken`,
          },
        ],
  );
}

function warmUpWarnings(
  { warmUpBars }: PreparedStrategy,
  { columns, fromIndex }: Pick<RunOutcome, 'columns' | 'fromIndex'>,
  whose: string,
): readonly BacktestWarning[] {
  const bars = columns.time.length;
  if (warmUpBars >= bars)
    return [
      {
        code: 'WARM_UP_TOO_LONG',
        message: `${whose}the strategy needs ${warmUpBars} bars before its first order, and the data have ${bars}: it could not trade`,
      },
    ];
  if (warmUpBars <= fromIndex || fromIndex === 0) return [];
  return [
    {
      code: 'WARM_UP_AFTER_FROM',
      message: `${whose}the first ${warmUpBars - fromIndex} bars after --from still served warm-up: the data should start earlier`,
    },
  ];
}

/** Bars tell of times that are multiples of their length alone: an order waits for one that opens after it has come. */
function latencyWarnings({ settings, compiled }: PreparedStrategy, traded: readonly TradedSource[]): readonly BacktestWarning[] {
  const { latency } = settings;
  if (latency?.ms === undefined) return [];
  const stepMs = Math.max(
    ...traded.map(({ detail }) => (detail === undefined ? null : parseTimeframe(detail.timeframe)?.stepMs) ?? compiled.plan.stepMs),
  );
  const waitedMs = Math.ceil(latency.ms / stepMs) * stepMs;
  if (waitedMs === latency.ms) return [];
  const message = `orders are to reach the market ${latency.ms / 1000} s after their decision, and the data have no bar that opens before ${waitedMs / 1000} s after it, so they wait so long; --detail with finer candles makes it less`;
  return [{ code: 'LATENCY', message }];
}

function detailWarnings({ detail }: TradedSource, whose: string): readonly BacktestWarning[] {
  if (detail === undefined || detail.barsWithout === 0) return [];
  const all = detail.barsDecided + detail.barsWithout;
  const message = `${whose}${detail.barsWithout} of ${all} bars are not made up of the ${detailWords(detail.timeframe)} of --detail: there orders met the bar as it is`;
  return [{ code: 'DETAIL', message }];
}

function liquidationWarnings(fills: readonly Fill[], columns: Columns): readonly BacktestWarning[] {
  const [first, ...more] = fills.filter(({ kind }) => kind === 'liquidation');
  if (first === undefined) return [];
  const what = more.length === 0 ? '1 position was' : `${more.length + 1} positions were`;
  const message = `${what} liquidated: less than the maintenance margin was left; first at ${isoTime(columns.time[first.bar]!)}`;
  return [{ code: 'LIQUIDATED', message }];
}

/** One line a kind: how often, why, and where first. */
function eventWarnings(events: readonly EngineEvent[], columns: Columns): readonly BacktestWarning[] {
  return [...Map.groupBy(events, (event) => event.kind)].map(([kind, group]) => {
    const [one, many, why] = EVENT_TEXTS[kind];
    const first = isoTime(columns.time[group[0]!.bar]!);
    return { code: EVENT_CODES[kind] ?? 'E1001', message: `${group.length} ${group.length === 1 ? one : many}: ${why}; first at ${first}` };
  });
}

/** E1005, one line an event: plugins are few, and each has at most two. */
function pluginWarnings(program: Program, events: readonly PluginEvent[], columns: Columns): readonly BacktestWarning[] {
  return events.flatMap((event) => {
    const at = isoTime(columns.time[event.bar]!);
    return pluginNames(program, event).map((name) => ({ code: 'E1005', message: `${name} ${PLUGIN_FAULT[event.kind]}; at ${at}` }));
  });
}
