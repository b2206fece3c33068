import { pathToFileURL } from 'node:url';
import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  FoldingRangeKind,
  type Location,
  LSPErrorCodes,
  ResponseError,
  SemanticTokensBuilder,
  type ServerCapabilities,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { format } from '#dsl/tools/format/format.ts';
import type { CheckedFile } from '#dsl/tools/language-server/checked-file.ts';
import { codeActions } from '#dsl/tools/language-server/code-actions.ts';
import { completions } from '#dsl/tools/language-server/completion.ts';
import { definitionOf, referencesTo } from '#dsl/tools/language-server/definition.ts';
import { hover } from '#dsl/tools/language-server/hover.ts';
import { foldings, outline } from '#dsl/tools/language-server/outline.ts';
import { renamable, rename } from '#dsl/tools/language-server/rename.ts';
import { semanticWords, WORD_KINDS, WORD_MARKS } from '#dsl/tools/language-server/semantic-words.ts';
import { signatureHelp } from '#dsl/tools/language-server/signature-help.ts';
import type { PreludeFiles } from './prelude-files.ts';
import { completionItems, diagnosticOf, documentSymbol, hoverContent, rangeOf, smallestEdit, workspaceEdit } from './protocol-shapes.ts';

export const REQUEST_CAPABILITIES: ServerCapabilities = {
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['.', ':', '/', '{'] },
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  documentFormattingProvider: true,
  semanticTokensProvider: { legend: { tokenTypes: [...WORD_KINDS], tokenModifiers: [...WORD_MARKS] }, full: true },
};

type About = { readonly textDocument: { readonly uri: string } };

/** What answers need of the server. */
export interface Answering {
  readonly connection: Connection;
  readonly prelude: PreludeFiles;
  readonly errorsPage: string;
  /** What the editor can show. */
  readonly client: () => { readonly hasSnippets: boolean; readonly isMarkdown: boolean };
  /** Runs `answer` on the newest version of the document, unless the request was taken back. */
  readonly about: <T>(
    params: About,
    token: CancellationToken,
    answer: (checked: CheckedFile, document: TextDocument) => T,
  ) => Promise<T | null | ResponseError>;
  /** Checks another text in the place of a document. */
  readonly recheck: (uri: string) => (source: string) => CheckedFile;
}

/** Connects the requests of the protocol with the features of dsl/tools/language-server. */
export function answerRequests(server: Answering): void {
  const { connection, about } = server;
  connection.onHover((params, token) =>
    about(params, token, (checked, document) => {
      const found = hover(checked, document.offsetAt(params.position));
      return found === null ? null : { contents: hoverContent(found, server.client().isMarkdown), range: rangeOf(document, found.span) };
    }),
  );
  connection.onCompletion((params, token) =>
    about(params, token, (checked, document) => {
      const completion = completions(checked, document.offsetAt(params.position));
      const { start, end } = completion.replace;
      // A number that goes on has other endings.
      const isIncomplete = /^\d/.test(checked.source.slice(start, end));
      return { isIncomplete, items: completionItems(document, completion, server.client().hasSnippets) };
    }),
  );
  connection.onSignatureHelp((params, token) =>
    about(params, token, (checked, document) => {
      const help = signatureHelp(checked, document.offsetAt(params.position));
      if (help === null) return null;
      const parameters = help.parameters.map((label) => ({ label }));
      const documentation = help.doc === null ? {} : { documentation: help.doc };
      return { signatures: [{ label: help.text, parameters, ...documentation }], activeSignature: 0, activeParameter: help.active };
    }),
  );
  connection.onDocumentFormatting((params, token) =>
    about(params, token, (checked, document) => {
      const result = format(checked.source);
      return result.ok ? smallestEdit(document, result.text) : null;
    }),
  );
  connection.onDocumentSymbol((params, token) =>
    about(params, token, (checked, document) => outline(checked).map((entry) => documentSymbol(document, entry))),
  );
  connection.onFoldingRanges((params, token) =>
    about(params, token, (checked, document) =>
      foldings(checked).map(({ start, end, isComment }) => ({
        startLine: document.positionAt(start).line,
        endLine: document.positionAt(end).line,
        ...(isComment ? { kind: FoldingRangeKind.Comment } : {}),
      })),
    ),
  );
  connection.languages.semanticTokens.on(
    async (params, token) => (await about(params, token, (checked, document) => semanticTokens(checked, document))) ?? { data: [] },
  );
  answerAboutNames(server);
}

function answerAboutNames({ connection, about, prelude, recheck, errorsPage }: Answering): void {
  connection.onDefinition((params, token): Promise<Location | null | ResponseError> =>
    about(params, token, (checked, document) => {
      const found = definitionOf(checked, document.offsetAt(params.position));
      if (found === null) return null;
      if (found.kind === 'here') return { uri: document.uri, range: rangeOf(document, found.span) };
      const uri = found.kind === 'prelude' ? prelude.uriOf(found.module, found.source) : pathToFileURL(found.id).href;
      return { uri, range: rangeOf(TextDocument.create(uri, 'strat', 0, found.source), found.span) };
    }),
  );
  connection.onReferences((params, token) =>
    about(params, token, (checked, document) =>
      referencesTo(checked, document.offsetAt(params.position), params.context.includeDeclaration).map((span) => ({
        uri: document.uri,
        range: rangeOf(document, span),
      })),
    ),
  );
  connection.onDocumentHighlight((params, token) =>
    about(params, token, (checked, document) =>
      referencesTo(checked, document.offsetAt(params.position), true).map((span) => ({ range: rangeOf(document, span) })),
    ),
  );
  connection.onPrepareRename((params, token) =>
    about(params, token, (checked, document) => {
      const found = renamable(checked, document.offsetAt(params.position));
      return found === null ? null : { range: rangeOf(document, found.span), placeholder: found.name };
    }),
  );
  connection.onRenameRequest((params, token) =>
    about(params, token, (checked, document): WorkspaceEdit | ResponseError => {
      const result = rename(checked, document.offsetAt(params.position), params.newName, recheck(document.uri));
      return result.ok ? workspaceEdit(document, result.edits) : new ResponseError(LSPErrorCodes.RequestFailed, result.reason);
    }),
  );
  connection.onCodeAction((params, token) =>
    about(params, token, (checked, document) => {
      const span = { start: document.offsetAt(params.range.start), end: document.offsetAt(params.range.end) };
      return codeActions(checked, span, recheck(document.uri)).map(({ title, finding, edits }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        isPreferred: true,
        diagnostics: [diagnosticOf(document, finding, errorsPage)],
        edit: workspaceEdit(document, edits),
      }));
    }),
  );
}

/** The protocol's tokens lie on one line each; ours do. */
function semanticTokens(checked: CheckedFile, document: TextDocument): ReturnType<SemanticTokensBuilder['build']> {
  const builder = new SemanticTokensBuilder();
  for (const { span, kind, marks } of semanticWords(checked)) {
    const { line, character } = document.positionAt(span.start);
    const bits = marks.reduce((sum, mark) => sum + 2 ** WORD_MARKS.indexOf(mark), 0);
    builder.push(line, character, span.end - span.start, WORD_KINDS.indexOf(kind), bits);
  }
  return builder.build();
}
