import type { ClockPort } from 'strat/ports/clock';
import { VenueFault } from 'strat/ports/venue-fault';

/** Largest answer that is read: lists of instruments take up to 20 MB. */
const MAX_BYTES = 128 * 1024 * 1024;
/** What a ban is taken for that does not say how long it is. */
const BAN_MS = 120_000;
const MAX_WAIT_MS = 7 * 86_400_000;

/** What ccxt hands to its `fetchImplementation`. */
interface FetchSettings {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

export interface VenueFetchOptions {
  readonly deadlineMs: number;
  /** Ends all requests. */
  readonly signal: AbortSignal;
  /** Called with the time that an answer says in its `Date`, ms. */
  readonly onDate: (dateMs: number) => void;
  /** Largest answer, bytes. */
  readonly maxBytes?: number;
  readonly clock: Pick<ClockPort, 'now' | 'steady'>;
}

/**
 * What ccxt asks venues through, instead of its own: one deadline for headers and body (ccxt has one for headers only), no redirects, and answers that are no
 * JSON, cut or too large are refused before ccxt makes something of them. 429, 418 and 403 say how long to stay away; until then nothing is sent, not even what
 * waited in ccxt's queue by then.
 */
export function venueFetch({ deadlineMs, signal, onDate, clock, maxBytes = MAX_BYTES }: VenueFetchOptions) {
  let quiet: { readonly until: number; readonly fault: VenueFault } | null = null;
  return async (url: string, { method, headers, body }: FetchSettings): Promise<Response> => {
    const leftMs = quiet === null ? 0 : quiet.until - clock.steady();
    if (quiet !== null && leftMs > 0) throw new VenueFault(quiet.fault.kind, quiet.fault.message, { waitMs: leftMs, wasSent: false });
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await fetch(url, {
        method,
        headers,
        body: body ?? null,
        redirect: 'manual',
        signal: AbortSignal.any([deadline, signal]),
      });
      const date = Date.parse(answer.headers.get('date') ?? '');
      if (Number.isFinite(date)) onDate(date);
      const text = await textOf(answer, maxBytes);
      refuse(answer, text, clock.now);
      return new Response(text, { status: answer.status, statusText: answer.statusText, headers: kept(answer.headers) });
    } catch (error) {
      if (error instanceof VenueFault) {
        if (error.wasSent && error.waitMs !== null) quiet = { until: clock.steady() + error.waitMs, fault: error };
        throw error;
      }
      if (deadline.aborted) throw new VenueFault('unreachable', `no whole answer within ${deadlineMs / 1000} s`, { cause: error });
      throw new VenueFault('unreachable', reasonOf(error), { cause: error });
    }
  };
}

async function textOf(answer: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = answer.body ?? [];
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw new VenueFault('garbled', `its answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`);
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** @throws VenueFault for what ccxt would misread */
function refuse({ status, headers }: Response, text: string, now: () => number): void {
  const waitMs = retryAfter(headers.get('retry-after'), now());
  if (status === 429) throw new VenueFault('busy', 'it wants fewer requests (429)', { waitMs });
  if (status === 418)
    throw new VenueFault('banned', 'it has banned this address for too many requests (418)', { waitMs: waitMs ?? BAN_MS });
  if (status === 403) throw new VenueFault('banned', 'it refuses requests from this address (403)', { waitMs: waitMs ?? BAN_MS });
  if (status === 451) throw new VenueFault('forbidden', 'it serves nobody from this place (451)');
  if (status >= 300 && status < 400) throw new VenueFault('unreachable', `it sends elsewhere (${status}), which is not followed`);
  if (status === 503 && waitMs !== null) throw new VenueFault('maintenance', 'it is closed for now (503)', { waitMs });
  if (status >= 500) throw new VenueFault('unreachable', `it has a fault (${status})`);
  try {
    JSON.parse(text);
  } catch {
    if (status < 400) throw new VenueFault('garbled', `its answer is no JSON but ${shown(text)}`);
    throw new VenueFault('refused', `it answers ${status} with ${shown(text)}`);
  }
}

/** `Retry-After` in seconds or as a date; null where there is none that makes sense. */
function retryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) - nowMs : Number.NaN;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_WAIT_MS) : null;
}

/** The body is text by now. */
function kept(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) copy.delete(name);
  return copy;
}

const shown = (text: string): string => (text.trim() === '' ? 'empty' : JSON.stringify(text.slice(0, 60).replace(/[^\x20-\x7e]+/g, ' ')));

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return `the connection failed (${code ?? error.message})`;
}
