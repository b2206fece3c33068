import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { type BacktestInput, type BacktestLimits, runBacktest } from '#core/sandbox/isolate.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import { initialRegisters, meanParams, meanStrategy, noSettings, strategyDoing, walk } from '#core/sandbox/testing/fixture-strategies.ts';

const limits = { memoryMb: 64, timeoutMs: 3000 };
const inputOf = (columns: Columns): BacktestInput => ({ columns, params: meanParams, settings: noSettings, registers: initialRegisters() });
const LYING = fileURLToPath(new URL('../../core/sandbox/testing/lying-backtest-process.ts', import.meta.url));

async function failure(strategy: CompiledStrategy, options: Partial<BacktestLimits> = {}, entry?: string): Promise<StratError> {
  try {
    await runProcessBacktest(strategy, inputOf(walk(500)), { ...limits, ...options }, entry);
  } catch (error) {
    if (error instanceof StratError) return error;
    throw error;
  }
  throw new Error('the backtest ended without an error');
}

/** Children of this process that are still there. */
const children = (): readonly string[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '');

describe('a backtest in a process of its own', () => {
  test('gives the bits of one in an isolate of this process', async () => {
    const input = inputOf(walk(20_000));
    const [here, there] = [await runBacktest(meanStrategy, input, limits), await runProcessBacktest(meanStrategy, input, limits)];
    expect(there.log).toEqual(here.log);
    expect(there.equity).toEqual(new Float64Array(here.equity));
    expect(there.registers).toEqual(here.registers);
  });

  test('over no bars is none', async () => {
    expect(await runProcessBacktest(meanStrategy, inputOf(walk(0)), limits)).toMatchObject({ equity: new Float64Array(0) });
  });

  test('tells how far it is, and can be cancelled', async () => {
    const cancel = new AbortController();
    const seen: number[] = [];
    const slow = strategyDoing('let x = 0; for (let k = 0; k < 3e8; k += 1) x += k; S[3] = x');
    const error = await failure(slow, {
      timeoutMs: 20_000,
      signal: cancel.signal,
      onProgress: (bars) => {
        seen.push(bars);
        if (bars > 0) cancel.abort();
      },
    });
    expect(error.code).toBe('SANDBOX_CANCELLED');
    expect(seen.at(-1)).toBeGreaterThan(0);
  });
});

/** threats.md A: the subset refuses these programs; were one to come through, it ends with its process and this one lives. */
describe('what ends a process ends that one only', () => {
  test.for([
    // One bit more than V8 allows: it may find that out before the time is over.
    { name: '1 a BigInt bomb', body: '(2n ** (2n ** 24n)) ** 64n', code: /SANDBOX_(TIMEOUT|CRASHED)/ },
    {
      name: '2 arrays of arrays',
      body: 'const a = []; for (;;) a[a.length] = new Array(1000).fill(1.1)',
      code: /SANDBOX_(MEMORY|TIMEOUT|CRASHED)/,
    },
    { name: '3 a huge fill', body: 'new Array(1e9).fill(0)', code: /SANDBOX_(MEMORY|TIMEOUT)/ },
    { name: '4 a text that kills the process', body: '"x".repeat(2 ** 28).split("")', code: /SANDBOX_(CRASHED|MEMORY|TIMEOUT)/ },
    { name: '7 an endless loop', body: 'for (;;) ;', code: 'SANDBOX_TIMEOUT' },
    { name: '10 recursion', body: 'const f = (n) => f(n + 1) + 1; f(0)', code: 'SANDBOX_CRASHED' },
    { name: '13 code from text', body: '(() => {}).constructor("return 1")()', code: 'SANDBOX_CRASHED' },
  ])('$name', { timeout: 60_000 }, async ({ body, code }) => {
    expect((await failure(strategyDoing(body), { timeoutMs: 1000 })).code).toMatch(code);
  });

  test('a process that answers with another number of values is not believed', async () => {
    const error = await failure(meanStrategy, {}, LYING);
    expect(error.code).toBe('SANDBOX_CRASHED');
    expect(error.message).toContain('it sent a result of another length');
  });

  test.runIf(process.platform === 'linux')('no process is left behind', () => expect(children()).toEqual([]));
});
