import type { BlockItem, EnterStatement, LetStatement, SourceFile, TradeRule } from '../../ast/nodes.ts';
import type { Expression } from '../../ast/expression.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import { parse } from '../../grammar/parse.ts';
import { conditionPart, type ConditionPart, expressionKey, keysOf, type KnownLets } from './condition-part.ts';

/** Conditions of the rules of a text, by where the statement, or the line of a block, starts: what the program says of a rule, too. */
export function ruleConditions(text: string): ReadonlyMap<number, ConditionPart> {
  const { file } = parse(text);
  const found = new Map<number, ConditionPart>();
  if (file === null) return found;
  const top = letsOf(file.statements.filter((statement) => statement.kind === 'Let'));
  const keep = ({ start }: Span, condition: Expression | null, lets: KnownLets): void => {
    if (condition !== null) found.set(start, conditionPart(condition, lets));
  };
  for (const { rule, lets } of rulesOf(file, top)) {
    switch (rule.kind) {
      case 'Enter':
      case 'Exit':
      case 'Cancel':
      case 'Timeout':
        keep(rule.span, rule.condition, lets);
        break;
      case 'Add':
        keep(rule.span, rule.trigger.kind === 'When' ? rule.trigger.condition : null, lets);
        break;
      default:
    }
  }
  for (const statement of file.statements)
    if (statement.kind === 'Risk') for (const rule of statement.rules) if (rule.kind === 'Guard') keep(rule.span, rule.condition, top);
  return found;
}

/** What of a text has to be watched so that its rules can be explained. */
export function explainedExpressions(text: string): (e: Expression) => boolean {
  const keys = new Set([...ruleConditions(text).values()].flatMap(keysOf));
  return (e) => keys.has(expressionKey(e));
}

function letsOf(lines: readonly LetStatement[], outer: KnownLets = new Map()): KnownLets {
  return new Map([...outer, ...lines.map((line) => [line.name.text, line] as const)]);
}

/** Rules with the lets that they see. */
function rulesOf({ statements }: SourceFile, top: KnownLets): readonly { readonly rule: TradeRule; readonly lets: KnownLets }[] {
  const inBlock = (body: readonly BlockItem[]): readonly { readonly rule: TradeRule; readonly lets: KnownLets }[] => {
    const lets = letsOf(
      body.filter((item) => item.kind === 'Let'),
      top,
    );
    return body.flatMap((item) => (item.kind === 'Let' ? [] : [{ rule: item, lets }]));
  };
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'Side':
      case 'Setup':
        return inBlock(statement.body);
      case 'Oco':
        return statement.entries.map((rule: EnterStatement) => ({ rule, lets: top }));
      case 'Enter':
      case 'Exit':
      case 'Add':
      case 'Cancel':
      case 'Timeout':
        return [{ rule: statement, lets: top }];
      default:
        return [];
    }
  });
}
