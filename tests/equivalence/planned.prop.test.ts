import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { emit } from '#dsl/emit/emit.ts';
import { isPlain } from '#dsl/emit/is-plain.ts';
import { furtherColumns } from './further-columns.ts';
import { anyIsInverse, MODEL_EVENTS, plannedSettings } from './planned-settings.ts';
import { anyPlannedPluginProgram } from './random-plugin-program.ts';
import { seldomColumns } from './random-columns.ts';
import { anyColumns, anyPlannedProgram, anyWidePlannedProgram } from './random-program.ts';
import { CAPITAL, fundingRates, runDecided, runEmitted, runInterpreted } from './three-forms.ts';

const anyConventions = fc.record({
  sizeAt: fc.constantFrom('order' as const, 'fill' as const),
  fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  opposite: fc.constantFrom('ignore' as const, 'ignore' as const, 'ignore' as const, 'reverse' as const),
  closeAtEnd: fc.boolean(),
  lot: fc.constantFrom(null, 1, 0.001, 0.03),
  tick: fc.constantFrom(null, 0.01, 0.03),
});

test('programs with trading statements of every kind: run, decide with the engine, and the interpreter agree to the last bit, however the bars are cut', () => {
  const seen = new Map<number, number>();
  fc.assert(
    fc.property(
      fc.oneof({ weight: 3, arbitrary: anyPlannedProgram }, { weight: 1, arbitrary: anyWidePlannedProgram }),
      fc.oneof({ weight: 3, arbitrary: anyColumns }, { weight: 1, arbitrary: seldomColumns() }),
      anyConventions,
      fc.array(fc.nat(200), { maxLength: 4 }),
      fc.nat(10),
      anyIsInverse,
      (program, columns, conventions, cuts, firstBar, isInverse) => {
        fc.pre(!isPlain(program, conventions));
        const settings = plannedSettings(program, columns.close.length, { conventions, firstBar, isInverse });
        const params = Float64Array.from(program.params, (param) => param.value);
        const further = furtherColumns(columns, program);
        const oracle = runInterpreted(program, columns, params, settings, conventions, CAPITAL, further);
        const strategy = emit(program, conventions);
        const emitted = runEmitted(strategy, columns, params, settings, CAPITAL, cuts, further);
        expect(emitted.log).toEqual(oracle.log);
        expect(emitted.equity).toEqual(oracle.equity);
        expect(emitted.registers).toEqual(oracle.registers);
        const split = runEmitted(emit(program, conventions, false, 5), columns, params, settings, CAPITAL, cuts, further);
        expect(split).toEqual(emitted);
        const decided = runDecided(
          strategy,
          columns,
          params,
          settings,
          conventions,
          CAPITAL,
          further,
          fundingRates(program, columns, further),
        );
        expect(decided.decisions).toEqual(oracle.decisions);
        expect(decided.registers).toEqual(oracle.registers);
        for (let row = 0; row < oracle.log.length; row += LOG_FIELDS) seen.set(oracle.log[row]!, (seen.get(oracle.log[row]!) ?? 0) + 1);
      },
    ),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 600) },
  );
  // Programs that never trade would agree about nothing. An account is bankrupt once and then does nothing more; gaps beyond an isolated margin are rare.
  // What only runs of stocks, currencies and universes have is in no isolate (core/runtime/portfolio/portfolio-run.ts).
  const others = [...MODEL_EVENTS, 'dividend', 'swap', 'delisting', 'rebalance'];
  const names = Object.keys(LOG_KIND).filter((name) => !name.startsWith('plugin') && !others.includes(name));
  const rare = ['bankrupt', 'covered'];
  expect(names.filter((name) => (seen.get(LOG_KIND[name as keyof typeof LOG_KIND]) ?? 0) < (rare.includes(name) ? 1 : 5))).toEqual([]);
});

test('with plugins the log tells of them and of orders in the order of bars, alike in all forms', () => {
  let both = 0;
  fc.assert(
    fc.property(anyPlannedPluginProgram, anyColumns, fc.array(fc.nat(200), { maxLength: 4 }), (program, columns, cuts) => {
      fc.pre(!isPlain(program, DEFAULT_CONVENTIONS));
      const settings = plannedSettings(program, columns.close.length);
      const params = Float64Array.from(program.params, (param) => param.value);
      const further = furtherColumns(columns, program);
      const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      const emitted = runEmitted(emit(program, DEFAULT_CONVENTIONS), columns, params, settings, CAPITAL, cuts, further);
      expect(emitted.log).toEqual(oracle.log);
      expect(emitted.equity).toEqual(oracle.equity);
      expect(emitted.registers).toEqual(oracle.registers);
      const kinds = new Set(oracle.log.filter((_, place) => place % LOG_FIELDS === LOG.kind));
      if (kinds.has(LOG_KIND.entry) && (kinds.has(LOG_KIND.pluginFlagged) || kinds.has(LOG_KIND.pluginDisabled))) both += 1;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 40) },
  );
  expect(both).toBeGreaterThan(3);
});

test('the isolate runs the same engine', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlannedProgram, anyColumns, anyIsInverse, async (program, columns, isInverse) => {
      fc.pre(!isPlain(program, DEFAULT_CONVENTIONS));
      const settings = plannedSettings(program, columns.close.length, { firstBar: 5, isInverse });
      const params = Float64Array.from(program.params, (param) => param.value);
      const further = furtherColumns(columns, program);
      const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      const strategy = emit(program, DEFAULT_CONVENTIONS);
      const registers = openTradingRegisters(strategy.plan, CAPITAL);
      const input = { columns, further: { columns: further.arrays, bars: Float64Array.from(further.counts) }, params, settings, registers };
      const output = await runBacktest(strategy, input, { memoryMb: 64, timeoutMs: 10_000 });
      expect([...output.log]).toEqual(oracle.log);
      expect([...output.equity]).toEqual(oracle.equity);
      expect([...output.registers]).toEqual(oracle.registers);
    }),
    { numRuns: 20 },
  );
});
