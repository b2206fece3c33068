import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Commands that tests start keep compiled code in a folder of the run, not in that of the user: each clone of a test would leave a thousand files there. */
export function setup(): void {
  process.env['XDG_CACHE_HOME'] = mkdtempSync(join(tmpdir(), 'strat-test-cache-'));
}

export function teardown(): void {
  rmSync(process.env['XDG_CACHE_HOME']!, { recursive: true, force: true });
}
