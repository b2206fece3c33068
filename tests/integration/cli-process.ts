import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin/strat.js');

export interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT after so many ms. */
  readonly interruptMs?: number;
  /** Closes the reading end of stdout at the first bytes, as `head -1` does. */
  readonly closeOutput?: boolean;
  /** stdout goes to this file; `Outcome.stdout` stays empty. */
  readonly outputFile?: string;
}

/** A temporary folder that goes with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `strat` as a process of its own, as a shell would. */
export async function startStrat(args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
  const output = options.outputFile === undefined ? undefined : openSync(options.outputFile, 'w');
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
    stdio: ['ignore', output ?? 'pipe', 'pipe'],
  });
  if (output !== undefined) closeSync(output);
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stderr?.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
  child.stdout?.on('data', (chunk: Buffer) => {
    chunks.stdout.push(chunk);
    if (options.closeOutput === true) child.stdout?.destroy();
  });
  const timer = options.interruptMs === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), options.interruptMs);
  const { promise, resolve, reject } = Promise.withResolvers<Pick<Outcome, 'status' | 'signal'>>();
  child.once('error', reject);
  child.once('close', (status, signal) => resolve({ status, signal }));
  const ended = await promise;
  clearTimeout(timer);
  return { ...ended, stdout: Buffer.concat(chunks.stdout).toString(), stderr: Buffer.concat(chunks.stderr).toString() };
}
