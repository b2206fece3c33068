import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { CheckedFile } from './checked-file.ts';
import { tokenAt } from './cursor.ts';
import { PRELUDE } from './prelude-index.ts';

/** Where a name is defined: in the file itself, in a module that it imports, or in the prelude. */
export type DefinitionPlace =
  | { readonly kind: 'here'; readonly span: Span }
  | { readonly kind: 'module'; readonly id: string; readonly source: string; readonly span: Span }
  | { readonly kind: 'prelude'; readonly module: string; readonly source: string; readonly span: Span };

export function definitionOf(checked: CheckedFile, offset: number): DefinitionPlace | null {
  const found = checked.symbols.at(offset);
  const token = tokenAt(checked.tokens, offset);
  const symbol = found?.symbol ?? (token === null ? null : checked.symbols.find(token.image, offset));
  if (symbol !== null) {
    const binding = checked.bindingOf(symbol.place.start);
    if (symbol.use === null || binding?.kind !== 'definition') return { kind: 'here', span: symbol.place };
    const { module, statement } = binding.definition;
    return module === null
      ? { kind: 'here', span: symbol.place }
      : { kind: 'module', id: module.id, source: module.lines.source, span: statement.name.span };
  }
  const known = token === null ? undefined : PRELUDE.get(token.image);
  if (known === undefined || checked.builtins.names.get(token?.image ?? '')?.kind !== 'definition') return null;
  return { kind: 'prelude', module: known.module, source: known.source, span: known.statement.name.span };
}

/** Every place of the name under an offset, in the order of the text. */
export function referencesTo(checked: CheckedFile, offset: number, withDefinition: boolean): readonly Span[] {
  const found = checked.symbols.at(offset);
  if (found === null) return [];
  const { place, uses } = found.symbol;
  return [...(withDefinition ? [place] : []), ...uses].toSorted((a, b) => a.start - b.start);
}
