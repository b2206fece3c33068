import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { ENDPOINT_FILE, readEndpoint } from './endpoint-file.ts';
import { DONE_ANSWER, type DoneAnswer, ERROR_ANSWER, type TargetBody } from './schemas/bot-schemas.ts';
import type { JsonSchema } from './schemas/json-schema.ts';
import { matches, mismatch } from './schemas/schema-check.ts';
import { readToken, TOKEN_FILE } from './token-file.ts';

/** A running bot, seen from a command. Both throw StratError BOT_UNREACHABLE, BOT_ANSWER, BOT_TOKEN and BOT_REFUSED. */
export interface ControlClient {
  readonly url: string;
  /** `path` behind `/api/v1`. An answer that is not as the schema says is refused. */
  readonly get: <T>(path: string, answer: JsonSchema<T>) => Promise<T>;
  readonly post: (path: string, body: TargetBody | Readonly<Record<string, never>>) => Promise<DoneAnswer>;
}

const TIMEOUT_MS = 10_000;

/**
 * Finds the bot of a state folder, or takes the address given; the token is the folder's own in both cases.
 * @param url `http://127.0.0.1:8321`, on this machine: the token is never sent anywhere else; null = read it from the folder.
 * @throws StratError BOT_NOT_RUNNING, BOT_UNREACHABLE for an address elsewhere, HTTP_TOKEN_FILE
 */
export function openControl(folder: string, url: string | null): ControlClient {
  const base = url ?? readEndpoint(join(folder, ENDPOINT_FILE))?.url;
  if (base === undefined) throw new StratError('BOT_NOT_RUNNING', { folder });
  const origin = loopbackOrigin(base);
  if (origin === null) {
    throw new StratError('BOT_UNREACHABLE', { url: base, reason: 'it is no address of this machine such as http://127.0.0.1:8321' });
  }
  return {
    url: origin,
    get: async (path, answer) => read(origin, await send(origin, path, {}), answer),
    post: async (path, body) => {
      const token = readToken(join(folder, TOKEN_FILE));
      const headers = { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
      return read(origin, await send(origin, path, { method: 'POST', headers, body: JSON.stringify(body) }), DONE_ANSWER);
    },
  };
}

/** The address without a path; null when it does not lead to this machine. */
function loopbackOrigin(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:' || url.username !== '' || url.password !== '') return null;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) && ['/', '/api/v1', '/api/v1/'].includes(url.pathname)
    ? url.origin
    : null;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

async function send(origin: string, path: string, init: RequestInit): Promise<Reply> {
  try {
    const response = await fetch(`${origin}/api/v1${path}`, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new StratError('BOT_UNREACHABLE', { url: origin, reason: whyNot(error) }, { cause: error });
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  return typeof code === 'string' ? code : 'the connection failed';
}

function read<T>(url: string, { status, text }: Reply, answer: JsonSchema<T>): T {
  const value = parse(url, text);
  if (matches(ERROR_ANSWER, value)) {
    const { message, hint } = value.error;
    if (status === 401 || status === 429) throw new StratError('BOT_TOKEN', { reason: message, hint });
    if (status >= 500) throw new StratError('BOT_UNREACHABLE', { url, reason: message });
    throw new StratError('BOT_REFUSED', { reason: message, hint });
  }
  if (matches(answer, value)) return value;
  throw new StratError('BOT_ANSWER', { url, reason: mismatch(answer, value) ?? 'its form is another' });
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StratError('BOT_ANSWER', { url, reason: 'the answer is no JSON' }, { cause: error });
  }
}
