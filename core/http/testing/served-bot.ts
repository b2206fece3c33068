import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import type { StreamLimits } from '../event-hub.ts';
import { startHttp } from '../start-http.ts';
import { TOKEN_FILE } from '../token-file.ts';
import { type FixtureBot, fixtureBot } from './fixture-bot.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** The endpoint on a real socket, in front of a fixture bot, with a state folder of its own. */
export interface ServedBot {
  readonly bot: FixtureBot;
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly token: string;
  readonly lines: readonly LogLine[];
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** A command as a program sends it: JSON, with the token. A text is sent as it stands. */
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Sends these bytes and gives all that comes back until the connection closes. */
  readonly raw: (text: string) => Promise<string>;
  readonly closeHttp: () => Promise<void>;
  /** Closes it and removes its folder, unless that was given. */
  readonly dispose: () => Promise<void>;
}

export interface ServedBotOptions {
  readonly folder?: string;
  readonly host?: string;
  readonly port?: number;
  readonly pageFolder?: string | null;
  readonly streams?: Partial<StreamLimits>;
}

export async function serveBot(options: ServedBotOptions = {}): Promise<ServedBot> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'strat-http-'));
  const bot = fixtureBot();
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']): PluginLog['info'] =>
    (fields, message) =>
      void lines.push({ level, fields, message });
  const tokenFile = join(folder, TOKEN_FILE);
  const { url, close } = await startHttp({
    control: bot.control,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    tokenFile,
    pageFolder: options.pageFolder ?? null,
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    ...(options.streams === undefined ? {} : { streams: options.streams }),
  });
  const token = readFileSync(tokenFile, 'utf8').trim();
  const port = Number(new URL(url).port);
  return {
    bot,
    url,
    port,
    folder,
    token,
    lines,
    get: async (path, init) => fetch(`${url}${path}`, init),
    post: async (path, body, headers) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...headers },
      }),
    raw: async (text) => exchange(port, text),
    closeHttp: close,
    dispose: async () => {
      await close();
      if (options.folder === undefined && existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

function exchange(port: number, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', reject);
  socket.on('close', () => resolve(received));
  return promise;
}
