import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** Commands are short. */
export const MAX_BODY_BYTES = 16_384;

const NOT_JSON = refusal('BODY_NOT_JSON', 'The body is no JSON', 'Send one JSON object in UTF-8');

/**
 * The body of a request as JSON; `undefined` for none. A body over the limit is refused as soon as that is known; what is still
 * on its way is neither kept nor waited for: the connection closes.
 */
export async function readBody(request: IncomingMessage): Promise<{ readonly value: unknown } | Refusal> {
  const tooLarge = refusal('BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes`, 'Commands are short; see docs/http.md', {
    Connection: 'close',
  });
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge;
  const bytes = await readBytes(request);
  if (bytes === null) return tooLarge;
  if (bytes.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return NOT_JSON;
  }
}

/** Null when there are more than the limit. */
function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) {
      chunks.push(chunk);
      return;
    }
    request.off('data', onData);
    // Read on without keeping anything until the answer is out: a client that is still sending then gets to see it.
    request.resume();
    resolve(null);
  };
  request.on('data', onData);
  request.on('end', () => resolve(Buffer.concat(chunks)));
  // A client that goes away in the middle; the answer goes nowhere.
  request.on('error', reject);
  return promise;
}
