import { sha256 as digestOf } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** As core/files/sha256.ts, which package.json puts it in the place of: browsers have a digest of their own only for those who wait for it. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  return bytesToHex(digestOf(concatBytes(...parts.map((part) => (typeof part === 'string' ? utf8ToBytes(part) : part)))));
}
