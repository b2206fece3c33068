/**
 * SHA-256 of the parts one behind the other, texts as UTF-8: lower-case hex. The browser has its own in `web/playground/worker/sha256.ts`, which package.json
 * puts in the place of this one.
 */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  // Not imported: all of Node's cryptography takes 6 ms to load, and commands without data need none of it.
  const digest = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('hex');
}
