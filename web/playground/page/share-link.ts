import { readShared, type SharedState } from './shared-state.ts';

/** In front of the packed state in the address: `#1=...`. The number is of this form. */
const PREFIX = '#1=';
/** Longer addresses are cut by some chats and servers of mail. */
export const MOST_HASH = 32_000;
/** Of a packed state, unpacked: a text of full length, escaped. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The part of an address that holds the state. It stays in the browser: nobody sends it to a server. */
export async function hashOf(state: SharedState): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  return PREFIX + base64Of(await piped(bytes, new CompressionStream('deflate-raw'), Infinity));
}

/** The state of an address: undefined where it has none, null where it is not one of ours. */
export async function stateOf(hash: string): Promise<SharedState | null | undefined> {
  if (hash === '' || hash === '#') return undefined;
  if (!hash.startsWith(PREFIX) || hash.length > MOST_HASH) return null;
  try {
    const bytes = await piped(bytesOf(hash.slice(PREFIX.length)), new DecompressionStream('deflate-raw'), MOST_BYTES);
    return readShared(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** What comes out of a stream. @throws RangeError as soon as it is more than `most` bytes */
export async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** In the alphabet for addresses, without padding. */
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(base64)) throw new RangeError('other characters');
  const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
