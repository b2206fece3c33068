import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** Commands are short. */
export const MAX_COMMAND_BYTES = 16_384;
/** The longest source, were all of it escaped. */
export const MAX_TOOL_BYTES = 1_600_000;

const NOT_JSON = refusal('BODY_NOT_JSON', 'The body is no JSON', 'Send one JSON object in UTF-8');

/**
 * The body of a request as JSON; `undefined` for none. A body over the limit is refused as soon as that is known; what is still
 * on its way is neither kept nor waited for: the connection closes.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number = MAX_COMMAND_BYTES,
): Promise<{ readonly value: unknown } | Refusal> {
  const tooLarge = refusal('BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes`, 'See docs/http.md', { Connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge;
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) return tooLarge;
  if (bytes.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return NOT_JSON;
  }
}

/** Null when there are more than the limit. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= maxBytes) {
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
