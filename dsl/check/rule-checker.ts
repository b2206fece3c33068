import type {
  BlockItem,
  EnterStatement,
  ExitStatement,
  Order,
  Side,
  SideWord,
  SizeStatement,
  StopStatement,
  Text,
  TradeRule,
  TrailStatement,
} from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { LaterRuleChecker } from './later-rules.ts';
import { LevelChecker } from './level-checker.ts';
import type { EntryDraft, ExitDraft, RuleSet } from './rule-set.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

/** Where a rule stands: whose side, whose stops and sizes. */
export interface RulePlace {
  readonly scope: Scope;
  /** Side of the block; null at the top of the file. */
  readonly side: Side | null;
  readonly rules: RuleSet;
}

/** A construct that is understood but not run: refused at `word` unless its own statement has another error. */
export interface LaterConstruct {
  readonly construct: string;
  readonly word: Span;
  readonly statement: Span;
}

/** Sides that the `trade` line allows; null when it does not say. */
export type AllowedSides = Side | 'both' | null;

/** Checks trading rules and collects them for the program. */
export class RuleChecker {
  readonly entries: EntryDraft[] = [];
  readonly exits: ExitDraft[] = [];
  readonly later: LaterConstruct[] = [];
  /** Every place that has rules. */
  readonly places = new Set<RuleSet>();
  readonly #checker: ExpressionChecker;
  readonly #levels: LevelChecker;
  readonly #laterRules: LaterRuleChecker;
  readonly #allowedSides: AllowedSides;

  constructor(checker: ExpressionChecker, allowedSides: AllowedSides) {
    this.#checker = checker;
    this.#levels = new LevelChecker(checker);
    this.#laterRules = new LaterRuleChecker(checker, this.#levels);
    this.#allowedSides = allowedSides;
  }

  check(rule: TradeRule, place: RulePlace): void {
    this.places.add(place.rules);
    switch (rule.kind) {
      case 'Enter':
        return this.#enter(rule, place);
      case 'Exit':
        return this.#exit(rule, place);
      case 'Size':
        return this.#size(rule, place);
      case 'Stop':
        return this.#stop(rule, place);
      case 'Trail':
        return this.#trail(rule, place);
      default:
        this.#laterRules.check(rule, place.scope, place.rules);
        this.#refuse(rule.kind.toLowerCase(), rule.word, rule.span);
    }
  }

