import type {
  BlockItem,
  CooldownStatement,
  EnterStatement,
  ExitStatement,
  OcoStatement,
  Side,
  SideWord,
  TradeRule,
} from '../../ast/nodes.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { Setup } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { scalarType } from '../type.ts';
import { isPoison, type Value } from '../value.ts';
import { AddChecker } from './add-checker.ts';
import type { BasketChecker } from './basket-checker.ts';
import { CountChecker } from './count-checker.ts';
import { foundWords } from './found-words.ts';
import { LevelChecker } from './level-checker.ts';
import { OrderChecker } from './order-checker.ts';
import { ProtectionChecker } from './protection-checker.ts';
import type { EntryDraft, ExitDraft, RuleKind, RuleSet } from './rule-set.ts';
import { SizeChecker } from './size-checker.ts';
import { TextChecker } from './text-checker.ts';

/** Where a rule stands: whose side, whose stops and sizes. */
export interface RulePlace {
  readonly scope: Scope;
  /** Side of the block; null at the top of the file. */
  readonly side: Side | null;
  readonly rules: RuleSet;
  /** Place of the setup that the block is; null outside of setups. */
  readonly setup: number | null;
}

/** Every entry holds the rules of its place, so there must not be many of both. */
const MOST_OF_A_KIND = 16;
/** Where rules of a kind are kept, and how many a place may have. */
const COUNTS = {
  Size: ['sizes', 1],
  Stop: ['stops', MOST_OF_A_KIND],
  Take: ['takes', 1],
  Trail: ['trails', 1],
  Breakeven: ['breakevens', 1],
  Timeout: ['timeouts', MOST_OF_A_KIND],
  Cooldown: ['cooldowns', MOST_OF_A_KIND],
  Add: ['adds', MOST_OF_A_KIND],
  Cancel: ['cancels', MOST_OF_A_KIND],
} as const satisfies Readonly<Record<Exclude<TradeRule['kind'], 'Enter' | 'Exit'>, readonly [RuleKind, number]>>;

/** Sides that the `trade` line allows; null when it does not say. */
export type AllowedSides = Side | 'both' | null;

/** Checks trading rules and collects them for the program. */
export class RuleChecker {
  readonly entries: EntryDraft[] = [];
  readonly exits: ExitDraft[] = [];
  readonly setups: Setup[] = [];
  /** An entry does not say which side or basket it opens, and that has been reported: any exit may be its exit. */
  hasUnknownEntry = false;
  /** Every place that has rules. */
  readonly places = new Set<RuleSet>();
  readonly counts: CountChecker;
  readonly sizes: SizeChecker;
  readonly texts: TextChecker;
  readonly #checker: ExpressionChecker;
  readonly #orders: OrderChecker;
  readonly #protection: ProtectionChecker;
  readonly #adds: AddChecker;
  readonly #baskets: BasketChecker;
  readonly #allowedSides: AllowedSides;
  #ocoGroups = 0;

  constructor(checker: ExpressionChecker, baskets: BasketChecker, allowedSides: AllowedSides) {
    const levels = new LevelChecker(checker);
    this.#checker = checker;
    this.#baskets = baskets;
    this.#allowedSides = allowedSides;
    this.counts = new CountChecker(checker);
    this.sizes = new SizeChecker(checker, levels, this.counts);
    this.texts = new TextChecker(checker);
    this.#orders = new OrderChecker(checker, levels, this.counts);
    this.#protection = new ProtectionChecker(checker, levels, this.counts);
    this.#adds = new AddChecker(checker, { levels, counts: this.counts, orders: this.#orders, sizes: this.sizes });
  }

