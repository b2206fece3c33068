import type { SourceFile } from '../ast/nodes.ts';
import type { Findings } from './findings.ts';
import type { Scope } from './scope.ts';
import { type EntryDraft, type LevelUse, type RuleKind, type RuleSet, rulesOf } from './trading/rule-set.ts';
import type { TradingStatements } from './trading/trading-statements.ts';

/** What only the whole file can tell. */
export interface WholeFile {
  readonly file: SourceFile;
  readonly findings: Findings;
  readonly trading: TradingStatements;
}

/** Rules about what is missing, and about what does not go with what stands elsewhere. */
export function checkWhole(whole: WholeFile): void {
  checkTrading(whole);
  checkExits(whole);
  checkSizes(whole);
  checkBasketOrders(whole);
  for (const place of new Set([whole.trading.topRules, ...whole.trading.rules.places])) {
    checkStops(whole, place);
    checkBaskets(whole, place);
  }
}

function checkTrading({ file, findings, trading: { universe } }: WholeFile): void {
  const { word } = file.heading;
  const trade = file.statements.find((statement) => statement.kind === 'Trade');
  if (trade === undefined) findings.add('E0504', word, 'the strategy does not say what to trade', 'add: trade BTC/USDT on 1h');
  else if (!hasEntry(file)) findings.add('E0504', word, 'the strategy never enters', 'add: enter long when ...');
  if (trade !== undefined && trade.universe !== null && universe.word === null)
    findings.add('E0504', trade.word, 'there is no universe to trade', 'add: universe { quote USDT rank by roc(close, 90) hold top 5 }');
}

/** Whether anything was written that enters, also where the entry itself was refused. */
function hasEntry({ statements }: SourceFile): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'Enter' || statement.kind === 'Oco') return true;
    return (statement.kind === 'Side' || statement.kind === 'Setup') && statement.body.some(({ kind }) => kind === 'Enter');
  });
}

/** An exit closes what entries of its side, setup and basket have opened. */
function checkExits({ findings, trading: { rules } }: WholeFile): void {
  if (rules.hasUnknownEntry) return;
  const keyOf = ({ side, setup, basket }: Pick<EntryDraft, 'side' | 'setup' | 'basket'>): string => `${side} ${setup} ${basket}`;
  const entered = new Set(rules.entries.map(keyOf));
  for (const exit of rules.exits) {
    if (entered.has(keyOf(exit))) continue;
    const side = exit.side > 0 ? 'long' : 'short';
    const isElsewhere = rules.entries.some((entry) => entry.side === exit.side);
    const setup = exit.setup === null ? undefined : rules.setups[exit.setup];
    const where = setup === undefined ? (isElsewhere ? 'outside of setups and baskets ' : '') : `in the setup ${setup.name} `;
    findings.add(
      'E0505',
      exit.word,
      `there is no entry that this exit could close: nothing ${where}enters ${side}`,
      isElsewhere ? 'write the exit where the entry stands, and name the same basket' : `add: enter ${side} when ..., or remove the exit`,
    );
  }
}

function checkSizes({ findings, trading: { rules, topRules } }: WholeFile): void {
  for (const entry of rules.entries) {
    if (rulesOf('sizes', entry.rules, topRules).length === 0)
      findings.add('E0506', entry.word, 'this entry does not say how much to trade', 'add: size 10% of equity');
  }
}

/** Entries that take the rules of this kind from this place. */
const usersOf = ({ trading: { rules, topRules } }: WholeFile, kind: RuleKind, place: RuleSet): readonly EntryDraft[] =>
  rules.entries.filter((entry) => rulesOf(kind, entry.rules, topRules) === place[kind]);

/** Risk and R need a stop wherever they apply; a stop that could not be read is one. */
function checkStops(whole: WholeFile, place: RuleSet): void {
  const { findings } = whole;
  const { rules, topRules } = whole.trading;
  const hasStop = (set: RuleSet): boolean => rulesOf('stops', set, topRules).length > 0;
  const lacksStop = (kind: RuleKind): boolean => {
    const users = usersOf(whole, kind, place);
    if (users.length > 0) return users.some((user) => !hasStop(user.rules));
    return !hasStop(place) && !(place.isTop && [...rules.places].some(hasStop));
  };
  const [size] = place.sizes;
  if (size?.needsStop === true && lacksStop('sizes'))
    findings.add('E0501', size.word, 'size risk needs a stop to know how much is at risk', 'add: stop 2 atr');
  for (const { rule, kind, span } of place.levels) {
    if (kind === 'r' && lacksStop(rule))
      findings.add('E0503', span, 'R is the distance to the stop, and there is no stop', 'add: stop 2 atr');
  }
}

function checkBasketOrders({ findings, trading: { rules } }: WholeFile): void {
  for (const { basket, order, orderSpan } of [...rules.entries, ...rules.exits]) {
    if (basket !== null && order !== null && order.type !== 'market' && orderSpan !== null)
      findings.add('E0513', orderSpan, 'a basket is traded with market orders', 'remove the order');
  }
}

/** Several legs have neither one price nor one quantity. */
function checkBaskets(whole: WholeFile, place: RuleSet): void {
  const { findings } = whole;
  const isForBasket = (kind: RuleKind): boolean => usersOf(whole, kind, place).some(({ basket }) => basket !== null);
  const words: Readonly<Record<Exclude<LevelUse['kind'], 'percent'>, string>> = { r: 'R', price: 'price', distance: 'distance in price' };
  for (const { rule, kind, span } of place.levels) {
    if (kind !== 'percent' && isForBasket(rule))
      findings.add(
        'E0513',
        span,
        `a basket has several prices, so it has no ${words[kind]}`,
        'write a percent of what the basket is worth',
      );
  }
  const quantity = place.sizes[0]?.quantity ?? null;
  if (quantity !== null && isForBasket('sizes'))
    findings.add('E0513', quantity, 'a basket has several markets, so it has no quantity', 'write money: 1000 USDT, or 10% of equity');
}

/** What is allowed, and probably not meant. */
export function warnWhole({ file, findings, trading }: WholeFile, scopes: readonly Scope[]): void {
  const { rules, topRules, risk, universe } = trading;
  for (const scope of scopes) {
    for (const [name, { what, uses, span }] of scope.entries()) {
      if (uses > 0) continue;
      if (what === 'param') findings.add('W0903', span, `the param ${name} is not used`, 'remove it');
      else if (what === 'import') findings.add('W0902', span, `the imported ${name} is not used`, 'remove it from the use line');
      else if (what === 'let' || what === 'def') findings.add('W0902', span, `${name} is not used`, 'remove it');
    }
  }
  if (universe.word !== null && !file.statements.some((statement) => statement.kind === 'Trade' && statement.universe !== null))
    findings.add('W0902', universe.word, 'the universe is not used', 'write: trade universe on 1d');
  const endsLosses = risk.limits.some(
    ({ name, actions }) => (name === 'drawdown' || name === 'loss') && actions.some(({ kind }) => kind === 'flatten'),
  );
  for (const entry of rules.entries) {
    if (!endsLosses && rulesOf('stops', entry.rules, topRules).length === 0)
      findings.add('W0905', entry.word, 'this entry has no stop, so its loss is not bounded', 'add: stop 5%, or stop 2 atr');
  }
}
