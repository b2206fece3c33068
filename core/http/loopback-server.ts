import { createServer, type RequestListener, type Server } from 'node:http';
import { StratError } from '#core/errors/strat-error.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
const MAX_CONNECTIONS = 256;
/** How long requests under way may take to end when the server closes. */
const CLOSE_MS = 500;

/** A server that this machine alone reaches. */
export interface LoopbackServer {
  readonly server: Server;
  /** `http://127.0.0.1:8321`, without a path. */
  readonly url: string;
  readonly port: number;
}

/**
 * Listens on a loopback address.
 * @param host `127.0.0.1`, `localhost` or `::1`; nothing else is served
 * @param port 0 = any free one
 * @throws StratError HTTP_HOST, HTTP_PORT_BUSY, HTTP_LISTEN
 */
export async function openLoopback(app: RequestListener, host: string, port: number): Promise<LoopbackServer> {
  const address = loopbackAddress(host);
  // A client that sends its request a byte at a time does not keep a connection for long.
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 2_000 }, app);
  server.maxConnections = MAX_CONNECTIONS;
  const actualPort = await listen(server, address, port);
  return { server, url: `http://${address.includes(':') ? `[${address}]` : address}:${actualPort}`, port: actualPort };
}

/** @throws StratError HTTP_HOST */
export function loopbackAddress(host: string): string {
  const address = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!LOOPBACK.includes(address)) throw new StratError('HTTP_HOST', { host });
  return address;
}

/** Ends connections, within a second. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(timer);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const onError = (error: NodeJS.ErrnoException): void => {
    const reason = error.code ?? 'unknown reason';
    const isBusy = reason === 'EADDRINUSE';
    reject(
      isBusy
        ? new StratError('HTTP_PORT_BUSY', { host, port }, { cause: error })
        : new StratError('HTTP_LISTEN', { host, port, reason }, { cause: error }),
    );
  };
  server.once('error', onError);
  server.listen({ host, port, exclusive: true }, () => {
    server.off('error', onError);
    const address = server.address();
    if (typeof address === 'object' && address !== null) resolve(address.port);
    else reject(new StratError('HTTP_LISTEN', { host, port, reason: 'no address' }));
  });
  return promise;
}
