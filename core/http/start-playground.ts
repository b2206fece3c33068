import express from 'express';
import { StratError } from '#core/errors/strat-error.ts';
import { sendRefusal } from './answer.ts';
import { hostGuard } from './host-guard.ts';
import { closeServer, openLoopback } from './loopback-server.ts';
import { hasPage } from './page.ts';
import { playgroundRouter } from './playground.ts';
import { refusal } from './refusal.ts';
import { allowedHosts } from './request-guards.ts';

export interface PlaygroundServer {
  /** Of the page: `http://127.0.0.1:8430/playground/`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves the playground alone, from a loopback address, without a bot.
 * @param folder of the built playground
 * @throws StratError PAGE_MISSING, HTTP_PORT_BUSY, HTTP_LISTEN
 */
export async function startPlayground(folder: string, port: number): Promise<PlaygroundServer> {
  if (!hasPage(folder)) throw new StratError('PAGE_MISSING', { page: 'playground', folder });
  let hosts: ReadonlySet<string> = new Set();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.use(hostGuard(() => hosts));
  app.get('/', (_, response) => response.redirect(307, '/playground/'));
  app.use('/playground', playgroundRouter(folder));
  app.use((_, response) =>
    sendRefusal(response, refusal('ROUTE_UNKNOWN', 'There is nothing at this address', 'The page is at /playground/')),
  );
  const opened = await openLoopback(app, '127.0.0.1', port);
  hosts = allowedHosts(opened.port);
  return { url: `${opened.url}/playground/`, close: async () => closeServer(opened.server) };
}
