import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  PositionEncodingKind,
  ResponseError,
  type ServerCapabilities,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { explainError } from '#core/errors/explain-error.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { CheckedFile } from '#dsl/tools/language-server/checked-file.ts';
import { DocumentChecks } from './document-checks.ts';
import { PreludeFiles } from './prelude-files.ts';
import { diagnosticOf } from './protocol-shapes.ts';
import { QuietTime } from './quiet-time.ts';
import { answerRequests, REQUEST_CAPABILITIES } from './requests.ts';
import { pathOf, realPath, WorkspaceFiles } from './workspace-files.ts';

const ERRORS_PAGE = pathToFileURL(fileURLToPath(new URL('../../docs/errors.md', import.meta.url))).href;
const REFUSED_TEXT = 4 * 1024 * 1024;

const CAPABILITIES: ServerCapabilities = {
  positionEncoding: PositionEncodingKind.UTF16,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  ...REQUEST_CAPABILITIES,
};

/** Answers an editor over a connection: the features of dsl/tools/language-server on the documents that it has open. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #quiet = new QuietTime(
    (uri) => this.#publish(uri),
    () => performance.now(),
  );
  readonly #prelude = new PreludeFiles();
  #checks: DocumentChecks;
  #hasSnippets = false;
  #isMarkdown = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#checks = this.#checksIn([]);
    connection.onInitialize((params) => this.#initialize(params));
    this.#listen();
    answerRequests({
      connection,
      prelude: this.#prelude,
      errorsPage: ERRORS_PAGE,
      client: () => ({ hasSnippets: this.#hasSnippets, isMarkdown: this.#isMarkdown }),
      about: (params, token, answer) => this.#about(params, token, answer),
      recheck: (uri) => (source) => this.#checks.another(uri, source),
    });
    this.#documents.listen(connection);
    connection.listen();
  }

  #checksIn(roots: readonly string[]): DocumentChecks {
    return new DocumentChecks(createCompiler(), new WorkspaceFiles(roots, (path) => this.#openText(path)));
  }

  #initialize({ capabilities, workspaceFolders }: InitializeParams): InitializeResult {
    const { completion, hover: hovers } = capabilities.textDocument ?? {};
    this.#hasSnippets = completion?.completionItem?.snippetSupport === true;
    this.#isMarkdown = hovers?.contentFormat?.includes('markdown') === true;
    this.#checks = this.#checksIn((workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []));
    return { capabilities: CAPABILITIES, serverInfo: { name: 'strat', version: STRAT_VERSION } };
  }

  #openText(path: string): string | null {
    const open = this.#documents.all().find(({ uri }) => realPathOf(uri) === path);
    return open?.getText() ?? null;
  }

  #listen(): void {
    const documents = this.#documents;
    documents.onDidChangeContent(({ document }) => {
      this.#quiet.ask(document.uri);
      const path = realPathOf(document.uri);
      if (path !== null) for (const reader of this.#checks.forgetReadersOf(path)) this.#quiet.ask(reader);
    });
    documents.onDidClose(({ document: { uri } }) => {
      this.#quiet.forget(uri);
      this.#checks.forget(uri);
      void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    });
    const checkAll = (): void => {
      this.#checks.forgetAll();
      for (const { uri } of documents.all()) this.#quiet.ask(uri);
    };
    documents.onDidSave(checkAll);
    this.#connection.onDidChangeWatchedFiles(checkAll);
  }

  #publish(uri: string): void {
    const document = this.#documents.get(uri);
    if (document === undefined || this.#prelude.has(uri)) return;
    const { diagnostics } = this.#checks.of(document);
    void this.#connection.sendDiagnostics({
      uri,
      version: document.version,
      diagnostics: diagnostics.map((found) => diagnosticOf(document, found, ERRORS_PAGE)),
    });
  }

  /**
   * Answers about the newest version of a document. What came behind the request is read first, so that a request that the editor has taken back, or that
   * many changes have overtaken, costs nothing.
   */
  async #about<T>(
    { textDocument: { uri } }: { readonly textDocument: { readonly uri: string } },
    token: CancellationToken,
    answer: (checked: CheckedFile, document: TextDocument) => T,
  ): Promise<T | null | ResponseError> {
    await setImmediate();
    if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was taken back');
    const document = this.#documents.get(uri);
    if (document === undefined || document.getText().length > REFUSED_TEXT) return null;
    try {
      return answer(this.#checks.of(document), document);
    } catch (error) {
      // A fault of ours: the editor goes on, and its log says what happened.
      this.#connection.console.error(explainError(error));
      return null;
    }
  }
}

function realPathOf(uri: string): string | null {
  const path = pathOf(uri);
  return path === null ? null : realPath(path);
}
