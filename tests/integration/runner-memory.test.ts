import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { RUNNER_LIMITS } from '#core/runtime/paper/paper-loop.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createDecider } from '#core/sandbox/decider.ts';
import { packRow } from '#core/sandbox/history-rows.ts';
import { ROW_FIELDS } from '#core/sandbox/row-layout.ts';
import { meanParams, meanStrategy, noSettings } from '#core/sandbox/testing/fixture-strategies.ts';
import { createCompiler } from '#dsl/compile.ts';
import { ROOT } from './paper-runs.ts';

/** 30 minutes at 500 bars a second. */
const BARS = 900_000;
const BLOCK = 1024;

test('a strategy decides on 900,000 bars within the memory of a runner', { timeout: 120_000 }, async () => {
  const file = join(ROOT, 'strategies/rsi-reversion/rsi-reversion.strat');
  const result = prepareStrategy(createCompiler(), readFileSync(file, 'utf8'), file, { set: new Map() });
  if (!result.ok) throw new Error('the shipped strategy does not compile');
  const { compiled, params, settings, warmUpBars } = result.value;
  const block = new Float64Array(BLOCK * ROW_FIELDS);
  const account = new Float64Array(ACCOUNT_FIELDS);
  for (let index = 0; index < BLOCK; index++) {
    const close = 100 + (index % 20);
    const bar = { time: index * 3_600_000, open: close, high: close + 1, low: close - 1, close, volume: 1 };
    block.set(packRow(bar, account), index * ROW_FIELDS);
  }
  const decider = createDecider(compiled, { params, settings: settingsArray(settings, warmUpBars, Infinity), limits: RUNNER_LIMITS });
  try {
    while (decider.bars() < BARS) await decider.catchUp(block);
    await decider.decideRow(block.slice(0, ROW_FIELDS));
    expect(decider.bars()).toBeGreaterThan(BARS);
  } finally {
    decider.dispose();
  }
});

test('a call of a decider leaves nothing behind', { timeout: 120_000 }, async () => {
  const decider = createDecider(meanStrategy, { params: meanParams, settings: noSettings, limits: RUNNER_LIMITS });
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  const row = new Float64Array(ROW_FIELDS);
  const heapAfter = async (calls: number): Promise<number> => {
    for (let call = 0; call < calls; call++) await decider.decideRow(row);
    collect();
    return process.memoryUsage().heapUsed;
  };
  try {
    const before = await heapAfter(5000);
    const after = await heapAfter(40_000);
    // What a promise that is raced against every call keeps of each comes to 12 MB.
    expect((after - before) / 2 ** 20).toBeLessThan(3);
  } finally {
    decider.dispose();
  }
});