  #refuse(construct: string, word: Span, statement: Span): void {
    this.later.push({ construct: `"${construct}"`, word, statement });
  }

  /** Side of a rule; null after an error. */
  #side(word: SideWord | null, statement: Span, place: RulePlace, verb: string): 1 | -1 | null {
    const side = word?.side ?? place.side;
    if (side === null) {
      this.#checker.error('E0507', statement, `it is not said whether to ${verb} long or short`, `write: ${verb} long when ...`);
      return null;
    }
    if (word !== null && place.side !== null && word.side !== place.side) {
      this.#checker.error(
        'E0507',
        word.span,
        `this is a block for ${place.side} trades`,
        `leave out the word ${word.side}, or move the rule`,
      );
      return null;
    }
    return this.isAllowed(side, word?.span ?? statement) ? (side === 'long' ? 1 : -1) : null;
  }

  isAllowed(side: Side, span: Span): boolean {
    if (this.#allowedSides === null || this.#allowedSides === 'both' || this.#allowedSides === side) return true;
    this.#checker.error('E0507', span, `the trade line allows ${this.#allowedSides} only`, 'write there: side both');
    return false;
  }

  #enter(rule: EnterStatement, place: RulePlace): void {
    const side = this.#side(rule.side, rule.word, place, 'enter');
    const condition = this.#checker.condition(rule.condition, place.scope);
    const confidence = this.#confidence(rule, place.scope);
    if (rule.name !== null) this.#refuse(`enter ${rule.name.text}`, rule.word, rule.span);
    this.#order(rule.order, rule.span, place.scope);
    if (side === null) return;
    this.entries.push({
      side,
      condition,
      confidence,
      reason: this.#reason(rule.reason, place.scope),
      rules: place.rules,
      word: rule.word,
      span: rule.span,
    });
  }

  /** 0..1, cut there, so that a size made of it is too. */
  #confidence(rule: EnterStatement, scope: Scope): Value {
    const { builder } = this.#checker.context;
    const one: Value = { type: scalarType('number'), node: builder.constant(1) };
    if (rule.confidence === null) return one;
    const value = this.#checker.numeric(rule.confidence, scope);
    if (isPoison(value)) return value;
    if (!['number', 'ratio', 'percent', 'na'].includes(value.type.kind)) {
      return this.#checker.error('E0307', rule.confidence.span, `confidence is a number from 0 to 1, found ${typeWords(value.type)}`);
    }
    const floored = builder.numeric('max', value.node, builder.constant(0));
    return { type: scalarType('number'), node: builder.numeric('min', floored, one.node) };
  }

  #exit(rule: ExitStatement, place: RulePlace): void {
    const { builder } = this.#checker.context;
    const side = this.#side(rule.side, rule.word, place, 'exit');
    const condition = this.#checker.condition(rule.condition, place.scope);
    if (rule.name !== null) this.#refuse(`exit ${rule.name.text}`, rule.word, rule.span);
    this.#order(rule.order, rule.span, place.scope);
    const part = rule.part?.value ?? 1;
    if (rule.part !== null && part <= 0) this.#checker.error('E0511', rule.part.span, 'the part to close is above zero');
    if (rule.part !== null && part > 1) this.#checker.error('E0502', rule.part.span, 'this is more than 100% of the position');
    if (side === null) return;
    const fraction: Value = { type: scalarType('percent'), node: builder.constant(part) };
    this.exits.push({ side, condition, fraction, reason: this.#reason(rule.reason, place.scope), word: rule.word, span: rule.span });
  }

  #order(order: Order | null, statement: Span, scope: Scope): void {
    if (order === null) return;
    for (const price of [order.price, order.limit]) {
      if (price === null) continue;
      const value = this.#checker.check(price, scope);
      if (isPoison(value) || value.type.kind === 'price' || value.type.kind === 'na' || this.#checker.operand(value).bare) continue;
      this.#checker.error('E0307', price.span, `an order needs a price here, found ${typeWords(value.type)}`);
    }
    for (const option of order.options) {
      if (option.kind === 'GoodFor') this.#checker.numeric(option.length, scope);
      if (option.kind === 'ElseMarket') this.#checker.numeric(option.after, scope);
    }
    const [first, ...more] = order.options;
    if (order.type === 'market') {
      if (first !== undefined)
        this.#checker.error('E0508', first.span, 'a market order fills at once and has no options', 'write: at limit and a price');
      return;
    }
    const immediate = order.options.filter(({ kind }) => kind === 'Ioc' || kind === 'Fok' || kind === 'PostOnly');
    if (immediate.length > 1) this.#checker.error('E0508', immediate[1]!.span, 'these options contradict each other', 'keep one of them');
    else if (more.length === 0 && order.type === 'stop' && first?.kind === 'PostOnly' && order.limit === null) {
      this.#checker.error(
        'E0508',
        first.span,
        'a stop order takes the market price; it cannot be post_only',
        'remove it, or add: limit and a price',
      );
    }
    this.#refuse(`at ${order.type}`, order.span, statement);
  }

  #reason(reason: Text | null, scope: Scope): string | null {
    if (reason === null) return null;
    if (this.checkText(reason, scope)) this.#refuse('{...} in a reason', reason.span, reason.span);
    return reason.value;
  }

  /** Checks the names inserted into a text; true when there are any. */
  checkText(text: Text, scope: Scope): boolean {
    let hasInserts = false;
    for (const part of text.parts) {
      if (typeof part === 'string') continue;
      hasInserts = true;
      // What every notification can say about itself.
      if (part.name !== 'symbol') this.#checker.check({ kind: 'Name', span: part.span, text: part.name }, scope);
    }
    return hasInserts;
  }

  #size(rule: SizeStatement, { scope, rules }: RulePlace): void {
    if (rules.size !== null) {
      this.#checker.error('E0509', rule.word, 'the size is given twice', 'keep one of the two');
      return;
    }
    const { builder } = this.#checker.context;
    // Any series: what the confidence is, is known only with the entry.
    const some: Value = { type: scalarType('number'), node: builder.barIndex() };
    const { result, used } = this.#checker.withConfidence(some, () => this.#levels.size(rule, scope));
    const forEntry = (confidence: Value): typeof result => {
      if (!used || result === null) return result;
      return this.#checker.context.findings.muted(
        () => this.#checker.withConfidence(confidence, () => this.#levels.size(rule, scope)).result,
      );
    };
    rules.size = { word: rule.word, needsStop: rule.rule.kind === 'Risk', forEntry };
    if (rule.rule.kind !== 'Amount' && rule.rule.kind !== 'Risk') this.#laterSize(rule, scope);
  }

  #laterSize({ rule, word, span }: SizeStatement, scope: Scope): void {
    const parts =
      rule.kind === 'Kelly'
        ? [rule.fraction, rule.over]
        : rule.kind === 'Volatility'
          ? [rule.target, rule.over]
          : rule.kind === 'Unit'
            ? [rule.value, rule.per]
            : [];
    for (const part of parts) if (part !== null) this.#checker.numeric(part, scope);
    this.#refuse(`size ${rule.kind.toLowerCase()}`, word, span);
  }

  #stop(rule: StopStatement, { scope, rules }: RulePlace): void {
    rules.stops.push(this.#levels.stop(rule, scope, rules));
    const clause = rule.moving !== null ? 'moving' : rule.closing !== null ? 'closing' : rule.limit !== null ? 'limit' : null;
    if (clause !== null) this.#refuse(`stop ... ${clause}`, rule.word, rule.span);
  }

  #trail(rule: TrailStatement, { scope, rules }: RulePlace): void {
    if (rules.trail !== undefined) {
      this.#checker.error('E0509', rule.word, 'the trail is given twice', 'keep one of the two');
      return;
    }
    rules.trail = this.#levels.trail(rule, scope, rules);
    const clause = rule.step !== null ? 'step' : rule.closing !== null ? 'closing' : rule.moving !== null ? 'moving' : null;
    if (clause !== null) this.#refuse(`trail ... ${clause}`, rule.word, rule.span);
  }
}

/** Whether an item of a block is a rule (the other possibility is a `let`). */
export function isTradeRule(item: BlockItem): item is TradeRule {
  return item.kind !== 'Let';
}
