import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';

/** Control, format (bidirectional, zero width), separators, lone surrogates and everything that a screen shows as nothing. */
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]--[\t\n\r]]/gv;
/** The two selectors of emoji style follow a visible character and hide nothing, so texts and comments may hold them. */
const EMOJI_STYLES: ReadonlySet<string> = new Set(['\ufe0e', '\ufe0f']);
const NOT_PLAIN = /[^\t\n\r -~]/;
const MAX_FINDINGS = 100;

function codePointName(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** E0101 for characters that cannot be seen, wherever they stand: at most one a line and 100 in all. */
export function hiddenCharacters(source: string): Diagnostic[] {
  if (!NOT_PLAIN.test(source)) return [];
  const found: Diagnostic[] = [];
  let lineEnd = -1;
  for (const match of source.matchAll(HIDDEN)) {
    if (match.index < lineEnd || EMOJI_STYLES.has(match[0])) continue;
    const next = source.indexOf('\n', match.index);
    lineEnd = next === -1 ? source.length : next;
    found.push(
      diagnostic(
        'E0101',
        { start: match.index, end: match.index + match[0].length },
        `a character that cannot be seen: ${codePointName(match[0])}`,
        'delete it; such characters can hide code and are refused in comments and texts, too',
      ),
    );
    if (found.length === MAX_FINDINGS) break;
  }
  return found;
}

/** True when `hiddenCharacters` has already spoken about this character. */
export function isHidden(char: string): boolean {
  return char.search(HIDDEN) === 0 && !EMOJI_STYLES.has(char);
}

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['&', 'write: and'],
  ['&&', 'write: and'],
  ['|', 'write: or'],
  ['||', 'write: or'],
  ['!', 'write: not'],
  [';', 'a statement needs no sign at its end'],
  ["'", 'texts stand in double quotes'],
  ['`', 'texts stand in double quotes'],
  ['^', 'write: pow(x, y)'],
  ['%', 'a percent touches its number (2%); the remainder is mod(x, y)'],
  ['?', 'write: if a then b else c'],
  ['_', 'a name starts with a small letter from a to z'],
]);

/** E0101 for a visible character (or a run of the same one) that no word or sign starts with. */
export function strangeCharacter(chars: string, start: number): Diagnostic {
  const code = codePointName(chars);
  const shown = NOT_PLAIN.test(chars) ? `"${chars.slice(0, 4)}" (${code})` : `"${chars.slice(0, 4)}"`;
  const hint =
    INSTEAD.get(chars) ??
    (NOT_PLAIN.test(chars)
      ? 'outside of texts and comments only plain letters, digits and signs are used; type the word again'
      : undefined);
  return diagnostic('E0101', { start, end: start + chars.length }, `${shown} is not part of the language`, hint);
}
