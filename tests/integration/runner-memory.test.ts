import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { RUNNER_LIMITS } from '#core/runtime/paper/paper-loop.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createDecider } from '#core/sandbox/decider.ts';
import { createHistoryRows } from '#core/sandbox/history-rows.ts';
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
  const rows = createHistoryRows();
  const account = new Float64Array(ACCOUNT_FIELDS);
  for (let index = 0; index < BLOCK; index++) {
    const close = 100 + (index % 20);
    rows.append({ time: index * 3_600_000, open: close, high: close + 1, low: close - 1, close, volume: 1 }, account);
  }
  const block = rows.slice(0, BLOCK);
  const decider = createDecider(compiled, { params, settings: settingsArray(settings, warmUpBars, Infinity), limits: RUNNER_LIMITS });
  try {
    while (decider.bars() < BARS) await decider.catchUp(block);
    await decider.decideRow(rows.slice(0, 1));
    expect(decider.bars()).toBeGreaterThan(BARS);
  } finally {
    decider.dispose();
  }
});
