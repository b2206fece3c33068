import type { Statement } from '#dsl/ast/nodes.ts';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import * as T from '#dsl/grammar/tokens.ts';
import type { CheckedFile } from './checked-file.ts';
import { countBefore, endOf } from './cursor.ts';
import { type TextEdit, withEdits } from './text-edit.ts';

/** An edit that takes a finding away. */
export interface CodeAction {
  readonly title: string;
  readonly finding: Diagnostic;
  readonly edits: readonly TextEdit[];
}

interface Candidate {
  readonly title: string;
  readonly edit: TextEdit;
}

const MOST_FINDINGS = 5;
const MOST_CANDIDATES = 10;
/** Each candidate is checked, so in long files fewer are tried. */
const LONG_SOURCE = 32 * 1024;

/**
 * What the hints of findings within a span say, as edits. A hint is read for what it may mean (this word instead of that one, a line to add); only an edit that was
 * tried, after which the finding is gone and no other error came, is offered.
 * @param recheck checks a text as the file was checked
 */
export function codeActions(checked: CheckedFile, span: Span, recheck: (source: string) => CheckedFile): readonly CodeAction[] {
  const found = checked.diagnostics.filter((finding) => finding.span.start <= span.end && finding.span.end >= span.start);
  return found.slice(0, MOST_FINDINGS).flatMap((finding) => {
    const candidates = candidatesFor(checked, finding).slice(0, checked.source.length > LONG_SOURCE ? 2 : MOST_CANDIDATES);
    const good = new Map<string, CodeAction>();
    for (const { title, edit } of candidates) {
      if (good.has(title) || !isCured(checked, finding, recheck(withEdits(checked.source, [edit])))) continue;
      good.set(title, { title, finding, edits: [edit] });
    }
    return [...good.values()];
  });
}

function isCured(before: CheckedFile, finding: Diagnostic, after: CheckedFile): boolean {
  const alike = ({ diagnostics }: CheckedFile): number =>
    diagnostics.filter(({ code, message }) => code === finding.code && message === finding.message).length;
  const errors = ({ diagnostics }: CheckedFile): number => diagnostics.filter(({ severity }) => severity === 'error').length;
  const isError = finding.severity === 'error';
  return alike(after) < alike(before) && (isError ? errors(after) < errors(before) : errors(after) <= errors(before));
}

function candidatesFor(checked: CheckedFile, finding: Diagnostic): readonly Candidate[] {
  const { code, hint = '', span } = finding;
  if (code === 'E0104') return [{ title: 'add }', edit: { span: { start: span.end, end: span.end }, text: '\n}' } }];
  if (code === 'E0102') return [{ title: 'close the text', edit: { span: { start: span.end, end: span.end }, text: '"' } }];
  if (/^remove it\b/.test(hint)) return removals(checked, span);
  const added = /^add: ([^.]+?)(?:, or .*)?$/.exec(hint)?.[1];
  if (added !== undefined) return additions(checked, span, added);
  const instead = /^write (.+) instead of (.+)$/.exec(hint);
  const [, word, old] = instead ?? [];
  if (word !== undefined && old !== undefined) {
    const at = checked.source.lastIndexOf(old, span.start);
    return at < 0 ? [] : [{ title: `write ${word}`, edit: { span: { start: at, end: at + old.length }, text: word } }];
  }
  if (hint.startsWith('write the percent sign')) return percents(checked, span);
  const wanted = /^did you mean (.+)\?$|^write:? (.+)$|for example,? (\S+)$|names start with a small letter: (\w+)$/.exec(hint);
  const text = wanted?.slice(1).find((part) => part !== undefined);
  if (text === undefined || text.includes('...')) return [];
  return text.split(' or ').flatMap((choice) => replacements(checked, span, choice));
}

