import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response, type Router } from 'express';
import type { BotControl, ControlResult } from '#core/ports/bot-control.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import { sendRefusal } from './answer.ts';
import type { EventHub } from './event-hub.ts';
import { hostGuard } from './host-guard.ts';
import { openApiDocument } from './openapi.ts';
import { pageRouter } from './page.ts';
import { readQuery, refuseStrategy } from './query-values.ts';
import { type Refusal, refusal, slipHint } from './refusal.ts';
import { MAX_TOOL_BYTES, readBody } from './request-body.ts';
import { readUrl, refuseBodyType, refuseOrigin } from './request-guards.ts';
import { READ_ROUTES, type ReadRoute, readTarget, WRITE_ROUTES, type WriteRoute } from './routes.ts';
import type { TokenCheck } from './token-check.ts';
import { refusedTool, TOOL_ROUTES, type ToolRoute } from './tool-routes.ts';

export const API = '/api/v1';

export interface HttpAppParts {
  readonly control: BotControl;
  readonly hub: EventHub;
  readonly tokens: TokenCheck;
  readonly pageFolder: string | null;
  readonly log: PluginLog;
  /** As `hostGuard` takes them. */
  readonly hosts: () => ReadonlySet<string>;
  /** Takes the token out of a text for the log. */
  readonly redact: (text: string) => string;
}

/** The express application: guards, the API, the page, errors, in this order. */
export function httpApp(parts: HttpAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.use(accessLog(parts));
  app.use(hostGuard(parts.hosts));
  app.use(API, apiRouter(parts));
  app.use(pageRouter(parts.pageFolder));
  app.all('/', wrongMethod('GET'));
  app.use(unknownRoute);
  app.use(failed(parts));
  return app;
}

function apiRouter(parts: HttpAppParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use((request, response, next) => {
    const refused = refuseOrigin(request);
    if (refused === null) next();
    else sendRefusal(response, refused);
  });
  for (const route of READ_ROUTES) {
    router.route(route.path.replace('{id}', ':id')).get(reader(parts, route)).all(wrongMethod('GET'));
  }
  for (const route of WRITE_ROUTES) {
    router.route(route.path).post(writeGuard(parts, route), writer(parts, route)).all(wrongMethod('POST'));
  }
  for (const route of TOOL_ROUTES) router.route(route.path).post(writeGuard(parts, route), tool(parts, route)).all(wrongMethod('POST'));
  router.route('/events').get(streamer(parts)).all(wrongMethod('GET'));
  const document = openApiDocument(parts.control.version);
  router
    .route('/openapi.json')
    .get((_, response) => void response.json(document))
    .all(wrongMethod('GET'));
  return router;
}

function reader({ control }: HttpAppParts, route: ReadRoute): RequestHandler {
  return (request, response) => {
    const query = queryOf(request, route, control);
    const { id } = request.params;
    const answer = 'code' in query ? query : route.read(control, query, typeof id === 'string' ? id : '');
    if ('code' in answer) sendRefusal(response, answer);
    else response.status(answer.status).json(answer.body);
  };
}

function queryOf(request: Request, route: Pick<ReadRoute, 'query'>, control: BotControl): ReturnType<typeof readQuery> {
  const url = readUrl(request.originalUrl);
  return 'code' in url ? url : readQuery(url.query, route.query, control);
}

/** Token, parameters and type are checked before a byte of the body is read. */
function writeGuard({ control, tokens, log }: HttpAppParts, route: Pick<WriteRoute, 'path'>): RequestHandler {
  return (request, response, next) => {
    const query = queryOf(request, { query: [] }, control);
    const refused = tokens.refuse(request.headers.authorization) ?? ('code' in query ? query : null) ?? refuseBodyType(request);
    if (refused === null) {
      next();
      return;
    }
    // Whoever hammers must not fill the disk.
    const level = refused.code === 'TOO_MANY_ATTEMPTS' ? 'debug' : 'warn';
    log[level]({ audit: route.path.slice(1), remote: remoteOf(request), code: refused.code }, 'command refused');
    sendRefusal(response, refused);
  };
}

function writer({ control, log }: HttpAppParts, route: WriteRoute): RequestHandler {
  return async (request, response) => {
    const body = await readBody(request);
    const target = 'code' in body ? body : readTarget(route, body.value === undefined && !route.takesTarget ? {} : body.value);
    if ('code' in target) {
      sendRefusal(response, target);
      return;
    }
    const { strategy } = target;
    const audit = { audit: route.path.slice(1), strategy: strategy ?? 'all', remote: remoteOf(request) };
    const result: ControlResult = await route.run(control, strategy);
    log.info({ ...audit, ok: result.ok, text: result.text }, 'command');
    if (result.ok) response.json({ ok: true, text: result.text });
    else sendRefusal(response, refusedCommand(result, strategy, control));
  };
}

