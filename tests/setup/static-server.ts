import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { listenOnFreePort } from './free-port.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A host that serves files and knows nothing of strat: no header but the type. */
export interface StaticServer {
  /** Ends with a slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the folder at `/any/where/`, on a free port of this machine. */
export async function serveFiles(folder: string): Promise<StaticServer> {
  const base = '/any/where/';
  const server = createServer(({ url = '/' }, response) => {
    const path = normalize(url.split('?', 1)[0]!.replace(/\/$/, '/index.html'));
    try {
      const bytes = readFileSync(join(folder, path.slice(base.length)));
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  const port = await listenOnFreePort(server);
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