/** The places that a better text may be for: the finding itself, it with the word before or behind, and words near it that the text goes on from. */
function replacements({ tokens, source }: CheckedFile, span: Span, text: string): readonly Candidate[] {
  const index = countBefore(tokens, span.start + 1) - 1;
  const [before, own, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  const near = tokens.slice(Math.max(0, index - 6), index + 8).filter(({ image }) => text.startsWith(image) && image !== text);
  const places: Span[] = [
    ...near.map((token) => ({ start: token.startOffset, end: endOf(token) })),
    span,
    ...(own === undefined ? [] : [{ start: own.startOffset, end: endOf(own) }]),
    ...(before === undefined ? [] : [{ start: before.startOffset, end: span.end }]),
    ...(after === undefined ? [] : [{ start: span.start, end: endOf(after) }]),
    // `2 %` has become one word of the source by now.
    ...(source[span.start - 1] === ' ' ? [{ start: span.start - 1, end: span.end }] : []),
  ];
  const title = `write ${text}`;
  const isBlank = (place: Span): boolean => source.slice(place.start, place.end).trim() === '';
  const texts = places.filter((place) => !isBlank(place)).map((place) => ({ title, edit: { span: place, text } }));
  const squeezed = /^%$/.test(source.slice(span.start, span.end))
    ? [{ title, edit: { span: blanksBefore(source, span.start), text: '' } }]
    : [];
  return [...squeezed, ...texts];
}

/** The numbers near a place, as percents. */
function percents({ tokens }: CheckedFile, { start }: Span): readonly Candidate[] {
  const index = countBefore(tokens, start);
  const numbers = tokens.slice(Math.max(0, index - 4), index + 6).filter(({ tokenType }) => tokenType === T.NumberToken);
  return numbers.map((token) => {
    const text = `${token.image}%`;
    return { title: `write ${text}`, edit: { span: { start: token.startOffset, end: endOf(token) }, text } };
  });
}

function blanksBefore(source: string, end: number): Span {
  let start = end;
  while (start > 0 && /[ \t]/.test(source[start - 1]!)) start--;
  return { start, end };
}

/** The smallest statement around a place. */
function statementAt({ file }: CheckedFile, offset: number): Statement | null {
  const within = (statements: readonly Statement[]): Statement | null => {
    const found = statements.find(({ span }) => offset >= span.start && offset <= span.end);
    if (found === undefined) return null;
    const inner = 'body' in found ? found.body : found.kind === 'Chart' ? found.lets : found.kind === 'Oco' ? found.entries : [];
    return within(inner) ?? found;
  };
  return within(file?.statements ?? []);
}

function removals(checked: CheckedFile, { start }: Span): readonly Candidate[] {
  const statement = statementAt(checked, start);
  if (statement === null || statement.kind === 'Use') return [];
  const { source } = checked;
  let [from, to] = [blanksBefore(source, statement.span.start).start, statement.span.end];
  // The comments above that tell about it go with it.
  const doc = checked.comments.findLast(({ span, doc: isDoc }) => isDoc && span.end <= from && /^\s*$/.test(source.slice(span.end, from)));
  if (doc !== undefined) from = blanksBefore(source, doc.span.start).start;
  while (/[ \t]/.test(source[to] ?? '')) to++;
  if (source.startsWith('\r\n', to)) to += 2;
  else if (/[\r\n]/.test(source[to] ?? '')) to++;
  return [{ title: 'remove it', edit: { span: { start: from, end: to }, text: '' } }];
}

/** A line behind the statement, and one at its side of the file for what the whole program lacks. */
function additions(checked: CheckedFile, { start }: Span, line: string): readonly Candidate[] {
  const { source } = checked;
  const title = `add: ${line}`;
  const statement = statementAt(checked, start);
  const end = statement?.span.end ?? source.trimEnd().length;
  const indent = statement === null ? '' : /[ \t]*$/.exec(source.slice(0, statement.span.start))![0];
  const lineEnd = source.includes('\r\n') ? '\r\n' : '\n';
  const after = { start: end, end };
  const last = { start: source.trimEnd().length, end: source.trimEnd().length };
  return [
    { title, edit: { span: after, text: `${lineEnd}${indent}${line}` } },
    { title, edit: { span: last, text: `${lineEnd}${line}` } },
  ];
}
