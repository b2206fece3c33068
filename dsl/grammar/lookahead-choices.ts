import { GAstVisitor, getLookaheadPaths } from 'chevrotain';
import type { LookaheadProductionType, Rule } from 'chevrotain';
import { CHOICES_APART, WAYS_APART, WORDS_APART } from './known-lookahead.ts';
import { StratParser } from './parser.ts';

/**
 * What `lookahead-table.ts` holds: rule -> its choices, as Chevrotain finds them.
 * @throws Error when a choice takes more than the next word, which the table has no form for
 */
export function lookaheadChoices(): Readonly<Record<string, string>> {
  const rules = Object.entries(new StratParser('recorded').getGAstProductions());
  return Object.fromEntries(
    rules.flatMap(([name, rule]) => {
      const choices = new ChoiceReader(rule).choices;
      return choices.length === 0 ? [] : [[name, choices.join(CHOICES_APART)]];
    }),
  );
}

interface Production {
  readonly idx: number;
}

class ChoiceReader extends GAstVisitor {
  readonly choices: string[] = [];
  readonly #rule: Rule;

  constructor(rule: Rule) {
    super();
    this.#rule = rule;
    rule.accept(this);
  }

  override visitAlternation(node: Production & { readonly hasPredicates?: boolean }): void {
    if (node.hasPredicates === true)
      throw new Error(`rule ${this.#rule.name} guards an alternative, which the table of lookahead does not know`);
    this.#note('Alternation', node);
  }

  override visitOption(node: Production): void {
    this.#note('Option', node);
  }

  override visitRepetition(node: Production): void {
    this.#note('Repetition', node);
  }

  override visitRepetitionMandatory(node: Production): void {
    this.#note('RepetitionMandatory', node);
  }

  override visitRepetitionWithSeparator(node: Production): void {
    this.#note('RepetitionWithSeparator', node);
  }

  override visitRepetitionMandatoryWithSeparator(node: Production): void {
    this.#note('RepetitionMandatoryWithSeparator', node);
  }

  override visitRule(): void {}
  override visitAlternative(): void {}
  override visitNonTerminal(): void {}
  override visitTerminal(): void {}

  #note(prodType: LookaheadProductionType, { idx }: Production): void {
    const paths = getLookaheadPaths({ occurrence: idx, rule: this.#rule, prodType, maxLookahead: 1 });
    const words = (prodType === 'Alternation' ? paths : paths.slice(0, 1)).map((way) =>
      way.map((path) => {
        if (path.length !== 1)
          throw new Error(`rule ${this.#rule.name}, ${prodType} ${idx}: a way begins with ${path.length} words and not with one`);
        return path[0]!.name;
      }),
    );
    this.choices.push(`${prodType} ${idx}: ${words.map((way) => way.join(WORDS_APART)).join(WAYS_APART)}`);
  }
}
