import { expect, test } from 'vitest';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { sharedColumns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';

const SOURCE = `strat 1
strategy "target"
trade BTC/USDT on 1m
enter long when close > open
stop 5%
take 100% at 3%
size 1 BTC
`;

/** Open, high, low and close of each bar: bought at 100 on the second, the target 103 is touched twice and then passed. */
const BARS = [
  [99, 100, 99, 100],
  [100, 101, 99, 100],
  [100, 103, 99, 100],
  [100, 103, 99, 100],
  [100, 101, 99, 100],
  [100, 104, 99, 100],
  [100, 101, 99, 100],
] as const;

// A loop that watches ends on a bar that meets a level; where nothing fills, the next one must go on behind it, or it would meet that bar for ever.
test.each([
  ['functions', 0],
  ['one function', Infinity],
])('a target that is only touched is looked at once a bar, with loops as %s', async (_, fewestApart) => {
  const { program } = createCompiler().compile(SOURCE);
  const conventions = { ...DEFAULT_CONVENTIONS, limitFill: 'through' as const };
  const columns = sharedColumns(BARS.length);
  for (const [index, [open, high, low, close]] of BARS.entries()) {
    columns.time[index] = index * 60_000;
    [columns.open[index], columns.high[index], columns.low[index], columns.close[index]] = [open, high, low, close];
  }
  const settings = settingsArray({ capital: 10_000, feeRate: 0, slippageRate: 0, conventions }, 0, BARS.length);
  const strategy = emit(program!, conventions, false, undefined, fewestApart);
  expect(strategy.text.includes('function watchLong')).toBe(fewestApart === 0);
  const input = { columns, params: new Float64Array(), settings, registers: openRegisters(10_000) };
  const { log } = await runBacktest(strategy, input, { memoryMb: 64, timeoutMs: 3000 });
  const rows = Array.from({ length: log.length / LOG_FIELDS }, (__, row) =>
    [LOG.kind, LOG.bar, LOG.price].map((field) => log[row * LOG_FIELDS + field]),
  );
  expect(rows).toEqual([
    [LOG_KIND.entry, 1, 100],
    [LOG_KIND.take, 5, 103],
  ]);
});
