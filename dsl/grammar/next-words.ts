import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  tokenMatcher,
} from 'chevrotain';
import type { IProduction, IToken, TokenType } from 'chevrotain';
import { PARSER } from './the-parser.ts';

/** A kind of word that the grammar takes at a place. */
export interface NextWord {
  readonly type: TokenType;
  /** Label of the word in its rule; '' when it has none. */
  readonly label: string;
  /** Rules that the word is in, the innermost first. */
  readonly rules: readonly string[];
}

export interface NextWords {
  readonly words: readonly NextWord[];
  /** What was read is a whole one of what was asked for. */
  readonly isComplete: boolean;
}

/** What is still to come: productions from `at` on, then `next`. `rule` is set where a rule begins to be read. */
interface Rest {
  readonly items: readonly IProduction[];
  readonly at: number;
  readonly rules: RuleStack | null;
  readonly next: Rest | null;
}

interface RuleStack {
  readonly name: string;
  readonly outer: RuleStack | null;
}

interface Step {
  readonly terminal: Terminal | { readonly terminalType: TokenType; readonly label?: string };
  readonly rules: RuleStack | null;
  readonly rest: Rest | null;
}

/** Readings of one text that are followed at once. The grammar decides by one word nearly everywhere; `else if` and `of a.b` leave two. */
const MOST_READINGS = 32;

/**
 * The words that may follow tokens in a rule of the grammar; null when these tokens cannot stand in it. Walks the grammar as the parser recorded it, all readings
 * side by side, so the parser's guards need not be asked.
 */
export function nextWords(rule: string, tokens: readonly IToken[]): NextWords | null {
  let rests: readonly (Rest | null)[] = [beginningOf(rule, null, null)];
  for (const token of tokens) {
    const next: (Rest | null)[] = [];
    for (const { terminal, rest } of stepsOf(rests).steps) if (tokenMatcher(token, terminal.terminalType)) next.push(rest);
    if (next.length === 0) return null;
    rests = next.slice(0, MOST_READINGS);
  }
  const { steps, isComplete } = stepsOf(rests);
  return {
    words: steps.map(({ terminal, rules }) => ({ type: terminal.terminalType, label: terminal.label ?? '', rules: namesOf(rules) })),
    isComplete,
  };
}

function beginningOf(name: string, outer: RuleStack | null, next: Rest | null): Rest {
  return { items: PARSER.getGAstProductions()[name]?.definition ?? [], at: 0, rules: { name, outer }, next };
}

function namesOf(rules: RuleStack | null): string[] {
  const names: string[] = [];
  for (let rule = rules; rule !== null; rule = rule.outer) names.push(rule.name);
  return names;
}

function stepsOf(rests: readonly (Rest | null)[]): { readonly steps: readonly Step[]; readonly isComplete: boolean } {
  const steps: Step[] = [];
  let isComplete = false;
  const walk = (rest: Rest | null): void => {
    if (rest === null) {
      isComplete = true;
      return;
    }
    const { items, at, rules, next } = rest;
    const item = items[at];
    if (item === undefined) return walk(next);
    const behind: Rest = { items, at: at + 1, rules, next };
    const part = (parts: readonly IProduction[], then: Rest): Rest => ({ items: parts, at: 0, rules, next: then });
    if (item instanceof Terminal) steps.push({ terminal: item, rules, rest: behind });
    else if (item instanceof NonTerminal) walk(beginningOf(item.nonTerminalName, rules, behind));
    else if (item instanceof Alternation) for (const choice of item.definition) walk(part([choice], behind));
    else if (item instanceof Alternative) walk(part(item.definition, behind));
    else if (item instanceof Option) {
      walk(part(item.definition, behind));
      walk(behind);
    } else if (item instanceof Repetition) {
      walk(part(item.definition, rest));
      walk(behind);
    } else if (item instanceof RepetitionMandatory) {
      walk(part(item.definition, part([new Repetition({ definition: item.definition })], behind)));
    } else if (item instanceof RepetitionWithSeparator || item instanceof RepetitionMandatoryWithSeparator) {
      const separator = new Terminal({ terminalType: item.separator });
      const more = new Repetition({ definition: [separator, ...item.definition] });
      walk(part(item.definition, part([more], behind)));
      if (item instanceof RepetitionWithSeparator) walk(behind);
    }
  };
  for (const rest of rests) walk(rest);
  return { steps, isComplete };
}
