import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Expression, Market } from '../ast/expression.ts';
import type { Heading, Setting, SettingsStatement, SourceFile, Statement, TradeStatement } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Chart } from '#core/model/chart-column.ts';
import type { AccountDefaults, CostDefaults } from '../program.ts';
import type { MarketUnits } from './context.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Findings } from './findings.ts';
import type { Scope } from './scope.ts';
import { oneOf } from './trading/known-words.ts';
import { typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

const HEADING_SETTINGS = ['author', 'version', 'tags', 'description', 'license'];
const ACCOUNT_SETTINGS = ['capital', 'leverage', 'margin'];
const MARGINS = ['isolated', 'cross'] as const;
const COST_SETTINGS = ['maker', 'taker', 'slippage', 'funding', 'borrow'];

/** What the heading says of the strategy besides its name. */
export interface HeadingValues {
  readonly author: string | null;
  readonly version: string | null;
  readonly tags: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the units of a program rest on, read from its `trade` line and universe before anything else. */
export function marketUnits({ statements }: SourceFile): MarketUnits {
  const trade = statements.find((statement) => statement.kind === 'Trade');
  const markets = trade?.markets ?? [];
  const shared = (of: (market: Market) => string | null): string | null => {
    const first = markets[0] === undefined ? null : of(markets[0]);
    return markets.every((market) => of(market) === first) ? first : null;
  };
  return {
    base: shared(({ base }) => base),
    quote: trade === undefined || trade.universe === null ? (markets[0]?.quote ?? null) : universeCurrency(statements),
    stepMs: trade === undefined ? null : (tradeTimeframe(trade)?.stepMs ?? null),
  };
}

function universeCurrency(statements: readonly Statement[]): string | null {
  const clauses = statements.find((statement) => statement.kind === 'Universe')?.clauses ?? [];
  const quote = clauses.find(({ kind }) => kind === 'Quote');
  if (quote?.kind === 'Quote') return quote.currency.text;
  const [first] = clauses.flatMap((clause) => (clause.kind === 'Include' ? clause.markets : []));
  return first?.quote ?? null;
}

/** The chart that is traded; where the `trade` line is missing or wrong, one that nothing will run on. */
export function baseChart(trade: TradeStatement | undefined): Chart {
  const timeframe = trade === undefined ? null : tradeTimeframe(trade);
  return { market: null, timeframe: timeframe?.name ?? '', stepMs: timeframe?.stepMs ?? Number.NaN };
}

export function tradeTimeframe({ timeframe }: TradeStatement): Timeframe | null {
  return timeframe.kind === 'Duration' ? parseTimeframe(timeframe.source) : null;
}

/** The `trade` line itself: its chart, and that every market of it is one. */
export function checkTrade(trade: TradeStatement, findings: Findings): void {
  if (trade.timeframe.kind === 'Duration' && tradeTimeframe(trade) === null) {
    findings.add(
      'E0307',
      trade.timeframe.span,
      `there are no candles of ${trade.timeframe.source}`,
      'charts are from 1s to 52w, or up to 12mo',
    );
  }
  const seen = new Set<string>();
  for (const market of trade.markets) {
    if (seen.has(market.text)) findings.add('E0509', market.span, `${market.text} is named twice`, 'keep one of the two');
    seen.add(market.text);
    const quote = trade.markets[0]?.quote ?? null;
    if (quote !== null && market.quote !== null && market.quote !== quote) {
      findings.add(
        'E0306',
        market.span,
        `the account is in ${quote}, this market is in ${market.quote}`,
        'trade markets of one currency in one strategy',
      );
    }
  }
}

export function checkHeading({ settings }: Heading, findings: Findings): HeadingValues {
  const texts = new Map<string, string>();
  for (const setting of settings) {
    if (!isKnownSetting(setting, HEADING_SETTINGS, findings)) continue;
    const { name, value } = setting;
    if (value.kind === 'Text') texts.set(name.text, value.value);
    else findings.add('E0307', value.span, `${name.text} is a text`, `write: ${name.text} "..."`);
  }
  const tags = texts.get('tags')?.split(',') ?? [];
  return {
    author: texts.get('author') ?? null,
    version: texts.get('version') ?? null,
    tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ''),
  };
}

function isKnownSetting({ name }: Setting, known: readonly string[], findings: Findings): boolean {
  if (known.includes(name.text)) return true;
  findings.add(
    'E0206',
    name.span,
    `there is no setting "${name.text}" here`,
    didYouMean(name.text, known) ?? `the settings are: ${known.join(', ')}`,
  );
  return false;
}

/** Settings of `account` and `costs`: defaults of a simulation, known before it. */
export class SettingsChecker {
  readonly account: Mutable<AccountDefaults> = { span: null, capital: null, leverage: null, margin: null };
  readonly costs: Mutable<CostDefaults> = { span: null, maker: null, taker: null, slippage: null, funding: null, borrow: null };
  readonly #checker: ExpressionChecker;
  readonly #seen = new Set<string>();

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  check(statement: SettingsStatement, scope: Scope): void {
    const { findings } = this.#checker.context;
    if (statement.kind === 'Grid') {
      findings.add('E0801', statement.word, '"grid" is part of edition 1.1, which this version does not run', 'remove it');
      return;
    }
    const isAccount = statement.kind === 'Account';
    const values = isAccount ? this.account : this.costs;
    values.span ??= statement.span;
    for (const setting of statement.settings) {
      if (!isKnownSetting(setting, isAccount ? ACCOUNT_SETTINGS : COST_SETTINGS, findings)) continue;
      const { text, span } = setting.name;
      if (this.#seen.has(text)) {
        findings.add('E0109', span, `${text} is given twice`, 'keep one of the two');
        continue;
      }
      this.#seen.add(text);
      if (setting.value.kind !== 'Value') {
        findings.add('E0307', setting.value.span, `${text} is one value`);
        continue;
      }
      const { value } = setting.value;
      if (isAccount) this.#accountSetting(text, value, scope);
      else this.#costSetting(text, value, scope);
    }
  }

  #accountSetting(name: string, e: Expression, scope: Scope): void {
    if (name === 'margin') {
      this.account.margin = this.#margin(e);
      return;
    }
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return;
    if (name === 'capital') this.account.capital = this.#capital(value, e);
    else this.account.leverage = this.#leverage(value, e);
  }

  #costSetting(name: string, e: Expression, scope: Scope): void {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return;
    if (name === 'funding') this.costs.funding = this.#funding(value, e);
    else if (name === 'maker' || name === 'taker' || name === 'slippage') this.costs[name] = this.#rate(name, value, e, 'the traded value');
    else this.costs.borrow = this.#rate('borrow', value, e, 'what is borrowed, a year');
  }

  #capital(value: Value, { span }: Expression): number | null {
    const { findings, market } = this.#checker.context;
    const amount = this.#checker.constantOf(value);
    if (value.type.kind !== 'money') {
      findings.add('E0307', span, `capital is money, found ${typeWords(value.type)}`, `write: capital 10000 ${market.quote ?? 'USDT'}`);
    } else if (amount === null) {
      findings.add('E0303', span, 'capital is fixed before the run', 'use a number');
    } else if (market.quote !== null && value.type.currency !== null && value.type.currency !== market.quote) {
      findings.add(
        'E0306',
        span,
        `the account is in ${market.quote}, this is ${value.type.currency}`,
        `write the amount in ${market.quote}`,
      );
    } else if (!(amount > 0)) {
      findings.add('E0511', span, 'capital is above zero');
    } else {
      return amount;
    }
    return null;
  }

  #leverage(value: Value, { span }: Expression): number | null {
    const { findings } = this.#checker.context;
    const factor = this.#checker.constantOf(value);
    if (value.type.kind !== 'number' && value.type.kind !== 'ratio') {
      findings.add('E0307', span, `leverage is a multiple of the equity, found ${typeWords(value.type)}`, 'for example: leverage 2');
    } else if (factor === null) {
      findings.add('E0303', span, 'leverage is fixed before the run', 'use a number');
    } else if (!(factor >= 1)) {
      findings.add('E0511', span, 'leverage is 1 or more', 'to use a part of the equity, write a smaller size');
    } else {
      return factor;
    }
    return null;
  }

  #margin(e: Expression): AccountDefaults['margin'] {
    const { findings } = this.#checker.context;
    if (e.kind === 'Name') return oneOf(MARGINS, e, 'a kind of margin', findings) ?? null;
    findings.add('E0307', e.span, 'margin is one of two words', `write one of: ${MARGINS.join(', ')}`);
    return null;
  }

  #funding(value: Value, { span }: Expression): boolean | null {
    const { findings } = this.#checker.context;
    const isPaid = this.#checker.constantOf(value);
    if (value.type.kind !== 'condition') {
      findings.add('E0307', span, `funding is true or false, found ${typeWords(value.type)}`, 'the rates come from the data');
    } else if (isPaid === null) {
      findings.add('E0303', span, 'funding is fixed before the run', 'write true or false');
    } else {
      return isPaid === 1;
    }
    return null;
  }

  #rate(name: string, value: Value, { span }: Expression, of: string): number | null {
    const { findings } = this.#checker.context;
    const rate = this.#checker.constantOf(value);
    if (value.type.kind === 'number') {
      findings.add('E0304', span, `${name} is a percent of ${of}, found a plain number`, `write the percent sign: ${rate ?? 0.1}%`);
    } else if (value.type.kind !== 'percent' && value.type.kind !== 'ratio') {
      findings.add('E0307', span, `${name} is a percent of ${of}, found ${typeWords(value.type)}`, 'for example 0.1%');
    } else if (rate === null) {
      findings.add('E0303', span, `${name} is fixed before the run`, 'use a number');
    } else if (!(rate < 1) || (rate < 0 && name !== 'maker') || rate <= -1) {
      findings.add('E0511', span, `${name} is from 0% to below 100%`);
    } else {
      return rate;
    }
    return null;
  }
}
