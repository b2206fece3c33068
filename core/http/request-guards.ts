import type { IncomingMessage } from 'node:http';
import { isSecretName } from '#core/errors/redact-text.ts';
import { type Refusal, refusal } from './refusal.ts';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const MAX_URL = 2000;

/** The values that `Host` may have when the bot listens on this port. */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set(LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/**
 * Against DNS rebinding: a page from elsewhere whose name suddenly leads to this machine is "same origin" for the browser,
 * but still sends its own name as `Host`.
 */
export function refuseHost(request: IncomingMessage, hosts: ReadonlySet<string>): Refusal | null {
  const given = request.headersDistinct['host'] ?? [];
  const [host] = given;
  if (host !== undefined && given.length === 1 && hosts.has(host.toLowerCase())) return null;
  return refusal(
    'HOST_REFUSED',
    'The Host header does not name this machine and port',
    `Use http://${[...hosts][0] ?? LOOPBACK_NAMES[0]}; from another machine, through a tunnel to the same port`,
  );
}

/** Against requests that a page from elsewhere makes the browser send. Programs that are no browsers send neither header. */
export function refuseOrigin(request: IncomingMessage): Refusal | null {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isForeign = (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase() ?? ''}`) || site === 'cross-site';
  if (!isForeign) return null;
  return refusal(
    'ORIGIN_REFUSED',
    'The request comes from a page of another origin',
    'Use the page that the bot serves at /, or a program such as curl',
  );
}

/**
 * The path and the parameters of a request.
 * Refuses a token among the parameters: addresses end up in histories and logs.
 */
export function readUrl(url: string): { readonly path: string; readonly query: URLSearchParams } | Refusal {
  if (url.length > MAX_URL) return refusal('URL_INVALID', `The address is longer than ${MAX_URL} characters`, 'Shorten it');
  if (!url.startsWith('/')) return refusal('URL_INVALID', 'The address does not begin with /', 'Send the path, not a whole address');
  const cut = url.indexOf('?');
  const query = new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1));
  const secret = [...query.keys()].find((name) => isSecretName(name) || /^(bearer|auth|key)$/i.test(name));
  if (secret !== undefined) {
    return refusal(
      'TOKEN_IN_URL',
      'A token does not belong into an address, where histories and logs keep it',
      'Send it as the header "Authorization: Bearer <token>". If it was the right one: stop the bot, remove the token file, start it again',
    );
  }
  return { path: cut < 0 ? url : url.slice(0, cut), query };
}

/** Null when the body is declared as plain JSON, or when there is none. */
export function refuseBodyType(request: IncomingMessage): Refusal | null {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return refusal('BODY_TYPE', 'The body is compressed', 'Send plain JSON');
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const type = request.headers['content-type'];
  // Not a form's type either: a page from elsewhere may send those without asking.
  if (!hasBody && type === undefined) return null;
  if (/^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(type ?? '')) return null;
  return refusal(
    'BODY_TYPE',
    `The body is not declared as JSON${type === undefined ? '' : `, but as ${JSON.stringify(type.slice(0, 60))}`}`,
    'Send the header "Content-Type: application/json"',
  );
}
