import { env } from 'node:process';
import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { type ServerCommand, serverCommand } from './server-command.ts';

/** The language server of the open folder, while it runs. */
class Server {
  #client: LanguageClient | null = null;

  /** Starts it where the folder is trusted: it is a program of that folder. */
  async start(): Promise<void> {
    if (this.#client !== null || !workspace.isTrusted) return;
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
    const found = await serverCommand(workspace.getConfiguration('strat').get<string>('server.path', ''), folders, isThere);
    if (found === null) {
      void window.showWarningMessage(
        'strat is not installed in this folder: run "npm install", or name the command in the setting strat.server.path.',
      );
      return;
    }
    this.#client = clientOf(found, folders[0] ?? '.');
    await this.#client.start();
  }

  async stop(): Promise<void> {
    const running = this.#client;
    this.#client = null;
    await running?.stop();
  }
}

const SERVER = new Server();

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand('strat.restartServer', async () => {
      await SERVER.stop();
      await SERVER.start();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void SERVER.start()),
  );
  await SERVER.start();
}

export async function deactivate(): Promise<void> {
  await SERVER.stop();
}

function clientOf({ command, args }: ServerCommand, folder: string): LanguageClient {
  // strat brings its Node along, beside its own command.
  const path = [`${folder}/node_modules/.bin`, env['PATH'] ?? ''].join(':');
  return new LanguageClient(
    'strat',
    'strat',
    { command, args: [...args], options: { cwd: folder, env: { ...env, PATH: path } } },
    {
      documentSelector: [
        { scheme: 'file', language: 'strat' },
        { scheme: 'untitled', language: 'strat' },
      ],
      synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.{strat,csv}') },
    },
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await workspace.fs.stat(Uri.file(path));
    return true;
  } catch {
    return false;
  }
}
