import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { tokenSpan } from '#dsl/grammar/cst.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import type { Text, TextInsert } from './nodes.ts';

const INSERT = /\{([a-z][A-Za-z0-9_]*)(?::(\d{1,2}))?\}/y;

function unescape(raw: string): string {
  return raw.replace(/\\(["\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/** A text that stands for itself: paths, where braces have no meaning. */
export function buildPlainText(token: IToken): Text {
  const value = unescape(content(token));
  return { kind: 'Text', span: tokenSpan(token), value, parts: value === '' ? [] : [value] };
}

/** A text with its inserts; anything else in braces is E0211, at the first character inside them. */
export function buildText(token: IToken, report: (finding: Diagnostic) => void): Text {
  const raw = content(token);
  const parts: (string | TextInsert)[] = [];
  let from = 0;
  const keep = (end: number): void => {
    if (end > from) parts.push(unescape(raw.slice(from, end)));
  };
  for (let brace = raw.indexOf('{'); brace !== -1; brace = raw.indexOf('{', brace + 1)) {
    INSERT.lastIndex = brace;
    const match = INSERT.exec(raw);
    const start = token.startOffset + 1 + brace + 1;
    if (match === null) {
      const close = raw.indexOf('}', brace);
      const end = close === -1 ? start : token.startOffset + 1 + close;
      report(
        diagnostic(
          'E0211',
          { start, end },
          'braces in a text hold one name',
          'give the expression a name with let and write {name} or {name:2}',
        ),
      );
      break;
    }
    keep(brace);
    const name = match[1] ?? '';
    parts.push({ name, digits: match[2] === undefined ? null : Number(match[2]), span: { start, end: start + name.length } });
    from = brace + match[0].length;
  }
  keep(raw.length);
  return { kind: 'Text', span: tokenSpan(token), value: unescape(raw), parts };
}

/** What stands between the quotes; an unclosed text has only the first one. */
function content(token: IToken): string {
  const { image } = token;
  return image.length > 1 && image.endsWith('"') ? image.slice(1, -1) : image.slice(1);
}
