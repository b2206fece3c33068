import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readRegularFile } from '#core/files/regular-file.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { isJsonObject, type JsonValue, readStrictJson } from '#core/model/strict-json.ts';
import { isIndicatorName } from '#dsl/plugin/read-manifest.ts';

/** Beside the config. */
export const LOCK_FILE = 'strat.lock';

/** What was pinned of a plugin: `sha512-...` of its files' bytes, in base64. */
export interface LockEntry {
  readonly version: string;
  readonly code: string;
  readonly manifest: string;
}

export type Lock = ReadonlyMap<string, LockEntry>;

const MAX_KB = 1024;
const HASH = /^sha512-[A-Za-z0-9+/]{86}==$/;
const FIELDS = ['version', 'code', 'manifest'] as const;

/** The hash of a file as the lock has it. */
export function fileHash(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** The lock at a path; nothing is pinned where there is none. The error says why the file cannot be believed. */
export function readLock(path: string): Result<Lock, string> {
  if (!existsSync(path)) return ok(new Map());
  const file = readRegularFile(path, { maxKb: MAX_KB });
  if (!file.ok) return file;
  const json = readStrictJson(file.value.toString('utf8'), MAX_KB * 1024);
  if (!json.ok) return fail(`line ${json.error.line}, column ${json.error.column}: ${json.error.reason}`);
  const { value } = json;
  if (!isJsonObject(value) || value['lock'] !== 1 || !isJsonObject(value['plugins']) || Object.keys(value).length !== 2)
    return fail('it is no lock file of this version');
  const entries = new Map<string, LockEntry>();
  for (const [name, given] of Object.entries(value['plugins'])) {
    const entry = isIndicatorName(name) ? entryOf(given) : null;
    if (entry === null) return fail(`the entry ${JSON.stringify(name.slice(0, 80))} is not as "strat plugin lock" writes it`);
    entries.set(name, entry);
  }
  return ok(entries);
}

function entryOf(value: JsonValue): LockEntry | null {
  if (!isJsonObject(value) || Object.keys(value).length !== FIELDS.length) return null;
  const { version, code, manifest } = value;
  if (typeof version !== 'string' || typeof code !== 'string' || typeof manifest !== 'string') return null;
  return version.length <= 100 && HASH.test(code) && HASH.test(manifest) ? { version, code, manifest } : null;
}

/** The lock as a file, by name, so that two of them compare line by line. */
export function lockText(lock: Lock): string {
  const names = [...lock.keys()].toSorted();
  const plugins = Object.fromEntries(
    names.map((name) => {
      const { version, code, manifest } = lock.get(name)!;
      return [name, { version, code, manifest }];
    }),
  );
  return `${JSON.stringify({ lock: 1, plugins }, null, 2)}\n`;
}

/** How a plugin differs from what was pinned; null when it is the same. */
export function lockFault(pinned: LockEntry, found: LockEntry): string | null {
  if (pinned.version !== found.version) return `it is version ${found.version}, and ${LOCK_FILE} has ${pinned.version}`;
  if (pinned.code !== found.code) return `its code is not the one in ${LOCK_FILE}`;
  return pinned.manifest === found.manifest ? null : `its manifest is not the one in ${LOCK_FILE}`;
}
