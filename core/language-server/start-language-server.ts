import { createConnection } from 'vscode-languageserver/node';
import { LanguageServer } from './language-server.ts';

/**
 * Speaks the language server protocol over two streams until the editor says `exit` or goes away; the connection then ends the process, with exit code 0 when
 * the editor had asked to shut down before.
 */
export function startLanguageServer(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<never> {
  const server = new LanguageServer(createConnection(input, output));
  return new Promise(() => server);
}
