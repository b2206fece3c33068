import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Runs a backtest whose strategy executes `body`, in a Node process of its own; gives what that printed and how it ended. */
async function backtestInProcess(
  body: string,
  timeoutMs = 300,
): Promise<{ readonly printed: string; readonly code: number | null; readonly signal: string | null }> {
  const script = `
    import { runBacktest } from '#core/sandbox/isolate.ts';
    import { initialRegisters, meanParams, noSettings, strategyDoing, walk } from '#core/sandbox/testing/fixture-strategies.ts';
    const input = { columns: walk(100), params: meanParams, settings: noSettings, registers: initialRegisters() };
    try {
      await runBacktest(strategyDoing(${JSON.stringify(body)}), input, { memoryMb: 32, timeoutMs: ${timeoutMs} });
      console.log('done');
    } catch (error) {
      console.log(error.code);
      process.exitCode = 3;
    }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    // A thread that cannot be stopped also keeps its process from ending; the caller is told to end it.
    if (printed.includes('SANDBOX_STUCK')) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return { printed: printed.trim(), code: child.exitCode, signal: child.signalCode };
}

describe('a process in which a backtest failed', () => {
  it.each([
    ['a loop', 'for (;;) ;', 'SANDBOX_TIMEOUT', 300],
    ['too much memory', 'const a = []; for (;;) a.push({ x: a.length, y: [a.length] })', 'SANDBOX_MEMORY', 30_000],
    ['an iterator spread for ever', '[...(function* () { for (;;) yield 1 })()]', 'SANDBOX_MEMORY', 30_000],
    ['a fault', 'null.x', 'SANDBOX_CRASHED', 30_000],
  ])('ends by itself with its exit code after %s', async (_, body, code, timeoutMs) => {
    expect(await backtestInProcess(body, timeoutMs)).toEqual({ printed: code, code: 3, signal: null });
  });

  it('is told when a strategy cannot be stopped, and lives to say so', async () => {
    const { printed, signal } = await backtestInProcess('(2n ** (2n ** 24n)) ** 64n');
    expect(printed).toBe('SANDBOX_STUCK');
    expect(signal).toBe('SIGKILL');
  });
});
