import { describe, expect, it } from 'vitest';
import type { BacktestInput } from './isolate.ts';
import { runBacktest } from './isolate.ts';
import { createIsolatePool } from './isolate-pool.ts';
import { initialRegisters, meanParams, meanStrategy, noSettings, strategyDoing, walk } from './testing/fixture-strategies.ts';

const limits = { memoryMb: 64, timeoutMs: 2000 };
const input = (rows: number): BacktestInput => ({
  columns: walk(rows),
  params: meanParams,
  settings: noSettings,
  registers: initialRegisters(),
});

describe('createIsolatePool', () => {
  it('gives the same rows warm, fresh and side by side', async () => {
    const pool = createIsolatePool({ maxIdle: 4 });
    const fresh = await runBacktest(meanStrategy, input(900), limits);
    for (let i = 0; i < 3; i += 1) expect(await pool.runBacktest(meanStrategy, input(900), limits)).toEqual(fresh);
    expect(pool.idle()).toBe(1);
    const both = await Promise.all([
      pool.runBacktest(meanStrategy, input(900), limits),
      pool.runBacktest(meanStrategy, input(900), limits),
    ]);
    expect(both).toEqual([fresh, fresh]);
    expect(pool.idle()).toBe(2);
    pool.dispose();
    expect(pool.idle()).toBe(0);
  });

  it('opens a new isolate for more bars than the warm one was made for', async () => {
    const pool = createIsolatePool({ maxIdle: 1 });
    await pool.runBacktest(meanStrategy, input(10), limits);
    expect((await pool.runBacktest(meanStrategy, input(1000), limits)).equity.length).toBe(1000);
    expect(pool.idle()).toBe(1);
    pool.dispose();
  });

  it('gives results that later runs over the same columns leave alone', async () => {
    const pool = createIsolatePool({ maxIdle: 1 });
    const same = input(500);
    const first = await pool.runBacktest(meanStrategy, same, limits);
    const before = Array.from(first.equity);
    const second = await pool.runBacktest(meanStrategy, { ...same, params: Float64Array.of(0.9, 5) }, limits);
    expect(Array.from(first.equity)).toEqual(before);
    expect(Array.from(second.equity)).not.toEqual(before);
    pool.dispose();
  });

  it('does not run out of memory by the number of runs', async () => {
    const pool = createIsolatePool({ maxIdle: 1 });
    const same = input(100_000);
    for (let i = 0; i < 150; i += 1)
      await pool.runBacktest(meanStrategy, i % 3 === 0 ? input(20_000) : same, { memoryMb: 16, timeoutMs: 5000 });
    expect(pool.idle()).toBe(1);
    pool.dispose();
  });

  it('does not keep an isolate in which a run failed, nor any after disposal', async () => {
    const pool = createIsolatePool({ maxIdle: 2 });
    await expect(pool.runBacktest(strategyDoing('null.x'), input(10), limits)).rejects.toMatchObject({ code: 'SANDBOX_CRASHED' });
    expect(pool.idle()).toBe(0);
    const running = pool.runBacktest(meanStrategy, input(10), limits);
    pool.dispose();
    await running;
    expect(pool.idle()).toBe(0);
  });
});