  check(rule: TradeRule, place: RulePlace): void {
    const { scope, rules } = place;
    this.places.add(rules);
    if (rule.kind === 'Enter') return this.#enter(rule, place, null);
    if (rule.kind === 'Exit') return this.#exit(rule, place);
    if (this.#isWithinCount(rule, rules)) this.#protect(rule, scope, rules);
  }

  #protect(rule: Exclude<TradeRule, EnterStatement | ExitStatement>, scope: Scope, rules: RuleSet): void {
    switch (rule.kind) {
      case 'Size':
        return void rules.sizes.push(this.sizes.draft(rule, scope, rules));
      case 'Stop':
        return void rules.stops.push(this.#protection.stop(rule, scope, rules));
      case 'Take':
        return void rules.takes.push(this.#protection.take(rule, scope, rules));
      case 'Trail':
        return void rules.trails.push(this.#protection.trail(rule, scope, rules));
      case 'Breakeven':
        return void rules.breakevens.push(this.#protection.breakeven(rule, scope, rules));
      case 'Timeout':
        return void rules.timeouts.push(this.#protection.timeout(rule, scope));
      case 'Cooldown':
        return this.#cooldown(rule, scope, rules);
      case 'Add':
        return void rules.adds.push(this.#adds.check(rule, scope, rules));
      case 'Cancel':
        return void rules.cancels.push(this.#protection.cancel(rule, scope));
    }
  }

  #cooldown(rule: CooldownStatement, scope: Scope, rules: RuleSet): void {
    const cooldown = this.#protection.cooldown(rule, scope);
    if (rules.cooldowns.some((other) => other !== null && other.after === cooldown?.after))
      this.#checker.error('E0509', rule.word, 'this cooldown is given twice', 'keep one of the two');
    rules.cooldowns.push(cooldown);
  }

  /** Entries of which the first that fills cancels the others. */
  oco({ entries }: OcoStatement, place: RulePlace): void {
    const group = this.#ocoGroups;
    this.#ocoGroups += 1;
    this.places.add(place.rules);
    for (const entry of entries) this.#enter(entry, place, group);
  }

  /** Whether the place may have one more rule of this kind; reports if not. */
  #isWithinCount({ kind, word }: Exclude<TradeRule, EnterStatement | ExitStatement>, rules: RuleSet): boolean {
    const [list, most] = COUNTS[kind];
    if (rules[list].length < most) return true;
    const name = kind.toLowerCase();
    if (most > 1) this.#checker.error('E0108', word, `one place has at most ${most} of "${name}"`, 'make one rule of several');
    else
      this.#checker.error(
        'E0509',
        word,
        `"${name}" is given twice`,
        kind === 'Take' ? 'write both in one: take 50% at 2R, rest at 4R' : 'keep one of the two',
      );
    return false;
  }

  /** Side of a rule; null after an error. */
  #side(word: SideWord | null, statement: Span, place: RulePlace, verb: string): 1 | -1 | null {
    const side = word?.side ?? place.side;
    if (side === null) {
      // The line that opened its block may be among those that could not be read.
      if (this.#checker.context.isIncomplete) return null;
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

  #enter(rule: EnterStatement, place: RulePlace, oco: number | null): void {
    const { scope, rules, setup } = place;
    const side = this.#side(rule.side, rule.word, place, 'enter');
    const basket = this.#baskets.find(rule.name, scope);
    const condition = this.#checker.condition(rule.condition, scope);
    const confidence = this.#confidence(rule, scope);
    const order = this.#orders.check(rule.order, scope);
    const reason = this.texts.template(rule.reason, scope);
    if (side === null || basket === undefined) {
      this.hasUnknownEntry = true;
      return;
    }
    const { word, span } = rule;
    this.entries.push({
      side,
      condition,
      confidence,
      order,
      reason,
      rules,
      setup,
      basket,
      oco,
      word,
      orderSpan: rule.order?.span ?? null,
      span,
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
      return this.#checker.error('E0307', rule.confidence.span, `confidence is a number from 0 to 1, found ${foundWords(value)}`);
    }
    const floored = builder.numeric('max', value.node, builder.constant(0));
    return { type: scalarType('number'), node: builder.numeric('min', floored, one.node) };
  }

  #exit(rule: ExitStatement, place: RulePlace): void {
    const { scope, setup } = place;
    const side = this.#side(rule.side, rule.word, place, 'exit');
    const basket = this.#baskets.find(rule.name, scope);
    const condition = this.#checker.condition(rule.condition, scope);
    const order = this.#orders.check(rule.order, scope);
    const reason = this.texts.template(rule.reason, scope);
    const part = rule.part?.value ?? 1;
    if (rule.part !== null && part <= 0) this.#checker.error('E0511', rule.part.span, 'the part to close is above zero');
    if (rule.part !== null && part > 1) this.#checker.error('E0502', rule.part.span, 'this is more than 100% of the position');
    if (side === null || basket === undefined) return;
    const fraction: Value = { type: scalarType('percent'), node: this.#checker.context.builder.constant(part) };
    const { word, span } = rule;
    this.exits.push({ side, condition, fraction, order, reason, setup, basket, word, orderSpan: rule.order?.span ?? null, span });
  }
}

/** Whether an item of a block is a rule (the other possibility is a `let`). */
export function isTradeRule(item: BlockItem): item is TradeRule {
  return item.kind !== 'Let';
}
