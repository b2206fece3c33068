import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { COLUMN_NAMES, sliceColumns } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { LOG_FIELDS } from '#core/model/strategy-abi.ts';
import type { BacktestInput } from './isolate.ts';
import { openBacktestIsolate, runBacktest, sharedBytesOf } from './isolate.ts';
import { initialRegisters, meanParams, meanStrategy, noSettings, strategyDoing, walk } from './testing/fixture-strategies.ts';

const limits = { memoryMb: 64, timeoutMs: 2000 };
const inputOf = (columns: Columns): BacktestInput => ({ columns, params: meanParams, settings: noSettings, registers: initialRegisters() });

async function failure(strategy: CompiledStrategy, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<StratError> {
  try {
    await runBacktest(strategy, inputOf(walk(500)), { ...limits, ...options });
  } catch (error) {
    if (error instanceof StratError) return error;
    throw error;
  }
  throw new Error('the backtest ended without an error');
}

function checksum(columns: Columns): string {
  const hash = createHash('sha256');
  for (const name of COLUMN_NAMES) hash.update(new Float64Array(columns[name]));
  return hash.digest('hex');
}

/** What `meanStrategy.run` must give, in one plain loop. */
function expected(columns: Columns): { log: number[]; equity: number[]; mean: number } {
  const log: number[] = [];
  let mean = columns.close[0] ?? Number.NaN;
  const equity = Array.from(columns.close, (close, i) => {
    if (i > 0) mean += (close - mean) * 0.1;
    if (i % 5 === 0) log.push(1, i, mean, close, columns.open[i] ?? Number.NaN, 0, -1);
    return 10_000 + mean;
  });
  return { log, equity, mean };
}

describe('runBacktest', () => {
  it.each([0, 1, 63, 64, 65, 4096, 20_000])('gives the rows of a plain loop over %i bars', async (bars) => {
    const columns = walk(bars);
    const before = checksum(columns);
    const { log, equity, registers } = await runBacktest(meanStrategy, inputOf(columns), limits);
    const plain = expected(columns);
    expect(Array.from(log)).toEqual(plain.log);
    expect(log.length % LOG_FIELDS).toBe(0);
    expect(Array.from(equity)).toEqual(plain.equity);
    expect(registers[0]).toBe(bars === 0 ? 0 : plain.mean);
    expect(checksum(columns)).toBe(before);
  });

  it('reads a slice of shared columns where it lies', async () => {
    const columns = sliceColumns(walk(1000), 300, 900);
    const { log, equity } = await runBacktest(meanStrategy, inputOf(columns), limits);
    expect(Array.from(log)).toEqual(expected(columns).log);
    expect(Array.from(equity)).toEqual(expected(columns).equity);
  });

  it('takes columns that are not in shared memory', async () => {
    const columns = walk(200);
    const copy = { ...columns, close: Float64Array.from(columns.close) };
    const { equity } = await runBacktest(meanStrategy, inputOf(copy), limits);
    expect(Array.from(equity)).toEqual(expected(columns).equity);
  });

  it('leaves the caller’s registers as they were', async () => {
    const input = inputOf(walk(100));
    await runBacktest(meanStrategy, input, limits);
    expect(input.registers).toEqual(initialRegisters());
  });

  it('starts every run in one isolate from empty state', async () => {
    const input = inputOf(walk(700));
    const isolate = openBacktestIsolate(meanStrategy, limits, sharedBytesOf(input));
    const lent = await isolate.run(input, limits);
    const first = { ...lent, equity: Float64Array.from(lent.equity) };
    lent.equity.fill(7);
    const second = await isolate.run(input, limits);
    isolate.dispose();
    expect({ ...second, equity: Float64Array.from(second.equity) }).toEqual(first);
  });

  it('refuses parameters, settings, registers and columns of another length', async () => {
    const good = inputOf(walk(10));
    const bad: BacktestInput[] = [
      { ...good, params: new Float64Array(1) },
      { ...good, settings: new Float64Array(1) },
      { ...good, registers: new Float64Array(1) },
      { ...good, columns: { ...good.columns, low: new Float64Array(9) } },
    ];
    for (const input of bad) await expect(runBacktest(meanStrategy, input, limits)).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
  });

  it('says how far a cancelled run came', async () => {
    const strategy = strategyDoing('for (let i = 0; i < 1e5; i += 1) S[0] += i');
    const controller = new AbortController();
    const run = runBacktest(strategy, inputOf(walk(4_000_000)), { memoryMb: 64, timeoutMs: 20_000, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(run).rejects.toMatchObject({ code: 'SANDBOX_CANCELLED', data: { total: 4_000_000 } });
    const error = await failure(strategy, { signal: AbortSignal.abort() });
    expect(error.message).toContain('after 0 of 500 bars');
  });

  it('maps each way to fail to its error', async () => {
    expect((await failure(strategyDoing('for (;;) ;'), { timeoutMs: 200 })).code).toBe('SANDBOX_TIMEOUT');
    expect((await failure(strategyDoing('null.x'))).message).toContain("Cannot read properties of null (reading 'x')");
    expect((await failure({ ...meanStrategy, text: '({ run' })).code).toBe('SANDBOX_CRASHED');
    expect((await failure({ ...meanStrategy, text: '7' })).code).toBe('SANDBOX_CRASHED');
    expect((await failure(strategyDoing('throw "\\u001b[31mred\\n\\u202e" + "x".repeat(1e6)'))).message).toMatch(
      /: \[31mred x{100,200}\. /,
    );
  });

  it.each(['-1', '0.5', '1e9', 'NaN', '"many"', 'undefined', '{ valueOf() { return -1 } }'])(
    'refuses %s as a number of rows',
    async (rows) => {
      const text = `({ run() { return ${rows} } })`;
      expect((await failure({ ...meanStrategy, text })).code).toBe('SANDBOX_CRASHED');
    },
  );

  it('ends a strategy that eats its memory', async () => {
    const error = await failure(strategyDoing('const a = []; for (;;) a.push({ x: a.length, y: [a.length] })'), { timeoutMs: 20_000 });
    expect(error.code).toBe('SANDBOX_MEMORY');
  });
});
