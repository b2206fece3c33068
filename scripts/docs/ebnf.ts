import { StratParser } from '../../dsl/grammar/parser.ts';
import { SIGNS } from '../../dsl/grammar/tokens.ts';

/** A production as Chevrotain serialises it: as much of it as is printed. */
interface Production {
  readonly type: string;
  readonly name?: string;
  readonly separator?: Production;
  readonly definition?: readonly Production[];
}

const GRAMMAR: ReadonlyMap<string, Production> = new Map(
  (new StratParser('recorded').getSerializedGastProductions() as readonly Production[]).map((rule) => [rule.name!, rule]),
);

const SIGN_OF: ReadonlyMap<string, string> = new Map(Array.from(SIGNS, ([sign, { name }]) => [name, sign]));
/** What stands for a kind of word, in capitals. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  Name: 'NAME',
  Upper: 'CURRENCY',
  MarketToken: 'MARKET',
  NumberToken: 'NUMBER',
  PercentToken: 'PERCENT',
  BasisPoints: 'BASIS_POINTS',
  RMultiple: 'MULTIPLE_OF_R',
  DurationToken: 'DURATION',
  DateToken: 'DATE',
  TimeToken: 'TIME',
  TextToken: 'TEXT',
  AnyWord: 'WORD',
  TypeWord: 'TYPE',
  UnitWord: 'UNIT',
};
/** Signs that the notation uses itself stand in quotes. */
const QUOTED = new Set(['{', '}', '[', ']', '(', ')', '|', '=', ',']);
/** Rules that are printed as a word of their own, here or on another page. */
const NAMED: Readonly<Record<string, string>> = {
  expression: 'expr',
  additive: 'value',
  definedName: 'NAME',
  market: 'MARKET',
  timeframe: 'TIMEFRAME',
  typeClause: '":" TYPE',
  block: '"{" ... "}"',
};

/** Rules that are written out where they stand. */
const INLINE = new Set(['sideWord', 'reasonClause', 'confidenceClause']);

const nameOf = (rule: string): string =>
  NAMED[rule] ?? rule.replace(/Statement$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Alternatives bind less than what follows each other. */
const isChoice = ({ type, definition = [] }: Production): boolean => type === 'Alternation' && definition.length > 1;

const writtenOut = (parts: readonly Production[]): readonly Production[] =>
  parts.flatMap((part) => (part.type === 'NonTerminal' && INLINE.has(part.name!) ? (GRAMMAR.get(part.name!)!.definition ?? []) : [part]));

function sequence(all: readonly Production[]): string {
  const parts = writtenOut(all);
  return (
    parts
      .map((part) => (isChoice(part) && parts.length > 1 ? `(${printed(part)})` : printed(part)))
      .join(' ')
      // The end of a block is read apart, so that one that is missing can be told.
      .replaceAll('["}"]', '"}"')
  );
}

function printed({ type, name = '', definition = [], separator }: Production): string {
  // Alternatives have no print of their own.
  const inner = type === 'Alternation' ? '' : sequence(definition);
  switch (type) {
    case 'Terminal': {
      const sign = SIGN_OF.get(name);
      if (sign !== undefined) return QUOTED.has(sign) ? `"${sign}"` : sign;
      if (name === 'Comparison') return '(< | <= | > | >= | == | !=)';
      if (name.startsWith('Word_')) return name.slice('Word_'.length);
      const placeholder = PLACEHOLDERS[name];
      if (placeholder === undefined) throw new Error(`no placeholder for the token ${name}`);
      return placeholder;
    }
    case 'NonTerminal':
      return nameOf(name);
    case 'Alternation':
      return definition.map((way) => sequence(way.definition ?? [])).join(' | ');
    case 'Option':
      return `[${inner}]`;
    case 'Repetition':
      return `{${inner}}`;
    case 'RepetitionMandatory':
      return `${inner} {${inner}}`;
    case 'RepetitionMandatoryWithSeparator':
      return `${inner} {${printed(separator!)} ${inner}}`;
    case 'RepetitionWithSeparator':
      return `[${inner} {${printed(separator!)} ${inner}}]`;
    default:
      throw new Error(`no print for ${type}`);
  }
}

/** Rules that a production uses, in their order. */
function usedIn({ type, name = '', definition = [] }: Production): readonly string[] {
  return type === 'NonTerminal' && !INLINE.has(name) ? [name] : definition.flatMap(usedIn);
}

/** A braces block that holds statements: the parser reads what is in it one by one. */
const isBlockOf = (production: Production): boolean => production.name === 'block';

export interface Syntax {
  readonly name: string;
  readonly text: string;
}

/**
 * The production of a rule, and those of the rules that only belong to it: `[x]` may be left out, `{x}` any number of times, `a | b` one of them.
 * @throws Error for a rule that the grammar does not have
 */
export function syntaxOf(rule: string, shared: ReadonlySet<string> = new Set()): readonly Syntax[] {
  const found = new Map<string, Syntax>();
  const visit = (name: string): void => {
    const production = GRAMMAR.get(name);
    if (production === undefined) throw new Error(`the grammar has no rule ${name}`);
    if (found.has(name) || isBlockOf(production)) return;
    found.set(name, { name: nameOf(name), text: sequence(production.definition ?? []) });
    for (const used of usedIn(production)) if (!(used in NAMED) && !shared.has(used)) visit(used);
  };
  visit(rule);
  return [...found.values()];
}

/** The statements of the grammar: what may stand at the top of a file or in a block. */
export function statementRules(): readonly string[] {
  return ['statement', 'blockItem'].flatMap((name) => usedIn(GRAMMAR.get(name)!)).filter((name) => name !== 'blockItem');
}
