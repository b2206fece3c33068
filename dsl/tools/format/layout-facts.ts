import type { Expression } from '#dsl/ast/expression.ts';
import type { SourceFile, Statement } from '#dsl/ast/nodes.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';

/** What the tree knows of the layout of a text that words alone do not tell; all by offset in the source. */
export interface LayoutFacts {
  /** Where lines begin, and in how many blocks: statements, and what stands in theirs. */
  readonly starts: ReadonlyMap<number, number>;
  /** Names that a `(` touches: calls, units with arguments, definitions. The offset behind the name. */
  readonly callees: ReadonlySet<number>;
  /** The `[` of `x[n]`. */
  readonly indexes: ReadonlySet<number>;
  /** The `-` of `-x`. */
  readonly signs: ReadonlySet<number>;
}

/** Collects the facts of a file that parsed without an error. */
export function layoutFacts(file: SourceFile): LayoutFacts {
  const starts = new Map<number, number>();
  const callees = new Set<number>();
  const indexes = new Set<number>();
  const signs = new Set<number>();
  const begin = ({ start }: Span, depth: number): void => void starts.set(start, depth);
  begin(file.heading.word, 0);
  for (const setting of file.heading.settings) begin(setting.span, 1);
  for (const statement of file.statements) {
    begin(statement.span, 0);
    for (const { span } of itemsOf(statement)) begin(span, 1);
    if (statement.kind === 'Def') callees.add(statement.name.span.end);
  }
  visit(file, (node) => {
    if (node.kind === 'Call') callees.add(node.callee.span.end);
    if (node.kind === 'UnitAmount' && node.args !== null) callees.add(node.word.span.end);
    if (node.kind === 'Index') indexes.add(node.wordSpan.start);
    if (node.kind === 'Negate') signs.add(node.wordSpan.start);
  });
  return { starts, callees, indexes, signs };
}

/** What is inside of statements that are blocks begins lines of its own. */
function itemsOf(statement: Statement): readonly { readonly span: Span }[] {
  switch (statement.kind) {
    case 'Use':
      return statement.bindings;
    case 'Account':
    case 'Costs':
    case 'Grid':
    case 'Session':
      return statement.settings;
    case 'Def':
    case 'Chart':
      return statement.lets;
    case 'Regime':
      return statement.transitions;
    case 'Universe':
      return statement.clauses;
    case 'Basket':
      return statement.legs;
    case 'Side':
    case 'Setup':
      return statement.body;
    case 'Oco':
      return statement.entries;
    case 'Risk':
      return statement.rules;
    default:
      return [];
  }
}

/** Every expression below a node of the tree, wherever it stands. */
function visit(node: unknown, see: (expression: Expression) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('kind' in node) see(node as Expression);
  for (const value of Object.values(node)) visit(value, see);
}
