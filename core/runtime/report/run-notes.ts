import { detailWords } from '../detail-record.ts';
import { DEFAULT_CONTRACT, type SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { BreakEven } from '../break-even.ts';
import type { BacktestDocument, DataSource } from '../backtest-document.ts';
import { parseMarket } from '#core/model/market.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber, minuteText, priceText, quantityText, shareText } from './number-text.ts';
import { plainText } from './plain-text.ts';
import { someOf } from './some-of.ts';

/**
 * What a reader has to know before believing the numbers: costs, conventions that flatter, missing trades, generated data.
 * What the document already warns of, by its code, is not said twice.
 */
export function runNotes(document: BacktestDocument): string[] {
  const { settings, metrics, data, trades } = document;
  const { conventions, feeRate, slippageRate } = settings;
  const { tradeCount } = metrics;
  const warned = new Set(document.warnings.map(({ code }) => code));
  const isFree = feeRate === 0 && slippageRate === 0 && settings.slippage === undefined && settings.fees?.perUnit === undefined;
  const fees = `fee ${shareText(feeRate)} a fill (${moneyText(metrics.fees, settings.currency)} in all)`;
  const slippage = `slippage ${shareText(slippageRate)} a fill (${moneyText(metrics.slippage, settings.currency)} in all)`;
  const { breakEven } = document;
  const notes: readonly (readonly [boolean, string])[] = [
    [
      data.some((source) => source.synthetic === true) && !warned.has('SYNTHETIC'),
      'Synthetic data: made by a generator, no market ever traded these prices.',
    ],
    [isFree && !warned.has('NO_COSTS'), 'No costs: neither fees nor slippage are counted, so real results are worse.'],
    [!isFree, `Costs counted: ${fees}, ${slippage}.`],
    [
      conventions.fillAt === 'close' && !warned.has('FILL_AT_CLOSE'),
      'Orders fill at the close that decided them: only to compare with other tools, not tradable.',
    ],
    [conventions.sizeAt === 'fill', 'Quantities are fixed when an order fills, with a price that is not known when it goes out.'],
    [
      conventions.warmup === 'first' && !warned.has('WARM_UP_FIRST'),
      'Trading starts before all series have settled: the first trades depend on where the data begins.',
    ],
    [
      tradeCount > 0 && metrics.buyAndHoldPct !== null && metrics.netProfitPct < metrics.buyAndHoldPct,
      'Buying and holding would have earned more over the same bars, with other risk.',
    ],
    [settings.isInverse === true, heldCoinText(document)],
    [
      metrics.tradePValue !== null && metrics.tradePValue > 0.05,
      `Luck alone gives a mean trade this far from zero in ${groupedNumber((metrics.tradePValue ?? 0) * 100, 0)} of 100 such runs.`,
    ],
    [
      metrics.ambiguousBars > 0,
      `In ${groupedNumber(metrics.ambiguousBars, 0)} bars both a target and a stop were reached; the stop was taken. Had the target come first in all of them: ${moneyText(metrics.ambiguousProfit, settings.currency)} more.`,
    ],
    [breakEven !== undefined, breakEven === undefined ? '' : breakEvenText(breakEven)],
    [tradeCount === 0, 'No trade was closed: the trade figures have no value.'],
    [
      trades.some((trade) => trade.exitTime === null),
      'A position is open at the end: it counts in the equity only, at the last close and without the cost of closing.',
    ],
  ];
  return notes.filter(([holds]) => holds).map(([, text]) => text);
}

/** What the figures of an account in a coin are measured in, and against. */
function heldCoinText({ settings: { currency, contract = DEFAULT_CONTRACT }, data }: BacktestDocument): string {
  const contracts = parseMarket(data[0]?.market ?? '')?.quote ?? 'the quote currency';
  return `Quantities are ${contracts}, in contracts of ${quantityText(contract)}; money is ${currency}: to buy and hold is to keep the ${currency}, 0 %, whatever its price in ${contracts} does.`;
}

function breakEvenText({ fee, slippage, delayBars, runs }: BreakEven): string {
  if (runs === 0) return 'There is no net profit that higher costs could take.';
  const at = (what: string, cost: string | null): string => (cost === null ? `no ${what} that was tried` : `a ${what} of ${cost}`);
  const rate = (share: number | null): string | null => (share === null ? null : `${shareText(Number(share.toPrecision(2)))} a fill`);
  const delay = delayBars === null ? null : `${delayBars} bar${delayBars === 1 ? '' : 's'}`;
  return `The net profit is gone at ${at('fee', rate(fee))}, ${at('slippage', rate(slippage))}, ${at('further delay', delay)}; each by itself.`;
}

type Told = Pick<BacktestDocument, 'data' | 'markets'>;

/** What finer bars told of the inside of bars; a line for each length of them. */
export function detailTexts(document: Told): readonly string[] {
  const records = document.data.flatMap(({ detail }) => (detail === undefined ? [] : [detail]));
  return [...Map.groupBy(records, ({ timeframe }) => timeframe)].map(([timeframe, all]) => {
    const sum = (name: 'barsDecided' | 'barsWithout'): number => all.reduce((total, record) => total + record[name], 0);
    const decided = sum('barsDecided');
    return `Inside of bars the ${plainText(detailWords(timeframe), 12)} of --detail decided, in ${groupedNumber(decided, 0)} of ${countedBars(decided + sum('barsWithout'))}${ofMarkets(all.length, document)}`;
  });
}

/** Where it is not true of all that was traded. */
function ofMarkets(count: number, { markets = [''] }: Told): string {
  return count === markets.length ? '' : ` of ${count} market${count === 1 ? '' : 's'}`;
}

/** What a run with `--ask` went by. */
export function askText(document: Told): string | null {
  const count = document.data.filter(({ ask }) => ask !== undefined).length;
  return count === 0 ? null : `Buys met the candles of --ask, sales those of --data${ofMarkets(count, document)}`;
}

/** By what a run on margin, or with funding, liquidated and paid. */
export function markText(document: Told & Pick<BacktestDocument, 'settings'>): string | null {
  const { settings, data } = document;
  const what = [...(settings.margin === undefined ? [] : ['liquidation']), ...(settings.funding === undefined ? [] : ['funding'])];
  if (what.length === 0) return null;
  const marks = data.flatMap(({ mark }) => (mark === undefined ? [] : [mark]));
  const said = what.join(' and ');
  if (marks.length === 0) return `By prices of the candles, no mark prices: ${said}`;
  const from = [
    ...new Set(marks.map(({ stored }) => (stored === undefined ? 'of --mark' : `of the data store, version ${stored.version}`))),
  ];
  return `By mark prices ${from.join(', ')}: ${said}${ofMarkets(marks.length, document)}`;
}

/** Which markets ended. */
export function delistedText({ data }: Pick<BacktestDocument, 'data'>): string | null {
  const ended = data.filter(({ delisted }) => delisted === true).map(({ market, to }) => `${plainText(market, 40)} on ${to.slice(0, 10)}`);
  return ended.length === 0 ? null : `Delisted: ${someOf(ended)}; what was held then went at the last close`;
}

/** What factor files told. */
export function stockText(document: Told): string | null {
  const stocks = document.data.flatMap(({ stock }) => (stock === undefined ? [] : [stock]));
  if (stocks.length === 0) return null;
  const sum = (name: 'splits' | 'dividends'): number => stocks.reduce((total, stock) => total + stock[name], 0);
  const [splits, dividends] = [sum('splits'), sum('dividends')];
  const counted = (count: number, what: string): string => `${groupedNumber(count, 0)} ${what}${count === 1 ? '' : 's'}`;
  return `${counted(splits, 'split')} and ${counted(dividends, 'dividend')} of --factors${ofMarkets(stocks.length, document)}; prices and quantities are in shares of the last day`;
}

/** Where the account is in another currency than markets: how money was converted, a line a currency. */
export function currencyTexts({ currencies = [], settings }: Pick<BacktestDocument, 'currencies' | 'settings'>): readonly string[] {
  return currencies.map(({ currency, by, rate }) => {
    const names = by.map((market) => plainText(market, 40)).join(', ');
    return `${plainText(currency, 8)} in ${plainText(settings.currency, 8)} by ${names}, at the end ${priceText(rate)}`;
  });
}

/** What a run on margin, or with funding, goes by; a line each. */
export function marginTexts({ margin, funding }: Pick<SimulationSettings, 'margin' | 'funding'>): readonly string[] {
  const texts: string[] = [];
  if (margin !== undefined) {
    const tiers = margin.maintenance.map(({ from, rate }) =>
      from === 0 ? shareText(rate) : `${shareText(rate)} above ${quantityText(from)}`,
    );
    texts.push(
      `Leverage ${groupedNumber(margin.leverage, 2).replace(/\.?0+$/, '')}, ${margin.kind} margin: liquidated at ${tiers.join(', ')} of the value, for ${shareText(margin.liquidationRate)} of it`,
    );
  }
  if (funding !== undefined) {
    const rate = funding.rate === null ? 'at the rates of the data' : `at ${shareText(funding.rate)}`;
    texts.push(`Funding every ${groupedNumber(funding.everyMs / 3_600_000, 2).replace(/\.?0+$/, '')} hours ${rate}`);
  }
  return texts;
}

/** A convention of the run: its name and value as options and JSON have them, and in words what that means. */
export interface ConventionLine {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

export function conventionLines(document: BacktestDocument): ConventionLine[] {
  const { sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill, opposite, calendar } = document.settings.conventions;
  const compared = (value: string | undefined, common: string, name: string, meaning: string): readonly ConventionLine[] =>
    value === undefined || value === common ? [] : [{ name, value, meaning }];
  return [
    {
      name: 'sizeAt',
      value: sizeAt,
      meaning: sizeAt === 'order' ? 'the quantity is fixed when the order is decided' : 'the quantity is fixed when the order fills',
    },
    {
      name: 'fillAt',
      value: fillAt,
      meaning:
        fillAt === 'nextOpen' ? 'market orders fill at the open of the next bar' : 'market orders fill at the close that decided them',
    },
    ...compared(limitFill, 'through', 'limitFill', 'a limit order that is only touched fills'),
    ...compared(opposite, 'ignore', 'opposite', 'a signal of the other side reverses the position'),
    {
      name: 'warmup',
      value: warmup,
      meaning:
        warmup === 'settled' ? 'no order before all series have settled' : 'orders from the first bar on which all series have a value',
    },
    {
      name: 'closeAtEnd',
      value: String(closeAtEnd),
      meaning: closeAtEnd ? 'a position is closed before the last bar ends' : 'a position may be open at the end',
    },
    {
      name: 'lot',
      value: lot === null ? 'none' : String(lot),
      meaning: lot === null ? 'quantities are not rounded' : 'step of quantities',
    },
    { name: 'tick', value: tick === null ? 'none' : String(tick), meaning: tick === null ? 'prices are not rounded' : 'step of prices' },
    ...(calendar === undefined
      ? []
      : [{ name: 'calendar', value: calendar.name, meaning: `figures are brought to a year of ${calendar.daysOfYear} days of trading` }]),
  ];
}

/** `none, every order of the strategy went to the market`. */
export function riskText({ settings }: BacktestDocument): string {
  return settings.riskPlugins.length === 0 ? 'none, no order was refused or changed' : settings.riskPlugins.join(', ');
}

/** More markets than this are not listed one by one at the head of a report. */
const MAX_SOURCES = 8;
const FIRST_SOURCES = 3;

/** What a run was made of, a line each: of many markets those that are listed at once, and the others. */
export function sourceTexts(document: BacktestDocument): { readonly first: readonly string[]; readonly more: readonly string[] } {
  const lines = document.data.map((source) => {
    const kind = source.synthetic === true ? ' (synthetic)' : '';
    return `${plainText(source.market, 40)} ${plainText(source.timeframe, 8)}${kind}, ${periodText(document, source)}`;
  });
  const count = lines.length > MAX_SOURCES ? FIRST_SOURCES : lines.length;
  return { first: lines.slice(0, count), more: lines.slice(count) };
}

/** The bars that count, and of which source: `2022-01-01 00:00 to 2022-12-31 23:00 UTC, 8,760 bars, and 500 before for warm-up`. */
function periodText({ settings, data }: BacktestDocument, source: DataSource): string {
  const { period } = settings;
  const { from, to, bars } = data.length === 1 ? period : { ...source, bars: source.rows };
  const before = source.rows - bars;
  const warmUp = before > 0 ? `, and ${countedBars(before)} before for warm-up` : '';
  return `${minuteText(from)} to ${minuteText(to)} UTC, ${countedBars(bars)}${warmUp}`;
}

function countedBars(count: number): string {
  return `${groupedNumber(count, 0)} bar${count === 1 ? '' : 's'}`;
}
