import type { StatusAnswer } from '#core/http/schemas/bot-schemas.ts';
import type { MarketStatus, StrategyStatus } from '#core/ports/bot-control.ts';
import { marketMoneyText } from '#core/runtime/report/money-text.ts';
import { priceText, quantityText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { alignedTable, type Column } from './aligned-table.ts';
import type { Paint } from './paint.ts';

const MAX_CELL = 32;

/** A line for each market; what is of the strategy stands in the first. */
interface Row {
  readonly strategy: StrategyStatus;
  readonly market: MarketStatus;
  readonly isFirst: boolean;
}

/** Any of its markets: they share an account. */
const marketOf = ({ markets }: StrategyStatus): string => markets[0]?.market ?? '';
const profitOf = ({ equity, capital }: StrategyStatus): number => equity - capital;
const signed = (value: number, market: string): string => `${value > 0 ? '+' : ''}${marketMoneyText(value, market)}`;

/** Columns of the highest rank go first where the terminal is narrow. */
const COLUMNS: readonly (Column<Row> & { readonly rank: number })[] = [
  { title: 'Strategy', rank: 0, text: ofStrategy(({ id }) => plainText(id, MAX_CELL)) },
  { title: 'State', rank: 1, text: ofStrategy(({ state }) => state) },
  { title: 'Market', rank: 5, text: ({ market, strategy }) => plainText(`${market.market} ${strategy.timeframe}`, MAX_CELL) },
  { title: 'Position', rank: 2, isNumber: true, text: positionText },
  { title: 'Entry', rank: 6, isNumber: true, text: ({ market: { avgPrice } }) => (avgPrice === null ? '' : priceText(avgPrice)) },
  { title: 'Stop', rank: 7, isNumber: true, text: ({ market: { stopLevel } }) => (stopLevel === null ? '' : priceText(stopLevel)) },
  { title: 'Price', rank: 8, isNumber: true, text: ({ market: { lastBar } }) => (lastBar === null ? '' : priceText(lastBar.close)) },
  { title: 'Equity', rank: 3, isNumber: true, text: ofStrategy((one) => marketMoneyText(one.equity, marketOf(one))) },
  {
    title: 'Profit',
    rank: 4,
    isNumber: true,
    text: ofStrategy((one) => signed(profitOf(one), marketOf(one))),
    tone: ({ strategy }) => profitOf(strategy),
  },
  { title: 'Trades', rank: 9, isNumber: true, text: ofStrategy(({ tradeCount }) => String(tradeCount)) },
  { title: 'Bars', rank: 10, isNumber: true, text: ofStrategy(({ bars }) => String(bars)) },
];

/** The state of a bot for people; every text from a file is made harmless. */
export function statusText(status: StatusAnswer, url: string, width: number, paint: Paint): string {
  const { strategies, problems } = status;
  const rows = strategies.flatMap((strategy) => strategy.markets.map((market, at): Row => ({ strategy, market, isFirst: at === 0 })));
  const reasons = strategies.filter(({ reason }) => reason !== null);
  return [
    paint.bold(`strat ${plainText(status.version)}: ${status.mode} trading, ${durationText(status.now - status.startedAt)} up, ${url}`),
    '',
    ...(strategies.length === 0 ? ['No strategies.'] : alignedTable(COLUMNS, rows, width, paint)),
    ...(reasons.length === 0 ? [] : ['', ...reasons.map(({ id, state, reason }) => plainText(`${id} is ${state}: ${reason ?? ''}`, 500))]),
    ...(problems.length === 0 ? [] : ['', ...problems.map(({ part, text }) => paint.warn(plainText(`! ${part}: ${text}`, 500)))]),
    '',
  ].join('\n');
}

function ofStrategy(text: (strategy: StrategyStatus) => string): (row: Row) => string {
  return ({ strategy, isFirst }) => (isFirst ? text(strategy) : '');
}

function positionText({ market: { qty } }: Row): string {
  return qty === 0 ? 'flat' : `${qty > 0 ? 'long' : 'short'} ${quantityText(Math.abs(qty))}`;
}

function durationText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
