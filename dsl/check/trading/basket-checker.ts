import type { Word } from '../../ast/expression.ts';
import type { BasketStatement } from '../../ast/nodes.ts';
import type { BasketLeg } from '../../ast/clauses.ts';
import type { NodeId } from '../../graph/node.ts';
import type { Basket } from '../../program.ts';
import type { DefinitionChecker } from '../definition-checker.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { typeWords } from '../type.ts';
import { isPoison } from '../value.ts';
import { isAboveZero } from './amount-bounds.ts';
import { foundWords } from './found-words.ts';

/** Several legs that are traded as one position: their definition, and the rules that name them. */
export class BasketChecker {
  readonly baskets: Basket[] = [];
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;

  constructor(checker: ExpressionChecker, definitions: DefinitionChecker) {
    this.#checker = checker;
    this.#definitions = definitions;
  }

  define({ name, legs, span }: BasketStatement, scope: Scope): void {
    const { builder, findings } = this.#checker.context;
    const node = builder.constant(Number.NaN);
    this.#definitions.define(name, scope, { kind: 'value', value: { type: { kind: 'basket', index: this.baskets.length }, node } });
    if (legs.length === 0) findings.add('E0513', name.span, `${name.text} has no legs`, 'write: buy BTC/USDT sell ETH/USDT');
    const markets = new Set<string>();
    const checked: Basket['legs'][number][] = [];
    for (const leg of legs) {
      const { text, span: place } = leg.market;
      if (markets.has(text)) findings.add('E0509', place, `${text} is named twice`, 'give it one weight');
      markets.add(text);
      this.#sameCurrency(leg);
      const weight = this.#weight(leg, scope);
      if (weight !== null) checked.push({ market: text, weight: leg.action === 'buy' ? weight : builder.numeric('neg', weight) });
    }
    this.baskets.push({ name: name.text, legs: checked, span });
  }

  #sameCurrency({ market: { quote, text, span } }: BasketLeg): void {
    const { findings, market } = this.#checker.context;
    if (quote === null || market.quote === null || quote === market.quote) return;
    findings.add('E0306', span, `the account is in ${market.quote}, ${text} is in ${quote}`, 'use markets of one currency in one strategy');
  }

  #weight({ weight }: BasketLeg, scope: Scope): NodeId | null {
    const checker = this.#checker;
    if (weight === null) return checker.context.builder.constant(1);
    const value = checker.check(weight, scope);
    if (isPoison(value)) return null;
    if (!['number', 'ratio', 'percent', 'na'].includes(value.type.kind)) {
      checker.error('E0307', weight.span, `a weight is a number, found ${foundWords(value)}`, 'for example: weight 1.5');
      return null;
    }
    return isAboveZero(checker, value.node, weight, 'a weight') ? value.node : null;
  }

  /** Place of the basket that a rule names, `enter long pair`; null without a name, undefined after an error. */
  find(name: Word | null, scope: Scope): number | null | undefined {
    if (name === null) return null;
    const checker = this.#checker;
    const declared = scope.find(name.text);
    if (declared === undefined && !checker.context.builtins.names.has(name.text)) return void checker.unknown(name, scope);
    if (declared !== undefined) declared.uses += 1;
    const binding = declared?.binding;
    if (binding?.kind === 'poison') return undefined;
    if (binding?.kind === 'value' && binding.value.type.kind === 'basket') return binding.value.type.index;
    const what = binding?.kind === 'value' ? `${typeWords(binding.value.type)}, not a basket` : 'not a basket';
    checker.error('E0207', name.span, `${name.text} is ${what}`, 'a rule names a basket: basket pair { buy BTC/USDT sell ETH/USDT }');
    return undefined;
  }
}
