import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { isReserved } from '#dsl/grammar/tokens.ts';
import { FORBIDDEN_NAMES } from '#dsl/grammar/words.ts';
import type { CheckedFile } from './checked-file.ts';
import type { FileSymbol } from './file-symbols.ts';
import { type TextEdit, withEdits } from './text-edit.ts';

export type Renaming = { readonly ok: true; readonly edits: readonly TextEdit[] } | { readonly ok: false; readonly reason: string };

const NAME = /^[a-z][A-Za-z0-9_]{0,63}$/;

/** The name under an offset, when it can be renamed. */
export function renamable(checked: CheckedFile, offset: number): { readonly span: Span; readonly name: string } | null {
  const found = checked.symbols.at(offset);
  return found === null ? null : { span: found.place, name: found.symbol.name };
}

/**
 * Gives a name of the file another text wherever it stands. Refused where the program would mean something else: a name that is taken, reserved or built in,
 * a file whose grammar is broken (names in it cannot be seen), a function that others import.
 * @param recheck checks a text as the file was checked
 */
export function rename(checked: CheckedFile, offset: number, name: string, recheck: (source: string) => CheckedFile): Renaming {
  const found = checked.symbols.at(offset);
  if (found === null) return refused('there is no name here that this file defines');
  const { symbol } = found;
  if (name === symbol.name) return { ok: true, edits: [] };
  const reason = refusal(checked, symbol, name);
  if (reason !== null) return refused(reason);
  const edits = [...definitionEdit(symbol, name), ...symbol.uses.map((span) => ({ span, text: name }))];
  const renamed = recheck(withEdits(checked.source, edits));
  const [before, after] = [errorsOf(checked), errorsOf(renamed)];
  const [first] = after.filter((message) => !before.includes(message));
  return after.length > before.length && first !== undefined
    ? refused(`with ${name} the program would have an error: ${first}`)
    : { ok: true, edits };
}

const refused = (reason: string): Renaming => ({ ok: false, reason });

function refusal({ file, diagnostics, builtins, symbols }: CheckedFile, symbol: FileSymbol, name: string): string | null {
  if (!NAME.test(name))
    return `"${name.slice(0, 80)}" is no name: names start with a small letter and have letters, digits and _, at most 64`;
  if (isReserved(name) || FORBIDDEN_NAMES.has(name) || (symbol.kind === 'state' && name === 'any'))
    return `${name} is a word of the language and cannot be a name`;
  if (builtins.names.has(name) && symbol.kind !== 'state') return `${name} is a built-in name`;
  if (file === null || diagnostics.some(({ severity, code }) => severity === 'error' && code.startsWith('E01')))
    return 'correct the grammar of the file first: names in lines that cannot be read would be left behind';
  if (symbol.def !== null && symbol.def.exported !== null)
    return `${symbol.name} is exported: files that import it would not find it; rename it there too, without "export" here`;
  const rival = symbols.all.find(
    (other) =>
      other !== symbol &&
      other.name === name &&
      (other.kind === 'state') === (symbol.kind === 'state') &&
      other.owner === (symbol.kind === 'state' ? symbol.owner : other.owner) &&
      meet(other.within, symbol.within),
  );
  return rival === undefined ? null : `there is a ${rival.kind} ${name} already`;
}

const meet = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/** What is imported keeps its name over there: `use f from` becomes `use f as g from`. */
function definitionEdit({ place, use }: FileSymbol, name: string): readonly TextEdit[] {
  const isPlain = use !== null && use.name.span.start === place.start;
  return isPlain ? [{ span: { start: place.end, end: place.end }, text: ` as ${name}` }] : [{ span: place, text: name }];
}

function errorsOf({ diagnostics }: CheckedFile): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}
