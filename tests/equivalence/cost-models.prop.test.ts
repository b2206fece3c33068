import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { emit } from '#dsl/emit/emit.ts';
import { furtherColumns } from './further-columns.ts';
import { anyCostModels, MODEL_EVENTS, plannedSettings } from './planned-settings.ts';
import { randomInner } from './random-inner.ts';
import { anyColumns, anyPlainProgram, anyPlannedProgram } from './random-program.ts';
import { CAPITAL, fundingRates, runDecided, runEmitted, runInterpreted } from './three-forms.ts';

const anyConventions = fc.record({
  sizeAt: fc.constantFrom('order' as const, 'fill' as const),
  fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  opposite: fc.constantFrom('ignore' as const, 'reverse' as const),
  closeAtEnd: fc.boolean(),
  lot: fc.constantFrom(null, 1, 0.001, 0.03),
  tick: fc.constantFrom(null, 0.01),
});
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 100) };

test('under models of costs run, decide with the engine, and the interpreter agree to the last bit, with finer bars and however the bars are cut', () => {
  const seen = new Map<number, number>();
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: anyPlannedProgram }, { weight: 1, arbitrary: anyPlainProgram }),
      anyColumns,
      anyConventions,
      fc.array(fc.nat(200), { maxLength: 3 }),
      anyCostModels,
      fc.option(fc.nat()),
      (program, columns, conventions, cuts, models, seed) => {
        const settings = plannedSettings(program, columns.close.length, { ...models, conventions });
        const params = Float64Array.from(program.params, (param) => param.value);
        const further = furtherColumns(columns, program);
        const inner = seed === null ? null : randomInner(columns, seed);
        const oracle = runInterpreted(program, columns, params, settings, conventions, CAPITAL, further, inner);
        const strategy = emit(program, conventions, true);
        const emitted = runEmitted(strategy, columns, params, settings, CAPITAL, cuts, further, inner);
        expect([emitted.log, emitted.equity, emitted.registers]).toEqual([oracle.log, oracle.equity, oracle.registers]);
        for (let row = 0; row < oracle.log.length; row += LOG_FIELDS) seen.set(oracle.log[row]!, (seen.get(oracle.log[row]!) ?? 0) + 1);
        if (inner !== null) return;
        const rates = fundingRates(program, columns, further);
        const decided = runDecided(strategy, columns, params, settings, conventions, CAPITAL, further, rates);
        expect([decided.log, decided.registers]).toEqual([oracle.log, oracle.registers]);
      },
    ),
    runs,
  );
  expect(MODEL_EVENTS.filter((name) => (seen.get(LOG_KIND[name as keyof typeof LOG_KIND]) ?? 0) < 5)).toEqual([]);
});

test('the isolate runs the same models', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlannedProgram, anyColumns, anyCostModels, async (program, columns, models) => {
      const settings = plannedSettings(program, columns.close.length, models);
      const params = Float64Array.from(program.params, (param) => param.value);
      const further = furtherColumns(columns, program);
      const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      const strategy = emit(program, DEFAULT_CONVENTIONS, true);
      const registers = openTradingRegisters(strategy.plan, CAPITAL);
      const input = { columns, further: { columns: further.arrays, bars: Float64Array.from(further.counts) }, params, settings, registers };
      const output = await runBacktest(strategy, input, { memoryMb: 64, timeoutMs: 10_000 });
      expect([[...output.log], [...output.equity], [...output.registers]]).toEqual([oracle.log, oracle.equity, oracle.registers]);
    }),
    { numRuns: 10 },
  );
});
