import { readFileSync, renameSync, rmSync } from 'node:fs';
import { unwritable } from '#core/files/file-error.ts';
import { closedObjectOf, type JsonSchema } from './schemas/json-schema.ts';
import { matches } from './schemas/schema-check.ts';
import { writePrivateFile } from './token-file.ts';

/** Name of the file in the state folder that tells commands where the bot listens. */
export const ENDPOINT_FILE = 'http.json';

export interface Endpoint {
  /** `http://127.0.0.1:8321`, without a path. */
  readonly url: string;
  readonly pid: number;
}

const ENDPOINT: JsonSchema<Endpoint> = closedObjectOf<Endpoint>({
  url: { type: 'string', maxLength: 200 },
  pid: { type: 'integer', minimum: 1 },
});

/**
 * Writes where this process listens; gives the function that removes the file, unless another bot has written its own.
 * @throws StratError FILE_UNWRITABLE
 */
export function publishEndpoint(file: string, endpoint: Endpoint): () => void {
  const text = `${JSON.stringify(endpoint)}\n`;
  try {
    writePrivateFile(file, text, renameSync);
  } catch (error) {
    throw unwritable(file, error);
  }
  return () => {
    if (readText(file) === text) rmSync(file, { force: true });
  };
}

/** Where the bot of this state folder listens; null when no bot does, or when the one that wrote the file is gone. */
export function readEndpoint(file: string): Endpoint | null {
  const endpoint = parse(readText(file) ?? '');
  return endpoint !== null && isAlive(endpoint.pid) ? endpoint : null;
}

function parse(text: string): Endpoint | null {
  try {
    const value: unknown = JSON.parse(text);
    return matches(ENDPOINT, value) ? value : null;
  } catch {
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there, and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
