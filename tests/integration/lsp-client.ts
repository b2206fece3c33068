import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** An editor that has started `strat lsp` and speaks with it over its standard input and output. */
export class LspClient {
  readonly connection: ProtocolConnection;
  readonly #process: ChildProcess;
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly exited: Promise<number | null>;
  /** Diagnostics that came, of all documents. */
  publications = 0;
  log = '';

  constructor() {
    const child = spawn(process.execPath, ['bin/strat.js', 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    this.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    child.stderr.on('data', (text: Buffer) => (this.log += text.toString()));
    this.connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.publications += 1;
      this.#published.set(params.uri, params);
      for (const check of this.#waiting) check();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log += message;
    });
    this.connection.listen();
  }

  async start(folder: string | null): Promise<InitializeResult> {
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folder === null ? null : [{ uri: pathToFileURL(folder).href, name: 'work' }],
      capabilities: {
        workspace: { workspaceFolders: true },
        textDocument: {
          completion: { completionItem: { snippetSupport: true } },
          hover: { contentFormat: ['markdown', 'plaintext'] },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
        },
      },
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(path: string, text: string): Promise<string> {
    const uri = path.includes(':') ? path : pathToFileURL(path).href;
    this.#texts.set(uri, { text, version: 1 });
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'strat', version: 1, text },
    });
    return uri;
  }

  /** Replaces what lies between two offsets, as an editor tells it: by lines and characters. */
  async edit(uri: string, start: number, end: number, inserted: string): Promise<void> {
    const known = this.#texts.get(uri)!;
    const range = { start: positionOf(known.text, start), end: positionOf(known.text, end) };
    known.text = known.text.slice(0, start) + inserted + known.text.slice(end);
    known.version += 1;
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: known.version },
      contentChanges: [{ range, text: inserted }],
    });
  }

  /** The diagnostics of the newest version, once they are there. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const wanted = this.#texts.get(uri)!.version;
    return new Promise((resolve) => {
      const check = (): void => {
        const known = this.#published.get(uri);
        if (known === undefined || known.version !== wanted) return;
        this.#waiting.delete(check);
        resolve(known.diagnostics);
      };
      this.#waiting.add(check);
      check();
    });
  }

  at(uri: string, offset: number): { textDocument: { uri: string }; position: Position } {
    return { textDocument: { uri }, position: positionOf(this.#texts.get(uri)!.text, offset) };
  }

  async stop(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.exited;
  }
}

/** Lines end with LF, CR LF or CR; characters are UTF-16 code units. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** Applies edits of the protocol to a text. */
export function applied(
  text: string,
  edits: readonly { readonly range: { start: Position; end: Position }; readonly newText: string }[],
): string {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  const offset = ({ line, character }: Position): number => starts[line]! + character;
  let result = text;
  const sorted = edits.toSorted((a, b) => offset(b.range.start) - offset(a.range.start));
  for (const { range, newText } of sorted) result = result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end));
  return result;
}
