import type { Server } from 'node:http';
import { dirname, join } from 'node:path';
import { REDACTED } from '#core/errors/redact-text.ts';
import type { BotControl } from '#core/ports/bot-control.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import { ENDPOINT_FILE, publishEndpoint } from './endpoint-file.ts';
import { EventHub, STREAM_LIMITS, type StreamLimits } from './event-hub.ts';
import { httpApp } from './http-app.ts';
import { closeServer, loopbackAddress, openLoopback } from './loopback-server.ts';
import { hasPage } from './page.ts';
import { allowedHosts } from './request-guards.ts';
import { TokenCheck } from './token-check.ts';
import { openToken } from './token-file.ts';

export interface HttpSettings {
  readonly control: BotControl;
  /** `127.0.0.1`, `localhost` or `::1`; nothing else is served. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Made when it is missing; beside it, `http.json` tells commands where the bot listens. */
  readonly tokenFile: string;
  /** Folder of the built page; null or without index.html: a text is served in its place. */
  readonly pageFolder: string | null;
  readonly log: PluginLog;
  readonly streams?: Partial<StreamLimits>;
}

export interface HttpEndpoint {
  /** `http://127.0.0.1:8321`, without a path. */
  readonly url: string;
  /** Ends streams and connections, within a second; may be called again. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the bot on a loopback address: API under `/api/v1`, page at `/`. Docs: docs/http.md.
 * @throws StratError HTTP_HOST, HTTP_PORT_BUSY, HTTP_LISTEN, HTTP_TOKEN_FILE, FILE_UNWRITABLE
 */
export async function startHttp({ control, host, port, tokenFile, pageFolder, log, streams }: HttpSettings): Promise<HttpEndpoint> {
  loopbackAddress(host);
  const token = openToken(tokenFile);
  if (pageFolder !== null && !hasPage(pageFolder)) log.warn({ folder: pageFolder }, 'the page is not built; a text is served in its place');
  const hub = new EventHub(control, log, { ...STREAM_LIMITS, ...streams });
  let hosts: ReadonlySet<string> = new Set();
  const app = httpApp({
    control,
    hub,
    tokens: new TokenCheck(token, tokenFile),
    pageFolder,
    log,
    hosts: () => hosts,
    redact: (text) => text.replaceAll(token, REDACTED),
  });
  let server: Server | null = null;
  try {
    const opened = await openLoopback(app, host, port);
    const { url } = opened;
    ({ server } = opened);
    hosts = allowedHosts(opened.port);
    const unpublish = publishEndpoint(join(dirname(tokenFile), ENDPOINT_FILE), { url, pid: process.pid });
    opened.server.on('error', (error) => log.error({ err: error }, 'control endpoint failed'));
    log.info({ url }, 'control endpoint listens');
    let closing: Promise<void> | null = null;
    const close = (): Promise<void> => {
      unpublish();
      closing ??= end(opened.server, hub);
      return closing;
    };
    return { url, close };
  } catch (error) {
    await end(server, hub);
    throw error;
  }
}

async function end(server: Server | null, hub: EventHub): Promise<void> {
  hub.close();
  if (server !== null) await closeServer(server);
}