function tool({ control, log }: HttpAppParts, route: ToolRoute): RequestHandler {
  return async (request, response) => {
    const body = await readBody(request, MAX_TOOL_BYTES);
    const asked = 'code' in body ? body : route.ask(body.value, control);
    if ('code' in asked) {
      sendRefusal(response, asked);
      return;
    }
    const answer = await control.tool(asked);
    log.info({ audit: route.path.slice(1), remote: remoteOf(request), ok: answer.ok }, 'tool');
    if (answer.ok) response.json(answer.document);
    else sendRefusal(response, refusedTool(answer));
  };
}

function refusedCommand({ code, text }: Extract<ControlResult, { ok: false }>, strategy: string | null, control: BotControl): Refusal {
  if (code === 'REFUSED') return refusal('COMMAND_REFUSED', text, 'GET /api/v1/status shows the state of the bot');
  const hint = strategy === null ? null : refuseStrategy(strategy, control)?.hint;
  return refusal('STRATEGY_UNKNOWN', text, hint ?? 'GET /api/v1/strategies lists them');
}

function streamer({ control, hub }: HttpAppParts): RequestHandler {
  return (request, response) => {
    const query = queryOf(request, { query: [] }, control);
    const last = request.get('last-event-id') ?? '';
    if ('code' in query) sendRefusal(response, query);
    else if (last !== '' && !/^\d{1,15}$/.test(last)) {
      sendRefusal(
        response,
        refusal('QUERY_INVALID', 'Last-Event-ID is no number of an event', 'Send the id of the last event, or leave it out'),
      );
    } else if (hub.isFull) {
      sendRefusal(response, refusal('TOO_MANY_STREAMS', 'Too many clients listen already', 'Close a page that is no longer needed'));
    } else if (request.method === 'HEAD') response.type('text/event-stream').end();
    else hub.open(response, last === '' ? null : Number(last), remoteOf(request));
  };
}

const wrongMethod =
  (allowed: 'GET' | 'POST'): RequestHandler =>
  (request, response) => {
    const allow = allowed === 'GET' ? 'GET, HEAD' : 'POST';
    sendRefusal(response, refusal('METHOD_WRONG', `This route does not take ${request.method}`, `Use ${allowed}`, { Allow: allow }));
  };

const unknownRoute: RequestHandler = (request, response) => {
  const routes = [...READ_ROUTES, ...WRITE_ROUTES, ...TOOL_ROUTES, { path: '/events' }, { path: '/openapi.json' }].map(
    ({ path }) => `${API}${path}`,
  );
  const hint = slipHint(request.path.replace(/\/$/, ''), routes, `GET ${API}/openapi.json lists what there is`);
  sendRefusal(response, refusal('ROUTE_UNKNOWN', 'There is nothing at this address', hint));
};

/** A broken % sequence is the client's; anything else is ours, and says nothing about its inside. */
function failed({ log, redact }: HttpAppParts): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  return (error: unknown, request: Request, response: Response, _next) => {
    // Nobody is there any more to be told.
    if (request.socket.destroyed) return;
    const isTheirs = error instanceof URIError;
    if (!isTheirs) log.error({ err: error, method: request.method, path: redact(request.path) }, 'request failed');
    if (response.headersSent) response.destroy();
    else if (isTheirs) sendRefusal(response, refusal('URL_INVALID', 'The address has a broken % sequence', 'Encode it as UTF-8'));
    else sendRefusal(response, refusal('INTERNAL', 'The bot failed to answer; it goes on trading', 'See the log of the bot'));
  };
}

/** Address and port of the other end: on one machine the port tells the processes apart. */
const remoteOf = ({ socket }: Request): string => `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;

function accessLog({ log, redact }: HttpAppParts): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const remote = remoteOf(request);
    const cut = request.originalUrl.indexOf('?');
    const path = redact((cut < 0 ? request.originalUrl : request.originalUrl.slice(0, cut)).slice(0, 200));
    response.on('close', () => {
      const ms = Math.round((performance.now() - start) * 1000) / 1000;
      log.debug({ method: request.method, path, status: response.statusCode, ms, remote }, 'request');
    });
    next();
  };
}
