import {
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as ProtocolDiagnostic,
  type DocumentSymbol,
  InsertTextFormat,
  type MarkupContent,
  type Range,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import type { Completion, Proposal, ProposalKind } from '#dsl/tools/language-server/completion.ts';
import type { OutlineEntry, OutlineKind } from '#dsl/tools/language-server/outline.ts';
import type { TextEdit as OwnEdit } from '#dsl/tools/language-server/text-edit.ts';
import type { Hover } from '#dsl/tools/language-server/hover.ts';
import { PLUGIN_NOTE } from './workspace-files.ts';

/** Ours -> the protocol's: offsets become lines and characters (UTF-16, from 0). */

export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

const SEVERITIES = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, note: DiagnosticSeverity.Information } as const;
const UNUSED: ReadonlySet<string> = new Set(['W0902', 'W0903', 'W0904']);

/** @param errorsPage address of the page that explains the codes */
export function diagnosticOf(document: TextDocument, found: Diagnostic, errorsPage: string): ProtocolDiagnostic {
  const { code, message, hint, span } = found;
  const isPlugin = code === 'E0703' && message.includes(PLUGIN_NOTE);
  return {
    range: rangeOf(document, span.end > span.start ? span : { start: span.start, end: span.start + 1 }),
    severity: isPlugin ? DiagnosticSeverity.Information : SEVERITIES[found.severity],
    code,
    codeDescription: { href: `${errorsPage}#${code.toLowerCase()}` },
    source: 'strat',
    message: hint === undefined ? message : `${message}\n${hint}`,
    ...(UNUSED.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

const KINDS: Readonly<Record<ProposalKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  statement: CompletionItemKind.Keyword,
  value: CompletionItemKind.Variable,
  param: CompletionItemKind.Constant,
  function: CompletionItemKind.Function,
  member: CompletionItemKind.Field,
  argument: CompletionItemKind.Property,
  state: CompletionItemKind.EnumMember,
  market: CompletionItemKind.Value,
  timeframe: CompletionItemKind.Unit,
  unit: CompletionItemKind.Unit,
  setting: CompletionItemKind.Property,
};

/** @param hasSnippets the editor knows where to put the cursor */
export function completionItems(document: TextDocument, { replace, proposals }: Completion, hasSnippets: boolean): CompletionItem[] {
  const range = rangeOf(document, replace);
  return proposals.map((proposal, index): CompletionItem => {
    const { label, kind, detail, doc } = proposal;
    const { text, isSnippet } = inserted(proposal, hasSnippets);
    return {
      label,
      kind: KINDS[kind],
      sortText: String(index).padStart(4, '0'),
      textEdit: { range, newText: text },
      insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      ...(detail === undefined ? {} : { detail }),
      ...(doc === undefined ? {} : { documentation: doc }),
    };
  });
}

function inserted({ label, kind, insert = label }: Proposal, hasSnippets: boolean): { readonly text: string; readonly isSnippet: boolean } {
  if (!insert.includes('$0')) return { text: insert, isSnippet: false };
  if (hasSnippets) return { text: insert.replaceAll('}', '\\}'), isSnippet: true };
  return { text: kind === 'function' ? label : insert.replace('$0', ''), isSnippet: false };
}

export function hoverContent({ code, lines }: Hover, isMarkdown: boolean): MarkupContent {
  if (!isMarkdown) return { kind: 'plaintext', value: [code, ...lines].join('\n\n').replaceAll('`', '') };
  return { kind: 'markdown', value: ['```strat\n' + code + '\n```', ...lines].join('\n\n') };
}

export function workspaceEdit(document: TextDocument, edits: readonly OwnEdit[]): WorkspaceEdit {
  return { changes: { [document.uri]: edits.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text })) } };
}

const SYMBOL_KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  function: SymbolKind.Function,
  param: SymbolKind.Constant,
  value: SymbolKind.Variable,
  block: SymbolKind.Namespace,
  rule: SymbolKind.Event,
  import: SymbolKind.Module,
  state: SymbolKind.Enum,
};

export function documentSymbol(document: TextDocument, { name, detail, kind, span, selection, children }: OutlineEntry): DocumentSymbol {
  return {
    name,
    detail,
    kind: SYMBOL_KINDS[kind],
    range: rangeOf(document, span),
    selectionRange: rangeOf(document, selection),
    children: children.map((child) => documentSymbol(document, child)),
  };
}

/** One edit that makes the document the new text: what both begin and end with is left alone, so the cursor mostly stays. */
export function smallestEdit(document: TextDocument, text: string): TextEdit[] {
  const before = document.getText();
  const after = before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  // A line end is never cut in two.
  if (before[start - 1] === '\r') start--;
  if (before[before.length - end] === '\n' && before[before.length - end - 1] === '\r') end--;
  return [{ range: rangeOf(document, { start, end: before.length - end }), newText: after.slice(start, after.length - end) }];
}
