import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { BotControl, ControlResult, NumberedEvent } from '#core/ports/bot-control.ts';

/** Stands in for core/http: the same addresses and shapes, none of its care. Only for the page's development and tests. */
export interface FakeServer {
  readonly url: string;
  /** Cuts every open event stream, as a broken network does. */
  readonly dropStreams: () => void;
  /** Forgets the events kept for Last-Event-ID: the next reconnection finds a gap. */
  readonly forgetEvents: () => void;
  readonly close: () => Promise<void>;
}

export interface FakeServerOptions {
  readonly bot: BotControl;
  /** Folder of the built page. */
  readonly page: string;
  readonly token: string;
  /** 0 = any free one. */
  readonly port: number;
}

/** What the page can live with; docs/web.md. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const KEPT = 2000;
const COMMANDS = ['pause', 'resume', 'flatten', 'stop'] as const;

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}

function read(bot: BotControl, name: string, query: URLSearchParams): unknown {
  const strategy = query.get('strategy');
  const limit = Number(query.get('limit') ?? 500);
  switch (name) {
    case 'status':
      return { mode: bot.mode, version: bot.version, startedAt: bot.startedAt, strategies: bot.strategies(), problems: bot.problems() };
    case 'trades':
      return { trades: bot.trades(strategy).slice(-limit) };
    case 'orders':
      return { orders: bot.orders(strategy) };
    case 'equity':
      return { equity: bot.equity(strategy, limit) };
    case 'marks':
      return { marks: bot.marks(strategy ?? '', query.get('market')) };
    case 'candles':
      return { candles: bot.candles(strategy ?? '', query.get('market'), limit) };
    default:
      return undefined;
  }
}

export async function startFakeServer({ bot, page, token, port }: FakeServerOptions): Promise<FakeServer> {
  let kept: NumberedEvent[] = [];
  let newest = 0;
  const streams = new Set<ServerResponse>();
  const send = (stream: ServerResponse, event: NumberedEvent): void => {
    stream.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const unsubscribe = bot.subscribe((event) => {
    kept = [...kept.slice(-KEPT), event];
    newest = event.seq;
    for (const stream of streams) send(stream, event);
  });

  const command = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      const error = { code: 'TOKEN_WRONG', message: 'The token is not the one of this bot', hint: 'The token is in http.token' };
      json(response, 401, { error });
      return;
    }
    const body = await bodyOf(request);
    const named: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'strategy') : null;
    const known = COMMANDS.find((one) => one === name);
    const result: ControlResult = known === undefined ? await bot.reload() : bot[known](typeof named === 'string' ? named : null);
    if (result.ok) json(response, 200, { ok: true, text: result.text });
    else json(response, 404, { error: { code: result.code, message: result.text, hint: null } });
  };

  const file = async (path: string, response: ServerResponse): Promise<void> => {
    const name = normalize(path === '/' ? '/index.html' : path);
    try {
      const content = await readFile(join(page, name));
      const type = KINDS[extname(name)] ?? 'application/octet-stream';
      response
        .writeHead(200, { 'content-type': type, 'content-security-policy': PAGE_POLICY, 'x-content-type-options': 'nosniff' })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = /^\/api\/v1\/(\w+)$/.exec(url.pathname)?.[1];
    if (name === undefined) return file(url.pathname, response);
    if (request.method === 'POST') return command(name, request, response);
    if (name !== 'events') {
      const answer = read(bot, name, url.searchParams);
      if (answer === undefined) json(response, 404, { error: { code: 'NOT_FOUND', message: `No ${name} here`, hint: null } });
      else json(response, 200, answer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const last = Number(request.headers['last-event-id'] ?? Number.NaN);
    const complete = !(last < newest) || (kept[0]?.seq ?? Number.POSITIVE_INFINITY) <= last + 1;
    response.write(`event: hello\ndata: ${JSON.stringify({ version: bot.version, startedAt: bot.startedAt, seq: newest, complete })}\n\n`);
    for (const event of kept) if (event.seq > last) send(response, event);
    streams.add(response);
    response.once('close', () => streams.delete(response));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { error: { code: 'FAULT', message: String(error), hint: null } });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    dropStreams: () => streams.forEach((stream) => stream.destroy()),
    forgetEvents() {
      kept = [];
    },
    async close() {
      unsubscribe();
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
