import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { emit } from '#dsl/emit/emit.ts';
import { anyColumns, anyPlainProgram } from './random-program.ts';
import { runEmitted } from './three-forms.ts';

test('a run in the isolate, chunked by its driver, gives the bits of a run on the host', async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(anyPlainProgram, anyColumns, async (program, columns) => {
      const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
      const params = Float64Array.from(program.params, (param) => param.value);
      const strategy = emit(program, DEFAULT_SETTINGS.conventions);
      const onHost = runEmitted(strategy, columns, params, settings, 10_000, []);
      const inIsolate = await runBacktest(
        strategy,
        { columns, params, settings, registers: openRegisters(10_000) },
        { memoryMb: 64, timeoutMs: 10_000 },
      );
      expect([...inIsolate.log]).toEqual(onHost.log);
      expect([...inIsolate.equity]).toEqual(onHost.equity);
      expect([...inIsolate.registers]).toEqual(onHost.registers);
      rows += onHost.log.length;
    }),
    { numRuns: 60 },
  );
  expect(rows).toBeGreaterThan(0);
});
