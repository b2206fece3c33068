import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const ROOT = new URL('../../../shared/data/', import.meta.url);

/** Whether the reference data lie beside the repository; tests that need them skip by name where they do not. */
export const hasSharedData = existsSync(ROOT);

/** Path of a file of the reference data. */
export function sharedPath(name: string): string {
  return fileURLToPath(new URL(name, ROOT));
}

/** A file of the reference data, unpacked. */
export function sharedText(name: string): string {
  const bytes = readFileSync(sharedPath(name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export function sharedJson(name: string): unknown {
  return JSON.parse(sharedText(name));
}

/** Names in a folder of the reference data. */
export function sharedFolder(name: string): readonly string[] {
  return readdirSync(sharedPath(name));
}
