import { type LogRow, logRows } from '#core/engine/log-rows.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { accountBacktest, type BacktestResult, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { AccountCurrency, type RateSource } from '#core/runtime/currency/account-currency.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import type { SettingsRequest } from '#core/runtime/resolve-settings.ts';
import { createCompiler } from '#dsl/compile.ts';
import { type Candle, columnsOf, marketOf } from './candle-run.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const compiler = createCompiler();

export interface AccountRun {
  /** By label: `AAA/USDT, BBB/USDT` and the rules, below a heading. */
  readonly strategies: Readonly<Record<string, readonly [markets: string, rules: string]>>;
  /** By name of the market: its candles by the hour; null = it has no bar then. */
  readonly candles: Readonly<Record<string, readonly (Candle | null)[]>>;
  readonly settings?: SettingsRequest;
  readonly riskRules?: readonly NamedRule[];
  /** Currency of the account, and by market what tells rates: a number, or candles by the hour. Markets that are traded tell them too. */
  readonly account?: { readonly currency: string; readonly rates: Readonly<Record<string, number | readonly (Candle | null)[]>> };
}

export interface AccountOutcome extends BacktestResult {
  /** `bar label market kind qty @price`, in the order of bars, then of strategies and their markets. */
  readonly fills: readonly string[];
  /** `bar label market kind`. */
  readonly events: readonly string[];
}

const short = (x: number): string => String(Number(x.toPrecision(10)));

export function preparedFrom(label: string, markets: string, rules: string, settings: SettingsRequest): PreparedStrategy {
  const text = `strat 1\nstrategy "${label}"\ntrade ${markets} on 1h side both\n${rules}`;
  const prepared = prepareStrategy(compiler, text, `${label}.strat`, { capital: 10_000, feeRate: 0, slippageRate: 0, ...settings });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return prepared.value;
}

export function hourlyData(market: string, candles: readonly (Candle | null)[]): MarketData {
  return marketOf(market, columnsOf(candles.flatMap((candle, hour) => (candle === null ? [] : [[START + hour * HOUR, candle] as const]))));
}

/** The currency of an account, with rates by the hour. */
export function accountOf(
  { currency, rates }: NonNullable<AccountRun['account']>,
  strategies: readonly { readonly markets: readonly MarketData[] }[],
): AccountCurrency {
  const source = (market: string, { columns }: MarketData): RateSource => ({ market, rate: { columns, stepMs: HOUR } });
  return new AccountCurrency(currency, [
    ...Object.entries(rates).map(([market, rate]) =>
      typeof rate === 'number' ? { market, rate } : source(market, hourlyData(market, rate)),
    ),
    ...strategies.flatMap(({ markets }) => markets.map((data) => source(data.market, data))),
  ]);
}

/** Runs strategies on one account over tables of candles: no fee and no slippage unless told, orders from the first bar on. */
export async function runAccount({ strategies, candles, settings = {}, riskRules = [], account }: AccountRun): Promise<AccountOutcome> {
  const all = Object.entries(strategies).map(([label, [markets, rules]]) => ({
    label,
    prepared: preparedFrom(label, markets, rules, settings),
    markets: markets.split(', ').map((market) => hourlyData(market, candles[market]!)),
  }));
  const money = account === undefined ? undefined : { currency: accountOf(account, all), read: [] };
  const result = await accountBacktest(all, DEFAULT_LIMITS, {}, riskRules, money);
  const told = (tell: (row: LogRow, place: string) => readonly string[]): readonly string[] =>
    result.outcome
      .markets!.flatMap(({ market, strategy = 0, columns, log }) =>
        logRows(log).map((row) => {
          const hour = (columns.time[row.bar]! - START) / HOUR;
          return { row, hour, place: `${hour} ${all[strategy]!.label} ${market.slice(0, market.indexOf('/'))}` };
        }),
      )
      .toSorted((a, b) => a.hour - b.hour)
      .flatMap(({ row, place }) => tell(row, place));
  return {
    ...result,
    fills: told((row, place) => (row.type === 'fill' ? [`${place} ${row.kind} ${short(row.qty)} @${short(row.price)}`] : [])),
    events: told((row, place) => (row.type === 'event' ? [`${place} ${row.kind}`] : [])),
  };
}
