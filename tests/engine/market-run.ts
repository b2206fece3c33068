import { type LogRow, logRows } from '#core/engine/log-rows.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { type BacktestResult, DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import type { SettingsRequest } from '#core/runtime/resolve-settings.ts';
import { createCompiler } from '#dsl/compile.ts';
import { askOf, type Candle, type CandleRun, columnsOf, detailOf, marketOf, stockOf } from './candle-run.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const compiler = createCompiler();

export interface MarketsRun {
  /** Rules; the heading and the `trade` line with all markets are put before them, or `trade universe` where they have one. */
  readonly rules: string;
  /** By name of the market, in the order of the `trade` line: its candles by the hour; null = it has no bar then. */
  readonly candles: Readonly<Record<string, readonly (Candle | null)[]>>;
  readonly settings?: SettingsRequest;
  /** What else is known of markets, by name; `candles` of these have no gap. */
  readonly facts?: Readonly<Record<string, Pick<CandleRun, 'quarters' | 'asks' | 'actions' | 'isDelisted'>>>;
  /** Open of the first bar, ms. */
  readonly start?: number;
  readonly riskRules?: readonly NamedRule[];
}

export interface MarketsOutcome extends BacktestResult {
  /** `bar market kind qty @price`, in the order of bars, then of markets; bars counted by the hour. */
  readonly fills: readonly string[];
  /** `bar market kind`. */
  readonly events: readonly string[];
}

const short = (x: number): string => String(Number(x.toPrecision(10)));

/** Runs rules over tables of candles of several markets: no fee and no slippage unless told, orders from the first bar on. */
export async function runMarkets({
  rules,
  candles,
  settings = {},
  facts = {},
  start = START,
  riskRules = [],
}: MarketsRun): Promise<MarketsOutcome> {
  const names = Object.keys(candles);
  // With a basket the first market is traded, and the others are its legs.
  const traded = rules.includes('universe {') ? 'universe' : rules.includes('basket ') ? names[0]! : names.join(', ');
  const text = `strat 1\nstrategy "markets"\ntrade ${traded} on 1h side both\n${rules}`;
  const prepared = prepareStrategy(compiler, text, 'markets.strat', { capital: 10_000, feeRate: 0, slippageRate: 0, ...settings });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const markets = names.map((market) => {
    const columns = columnsOf(
      candles[market]!.flatMap((candle, hour) => (candle === null ? [] : [[start + hour * HOUR, candle] as const])),
    );
    const { quarters, asks, actions, isDelisted } = facts[market] ?? {};
    const data = marketOf(market, columns);
    return {
      ...data,
      ...(quarters === undefined ? {} : { detail: detailOf(data, start, quarters) }),
      ...(asks === undefined ? {} : { ask: askOf(asks, columns.time) }),
      ...(actions === undefined ? {} : { stock: stockOf(actions) }),
      ...(isDelisted === undefined ? {} : { isDelisted }),
    };
  });
  const result = await portfolioBacktest(prepared.value, markets, DEFAULT_LIMITS, {}, riskRules);
  const told = (tell: (row: LogRow, hour: number, market: string) => readonly string[]): readonly string[] =>
    result.outcome
      .markets!.flatMap(({ market, columns, log }) =>
        logRows(log).map((row) => ({ row, market, hour: (columns.time[row.bar]! - start) / HOUR })),
      )
      .toSorted((a, b) => a.hour - b.hour)
      .flatMap(({ row, hour, market }) => tell(row, hour, market.slice(0, market.indexOf('/'))));
  return {
    ...result,
    fills: told((row, hour, market) =>
      row.type === 'fill' ? [`${hour} ${market} ${row.kind} ${short(row.qty)} @${short(row.price)}`] : [],
    ),
    events: told((row, hour, market) => (row.type === 'event' ? [`${hour} ${market} ${row.kind}`] : [])),
  };
}
