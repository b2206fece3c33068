import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { DEFAULT_CONVENTIONS, DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { emit } from '#dsl/emit/emit.ts';
import { foreignParts, storesIntoInputs } from './emitted-syntax.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns } from './random-program.ts';
import { anyPlainPluginProgram, anyPluginProgram } from './random-plugin-program.ts';
import { runDecided, runEmitted, runInterpreted } from './three-forms.ts';

const CAPITAL = 10_000;

test('with plugins, run, decide and the interpreter agree to the last bit, however the bars are cut', () => {
  const seen = new Map<number, number>();
  fc.assert(
    fc.property(anyPluginProgram, anyColumns, fc.array(fc.nat(200), { maxLength: 6 }), (program, columns, cuts) => {
      const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
      const params = Float64Array.from(program.params, (param) => param.value);
      const strategy = emit(program, DEFAULT_CONVENTIONS);
      expect(foreignParts(strategy.text)).toEqual([]);
      expect(storesIntoInputs(strategy.text)).toEqual([]);
      const further = furtherColumns(columns, program);
      const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      const emitted = runEmitted(strategy, columns, params, settings, CAPITAL, cuts, further);
      expect(emitted.log).toEqual(oracle.log);
      expect(emitted.equity).toEqual(oracle.equity);
      const decided = runDecided(strategy, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      expect(decided.decisions).toEqual(oracle.decisions);
      expect(decided.log).toEqual(oracle.log);
      for (let row = 0; row < oracle.log.length; row += LOG_FIELDS) seen.set(oracle.log[row]!, (seen.get(oracle.log[row]!) ?? 0) + 1);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  const names = ['entry', 'exit', 'stop', 'pluginFlagged'] as const;
  expect(names.filter((name) => (seen.get(LOG_KIND[name]) ?? 0) < 10)).toEqual([]);
});

test('with plugins, a run in the isolate gives the bits of a run on the host', async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(anyPlainPluginProgram, anyColumns, async (program, columns) => {
      const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
      const params = Float64Array.from(program.params, (param) => param.value);
      const strategy = emit(program, DEFAULT_CONVENTIONS);
      const onHost = runEmitted(strategy, columns, params, settings, CAPITAL, []);
      const inIsolate = await runBacktest(
        strategy,
        { columns, params, settings, registers: openRegisters(CAPITAL) },
        { memoryMb: 64, timeoutMs: 10_000 },
      );
      expect([...inIsolate.log]).toEqual(onHost.log);
      expect([...inIsolate.equity]).toEqual(onHost.equity);
      rows += onHost.log.length;
    }),
    { numRuns: 15 },
  );
  expect(rows).toBeGreaterThan(0);
});
