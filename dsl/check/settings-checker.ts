import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Market } from '../ast/expression.ts';
import type { Heading, Setting, SettingsStatement, TradeStatement } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Chart } from '#core/model/chart-column.ts';
import type { MarketUnits } from './context.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Findings } from './findings.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

const HEADING_SETTINGS = ['author', 'version', 'tags', 'description', 'license'];
const ACCOUNT_SETTINGS = ['capital', 'leverage', 'margin'];
const COST_SETTINGS = ['maker', 'taker', 'slippage', 'funding', 'borrow'];

/** What `account` and `costs` say; null = not said. */
export interface SettingsValues {
  capital: number | null;
  taker: number | null;
  slippage: number | null;
}

/** What the units of a program rest on, read from the `trade` line before anything else. */
export function marketUnits(trade: TradeStatement | undefined): MarketUnits {
  const markets = trade?.markets ?? [];
  const shared = (of: (market: Market) => string | null): string | null => {
    const first = markets[0] === undefined ? null : of(markets[0]);
    return markets.every((market) => of(market) === first) ? first : null;
  };
  return {
    base: shared(({ base }) => base),
    quote: markets[0]?.quote ?? null,
    stepMs: trade === undefined ? null : (tradeTimeframe(trade)?.stepMs ?? null),
  };
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

export function checkHeading({ settings }: Heading, findings: Findings): void {
  for (const setting of settings) {
    if (!isKnownSetting(setting, HEADING_SETTINGS, findings)) continue;
    if (setting.value.kind !== 'Text')
      findings.add('E0307', setting.value.span, `${setting.name.text} is a text`, `write: ${setting.name.text} "..."`);
  }
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

/** Settings of `account` and `costs`: defaults of a simulation. */
export class SettingsChecker {
  readonly #checker: ExpressionChecker;
  readonly values: SettingsValues = { capital: null, taker: null, slippage: null };
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
    const known = statement.kind === 'Account' ? ACCOUNT_SETTINGS : COST_SETTINGS;
    for (const setting of statement.settings) {
      if (!isKnownSetting(setting, known, findings)) continue;
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
      const value = this.#checker.check(setting.value.value, scope);
      if (isPoison(value)) continue;
      if (text === 'capital') this.#capital(value, setting);
      else if (text === 'maker' || text === 'taker' || text === 'slippage') this.#rate(text, value, setting);
      else this.#checker.later(span, `"${text}"`);
    }
  }

  #capital(value: Value, { value: { span } }: Setting): void {
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
      this.values.capital = amount;
    }
  }

  #rate(name: 'maker' | 'taker' | 'slippage', value: Value, { value: { span } }: Setting): void {
    const { findings } = this.#checker.context;
    const rate = this.#checker.constantOf(value);
    if (value.type.kind === 'number') {
      findings.add(
        'E0304',
        span,
        `${name} is a percent of the traded value, found a plain number`,
        `write the percent sign: ${rate ?? 0.1}%`,
      );
    } else if (value.type.kind !== 'percent' && value.type.kind !== 'ratio') {
      findings.add('E0307', span, `${name} is a percent of the traded value, found ${typeWords(value.type)}`, 'for example 0.1%');
    } else if (rate === null) {
      findings.add('E0303', span, `${name} is fixed before the run`, 'use a number');
    } else if (!(rate < 1) || (rate < 0 && name !== 'maker') || rate <= -1) {
      findings.add('E0511', span, `${name} is from 0% to below 100%`);
    } else if (name !== 'maker') {
      // Only resting orders pay the maker's fee, and this version has none: checked, not kept.
      this.values[name] = rate;
    }
  }
}
