import type { BlockItem, SourceFile, Statement } from '../ast/nodes.ts';

/** Names that statements of a file define at its top, wherever they stand. */
export function definedNames(file: SourceFile): Set<string> {
  return new Set(file.statements.flatMap((statement) => [...namesOf(statement)]));
}

/** Names that the lets of a block define. */
export function blockNames(items: readonly BlockItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'Let' ? [item.name.text] : []));
}

function namesOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'Let':
    case 'Param':
    case 'Def':
    case 'Session':
    case 'Regime':
    case 'Basket':
    case 'Setup':
      return [statement.name.text];
    case 'Use':
      return statement.imports.map(({ name, alias }) => (alias ?? name).text);
    case 'Chart':
      return statement.lets.map(({ name }) => name.text);
    default:
      return [];
  }
}

/** Number of entries that say how sure they are. */
export function confidentEntries({ statements }: SourceFile): number {
  const items = statements.flatMap((statement): readonly (Statement | BlockItem)[] =>
    statement.kind === 'Side' || statement.kind === 'Setup' ? statement.body : statement.kind === 'Oco' ? statement.entries : [statement],
  );
  return items.filter((item) => item.kind === 'Enter' && item.confidence !== null).length;
}
