import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { binanceWire } from './binance-wire.ts';
import { FaultPlan, type VenueFaultName } from './fault-plan.ts';
import { LiesTold, withLie } from './lies.ts';
import { type TruthOptions, VenueTruth } from './venue-truth.ts';
import type { VenueWire } from './venue-wire.ts';

export interface SimulatedVenueOptions extends TruthOptions {
  /** The venue's clock at the beginning, ms; it stands still unless it is moved, or runs. */
  readonly nowMs: number;
  /** Which venue it is; left out: Binance. */
  readonly wire?: VenueWire;
  /** It goes on with the time of this machine. */
  readonly isRunning?: boolean;
  readonly barLimit?: number;
  /** How long behind its end a bar is there for the first time, ms, by its open; left out: bars are there from their first moment on. */
  readonly lateMs?: (openMs: number) => number | null;
  readonly isWindowed?: boolean;
  /** What 429 says in `Retry-After`; null: nothing. */
  readonly retryAfter?: string | null;
  /** Seconds of a ban. */
  readonly banS?: number;
}

/** A request as it came. */
export interface SeenRequest {
  readonly path: string;
  readonly query: string;
  readonly fault: VenueFaultName | null;
}

/** A venue on loopback that speaks enough of the REST API of a real one for the unmodified client of ccxt, and does what venues do when they do not work. */
export interface SimulatedVenue {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly wire: VenueWire;
  readonly truth: VenueTruth;
  readonly delisted: VenueTruth;
  readonly faults: FaultPlan;
  readonly requests: readonly SeenRequest[];
  /** Requests that came before the time that a `Retry-After` named. */
  readonly impatient: () => number;
  /** Where its clock began, ms. */
  readonly startMs: number;
  readonly now: () => number;
  readonly setNow: (nowMs: number) => void;
  /** What ccxt's class of the venue needs to come here. */
  readonly urls: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

const STEPS_MS = [-420_000, 300_000, 60_000, -60_000];

export async function startSimulatedVenue(options: SimulatedVenueOptions): Promise<SimulatedVenue> {
  const { wire = binanceWire } = options;
  const truth = new VenueTruth(options);
  const delisted = new VenueTruth({
    ...options,
    seed: options.seed + 1,
    delistedMs: options.delistedMs ?? options.listedMs + 30 * 86_400_000,
  });
  const faults = new FaultPlan();
  const told = new LiesTold();
  const requests: SeenRequest[] = [];
  let setMs = options.nowMs;
  const startedMs = performance.now();
  const now = (): number => setMs + (options.isRunning === true ? Math.floor(performance.now() - startedMs) : 0);
  let steps = 0;
  let quietUntil = 0;
  let impatient = 0;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://venue');
    const fault = faults.next();
    requests.push({ path: url.pathname, query: url.search, fault });
    if (performance.now() < quietUntil) impatient++;
    if (fault === 'clock-step') setMs += STEPS_MS[steps++ % STEPS_MS.length]!;
    const sources = {
      truth,
      delisted,
      nowMs: now(),
      barLimit: options.barLimit ?? 1000,
      isWindowed: options.isWindowed === true,
      lateMs: options.lateMs ?? (() => null),
    };
    const found = wire.answer({ path: url.pathname, query: url.searchParams }, sources);
    if (found === null) return send(response, 404, JSON.stringify({ code: -1, msg: 'no such path' }));
    const body = JSON.stringify(found.kind === 'fact' ? found.json : found.wrap(found.rows));
    if (fault === null || fault === 'clock-step') return send(response, found.kind === 'fact' ? (found.status ?? 200) : 200, body);
    const quiet = (text: string): void => {
      const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
      quietUntil = performance.now() + 1000 * seconds;
    };
    switch (fault) {
      case 'throttle': {
        const { retryAfter = '0' } = options;
        const { status, body: said } = wire.refusals.throttle ?? { status: 429, body: '{}' };
        // Who says it in the body says no time.
        if (retryAfter === null || status === 200) return send(response, status, said);
        quiet(retryAfter);
        return send(response, status, said, { 'retry-after': retryAfter });
      }
      case 'ban': {
        const seconds = String(options.banS ?? 0);
        const { status, body: said } = wire.refusals.ban ?? { status: 418, body: '{}' };
        if (status === 200) return send(response, status, said);
        quiet(seconds);
        return send(response, status, said, { 'retry-after': seconds });
      }
      case 'forbidden':
        quiet(String(options.banS ?? 0));
        return send(response, 403, '<html>WAF</html>', { 'retry-after': String(options.banS ?? 0) });
      case 'maintenance':
      case 'error500': {
        const { status, body: said } = wire.refusals[fault] ?? { status: fault === 'error500' ? 500 : 503, body: '{}' };
        return send(response, status, said);
      }
      case 'error502':
        return send(response, 502, '<html><h1>502 Bad Gateway</h1></html>');
      case 'redirect':
        return send(response, 302, '', { location: 'http://127.0.0.1:1/' });
      case 'reset':
        return void request.socket.destroy();
      case 'stall':
        return;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) + 100 });
        response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
        return;
      case 'stall-body':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(body.slice(0, body.length / 2));
        return;
      case 'cut-json':
        return send(response, 200, body.slice(0, Math.floor(body.length * 0.6)));
      case 'bad-json':
        return send(response, 200, body.replace(/[\]}]$/, ',,'));
      case 'html':
        return send(response, 200, '<!doctype html><title>Just a moment...</title>');
      case 'empty':
        return send(response, 200, '');
      case 'object':
        return send(response, 200, '{"success":true,"data":null}');
      default:
        return send(response, 200, JSON.stringify(withLie(found, fault, seriesAsked(url), told)));
    }
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    wire,
    truth,
    delisted,
    faults,
    requests,
    impatient: () => impatient,
    startMs: options.nowMs,
    now,
    setNow: (ms) => {
      setMs += ms - now();
    },
    urls: wire.urls(address),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What an answer is of, whatever page of it was asked for. */
const seriesAsked = ({ pathname, searchParams }: URL): string =>
  [pathname, ...['symbol', 'pair', 'instId', 'interval', 'bar'].map((name) => searchParams.get(name))].join(' ');

function send(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json', ...headers });
  response.end(body);
}
