import { OrderNews } from '#core/runtime/paper/order-news.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { isoTime } from '#core/runtime/backtest-document.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { accountCurrency } from '#core/model/market.ts';
import type { PaperMarket, PaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import { PLUGIN_FAULT } from '#core/runtime/plugin-faults.ts';
import { moneyText } from '#core/runtime/report/money-text.ts';
import { groupedNumber, minuteText, priceText, quantityText, shareText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { foldedLine } from './fold-line.ts';
import type { Paint } from './paint.ts';

type FillEvent = Extract<PaperEvent, { readonly type: 'fill' }>;

const MAX_REASON = 32;
/** A time and two spaces: where the lines below begin that a narrow terminal needs. */
const INDENT = 18;
/** Of a fill on one line, with all columns, without the name of the strategy. */
const FILL_WIDTH = 120;
const signedText = (value: number, text: string): string => `${value > 0 ? '+' : ''}${text}`;
const minute = (time: number): string => minuteText(isoTime(time));

/** What a bot on paper says to a person, line by line, each folded to the width of the terminal; every text from a file is made harmless. */
export class RunLines {
  readonly #paint: Paint;
  readonly #width: () => number;
  readonly #news = new OrderNews();
  readonly #strategies = new Map<string, PaperStrategy>();
  #idWidth = 0;

  /** @param width columns that there are now: a bot outlives many sizes of its window; Infinity = lines as they are */
  constructor(paint: Paint, width: () => number) {
    this.#paint = paint;
    this.#width = width;
  }

  /** Lines as the terminal takes them. */
  fold(lines: string, indent: number = INDENT): string {
    return lines
      .split('\n')
      .map((line) => foldedLine(line, this.#width(), indent))
      .join('\n');
  }

  /** A strategy that it will tell of; one of the same name takes its place. */
  take(strategy: PaperStrategy): void {
    this.#strategies.set(strategy.id, strategy);
    const names = namesMarkets(strategy) ? strategy.markets.map(({ feed }) => `${strategy.id} ${feed.market}`) : [strategy.id];
    this.#idWidth = Math.max(this.#idWidth, ...names.map(({ length }) => length));
  }

  /** Who trades what, on which market, and where it goes on. */
  opening(version: string, folder: string, url: string | null): string[] {
    const strategies = [...this.#strategies.values()];
    const feeds = new Set(strategies.flatMap(({ markets }) => markets.map(({ feed }) => marketText(feed))));
    return [
      this.#paint.bold(`strat ${version}: paper trading, no real money`),
      ...[...feeds].map((feed) => this.fold(feed, 2)),
      ...strategies.map((strategy) => {
        const { markets, account, prepared, notes } = strategy;
        const [{ feed }] = markets as readonly [PaperMarket, ...PaperMarket[]];
        const names = [...new Set(markets.map((one) => one.feed.market))].join(', ');
        const { feeRate, slippageRate } = prepared.settings;
        const money = `${moneyText(account.capital, currencyOf(strategy))} ${currencyOf(strategy)}`;
        const told = this.#paint.bold(notes.map((note) => plainText(note)).join('; '));
        const costs = `fee ${shareText(feeRate)}, slippage ${shareText(slippageRate)}`;
        return this.#row(strategy, `${names} ${feed.timeframe.name}  capital ${money}, ${costs}  ${told}`);
      }),
      ...(url === null ? [] : [this.#paint.bold(`The page of the bot: ${url}`)]),
      this.fold(this.#paint.dim(`State is kept in ${plainText(folder)}. Ctrl-C stops; the next start continues.`), 2),
      '',
    ];
  }

  /** The line for an event; null when a person need not see it. */
  event(event: PaperEvent): string | null {
    const line = this.#eventLine(event);
    return line === null ? null : this.fold(line);
  }

  #eventLine(event: PaperEvent): string | null {
    const id = this.#name(event).padEnd(this.#idWidth);
    const warn = (text: string): string => this.#paint.warn(`!                 ${id}  ${plainText(text, 300)}`);
    const news = this.#news.textOf(event);
    switch (event.type) {
      case 'fill':
        return this.#fill(event, id);
      case 'order':
        return news === null ? null : `${minute(event.time)}  ${id}  ${this.#paint.warn(news)}`;
      case 'message':
        return `${minute(event.time)}  ${id}  ${this.#paint.bold(plainText(event.text, 300))}`;
      case 'plugin':
        return warn(`${event.plugins.join(', ')} ${PLUGIN_FAULT[event.kind]}`);
      case 'feed':
        return event.level === 'info' ? `                  ${id}  ${plainText(event.text, 300)}` : warn(event.text);
      case 'undecided':
        return warn(`no decision on the bar of ${minute(event.time)}: ${event.reason}. Nothing is ordered, stops stay in force`);
      case 'runner':
        return this.#runner(event.event, warn);
      case 'failed':
        return warn(`stopped: ${explainError(event.error)}`);
      case 'bar':
      case 'mark':
        return null;
      // no default
    }
  }

  /** Price and standing of each strategy, on one line. */
  status(): string | null {
    const strategies = [...this.#strategies.values()];
    const [first] = strategies;
    const troubles = new Set(strategies.flatMap(({ markets }) => markets.flatMap(({ feed }) => feed.trouble?.() ?? [])));
    if (troubles.size > 0) return this.fold(this.#paint.warn(`! ${[...troubles].map((text) => plainText(text, 200)).join('; ')}`), 2);
    const bar = first?.account.lastBar(first.account.latest) ?? null;
    if (first === undefined || bar === null) return null;
    const { feed } = first.markets[first.account.latest]!;
    const parts = strategies.map((strategy) => {
      const equity = `${moneyText(strategy.account.equity, currencyOf(strategy))} ${currencyOf(strategy)}`;
      return `${strategy.id} ${standing(strategy)}, ${equity}`;
    });
    return this.fold(this.#paint.dim(`${minute(bar.time)}  ${feed.market} ${priceText(bar.close)}  |  ${parts.join('  |  ')}`));
  }

  /** How a strategy stands when the bot is stopped before the end of its market. */
  closing(strategy: PaperStrategy, document: BacktestDocument | null): string {
    if (document === null) return this.#row(strategy, 'no bar yet');
    const { metrics } = document;
    const currency = currencyOf(strategy);
    const won = metrics.winRatePct === null ? '' : ` (${groupedNumber(metrics.winRatePct, 0)} % won)`;
    const profit = this.#paint.tone(
      `${signedText(metrics.netProfit, moneyText(metrics.netProfit, currency))} ${currency} (${signedText(metrics.netProfitPct, groupedNumber(metrics.netProfitPct, 2))} %)`,
      metrics.netProfit,
    );
    const trades = `${metrics.tradeCount} trade${metrics.tradeCount === 1 ? '' : 's'}${won}`;
    const equity = moneyText(metrics.finalEquity, currency);
    const { steps } = strategy.account;
    return this.#row(
      strategy,
      `${steps} bar${steps === 1 ? '' : 's'}, ${trades}, profit ${profit}, equity ${equity}, ${standing(strategy)}`,
    );
  }

  /** What is said of a strategy at the start and at the end. */
  #row({ id }: PaperStrategy, text: string): string {
    return this.fold(`  ${id.padEnd(this.#idWidth)}  ${text}`, this.#idWidth + 4);
  }

  /** Who an event is about: the strategy, and the market of one that trades several. */
  #name(event: PaperEvent): string {
    const strategy = this.#strategies.get(event.id);
    return 'market' in event && strategy !== undefined && namesMarkets(strategy) ? `${event.id} ${event.market}` : event.id;
  }

  #fill({ id: of, fill, closed, reason: told, time, equity }: FillEvent, id: string): string {
    const isBuy = fill.qty > 0;
    const isEntry = fill.kind === 'entry' || fill.kind === 'add';
    const word = isBuy ? (isEntry ? 'buy' : 'buy back') : isEntry ? 'sell short' : 'sell';
    const what = `${word.padEnd(10)} ${quantityText(Math.abs(fill.qty)).padStart(12)} at ${priceText(fill.price).padStart(12)}`;
    const reason = plainText(told, MAX_REASON);
    const profit = closed?.profit ?? null;
    const strategy = this.#strategies.get(of);
    const money = (value: number): string => moneyText(value, strategy === undefined ? 'USD' : currencyOf(strategy));
    const result = profit === null ? '' : `profit ${signedText(profit, money(profit))}`;
    const top = `${minute(time)}  ${id}  ${isEntry ? this.#paint.bold(what) : what}`;
    const isWide = this.#width() >= this.#idWidth + FILL_WIDTH;
    const fit = (text: string, size: number): string => (isWide ? text.padEnd(size) : text);
    const tail = [fit(reason, 18), this.#paint.tone(fit(result, 20), profit ?? 0), `equity ${money(equity)}`];
    if (isWide) return `${top}  ${tail[0]}  ${tail[1]} ${tail[2]}`;
    // One below the other as columns: what was done, then what came of it.
    return `${top}\n${' '.repeat(INDENT)}${tail.filter((text) => text !== '').join('  ')}`;
  }

  #runner(event: Extract<PaperEvent, { readonly type: 'runner' }>['event'], warn: (text: string) => string): string | null {
    switch (event.type) {
      case 'killed':
        return warn(`its runner ended: ${event.reason}`);
      case 'restarted':
        return warn(`its runner is back and has seen ${event.bars} bars`);
      case 'disabled':
        return warn(`DISABLED, its runner failed too often: ${event.reason}. It orders nothing any more; stops stay in force`);
      case 'started':
      case 'closed':
        return null;
      // no default
    }
  }
}

const namesMarkets = ({ markets }: PaperStrategy): boolean => markets.length > 1;
const currencyOf = ({ markets }: PaperStrategy): string => accountCurrency(markets[0]!.feed.market) ?? 'USD';

function standing(strategy: PaperStrategy): string {
  const names = strategy.markets.map(({ feed }) => feed.market);
  const positions = strategy.markets.flatMap(({ feed }, market) => {
    // A market and legs of it are one.
    if (names.indexOf(feed.market) !== market) return [];
    const qty = strategy.account.position(market);
    if (qty === 0) return [];
    return `${qty > 0 ? 'long' : 'short'} ${quantityText(Math.abs(qty))}${namesMarkets(strategy) ? ` ${feed.market}` : ''}`;
  });
  return positions.length === 0 ? 'flat' : positions.join(', ');
}

function marketText({ description, market, timeframe }: PaperMarket['feed']): string {
  if (description.kind === 'sim')
    return `${market} ${timeframe.name} of a SYNTHETIC market, seed ${description.seed}: made by a generator, it says nothing about real markets`;
  if (description.kind === 'live') return `${market} ${timeframe.name}, live bars of ${plainText(description.venue)}`;
  return `${market} ${timeframe.name}, replay of ${plainText(description.file)}`;
}
