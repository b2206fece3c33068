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
  /** Sends a signal, once, as soon as `when` says so. */
  readonly stop?: { readonly when: () => boolean; readonly signal: NodeJS.Signals };
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
  const { stop } = options;
  // Once: a second Ctrl-C ends a command at once.
  const watch: NodeJS.Timeout | undefined =
    stop === undefined
      ? undefined
      : setInterval(() => {
          if (!stop.when()) return;
          clearInterval(watch);
          child.kill(stop.signal);
        }, 2);
  const { promise, resolve, reject } = Promise.withResolvers<Pick<Outcome, 'status' | 'signal'>>();
  child.once('error', reject);
  child.once('close', (status, signal) => resolve({ status, signal }));
  const ended = await promise;
  clearTimeout(timer);
  clearInterval(watch);
  return { ...ended, stdout: Buffer.concat(chunks.stdout).toString(), stderr: Buffer.concat(chunks.stderr).toString() };
}
