import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf, type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { firstInner, type InnerBars } from '#core/model/inner-bars.ts';
import { LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { runBacktest } from '#core/sandbox/isolate.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import { emit } from '#dsl/emit/emit.ts';
import { isPlain } from '#dsl/emit/is-plain.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { plannedSettings } from './planned-settings.ts';
import { anyInner, randomInner, sameInner, sliceInner } from './random-inner.ts';
import { anyColumns, anyPlainProgram, anyPlannedProgram } from './random-program.ts';
import { CAPITAL, type Outcome, runEmitted, runInterpreted } from './three-forms.ts';

const anyConventions = fc.record({
  sizeAt: fc.constantFrom('order' as const, 'fill' as const),
  fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  opposite: fc.constantFrom('ignore' as const, 'reverse' as const),
});
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 50) };

function run(program: Program, columns: Columns, inner: InnerBars | null, conventions = DEFAULT_CONVENTIONS): Outcome {
  const params = Float64Array.from(program.params, (param) => param.value);
  const settings = plannedSettings(program, columns.close.length, { slippageRate: 0 });
  return runInterpreted(program, columns, params, settings, conventions, CAPITAL, furtherColumns(columns, program), inner);
}

test('bars that are made of themselves give what they give alone', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyConventions, (program, columns, chosen) => {
      const conventions = { ...DEFAULT_CONVENTIONS, ...chosen };
      expect(run(program, columns, sameInner(columns), conventions)).toEqual(run(program, columns, null, conventions));
    }),
    runs,
  );
});

test('what was done does not depend on bars, or on parts of bars, that follow', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, fc.nat(), fc.nat(100), (program, columns, seed, percent) => {
      const inner = anyInner(columns, seed);
      const kept = Math.floor((columns.close.length * percent) / 100);
      const [whole, part] = [run(program, columns, inner), run(program, sliceColumns(columns, 0, kept), sliceInner(inner, kept))];
      expect(part.log).toEqual(whole.log.filter((_, at) => whole.log[at - (at % LOG_FIELDS) + LOG.bar]! < kept));
      expect(part.equity).toEqual(whole.equity.slice(0, kept));
    }),
    runs,
  );
});

test('every fill lies in one of the finer bars of its bar, and finer bars leave fewer doubts', () => {
  let [changed, doubts, left] = [0, 0, 0];
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, fc.nat(), (program, columns, seed) => {
      const inner = randomInner(columns, seed);
      const [log, alone] = [run(program, columns, inner), run(program, columns, null)].map((outcome) => Float64Array.from(outcome.log)) as [
        Float64Array,
        Float64Array,
      ];
      const isInside = ({ bar, refPrice }: Fill): boolean => {
        const first = firstInner(inner, bar);
        if (first === inner.ends[bar]) return refPrice >= columns.low[bar]! * (1 - 1e-12) && refPrice <= columns.high[bar]! * (1 + 1e-12);
        for (let at = first; at < inner.ends[bar]!; at++)
          if (refPrice >= inner.low[at]! * (1 - 1e-12) && refPrice <= inner.high[at]! * (1 + 1e-12)) return true;
        return false;
      };
      expect(fillsOf(log).filter((fill) => !isInside(fill))).toEqual([]);
      if (String(log) !== String(alone)) changed += 1;
      doubts += eventsOf(alone).filter(({ kind }) => kind === 'ambiguous').length;
      left += eventsOf(log).filter(({ kind }) => kind === 'ambiguous').length;
    }),
    runs,
  );
  expect(changed).toBeGreaterThan(10);
  expect(left).toBeLessThan(doubts);
});

test('programs whose broker is inlined go through the engine, and every form and every cut gives the same', () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.oneof(anyPlannedProgram, anyPlainProgram),
      anyColumns,
      fc.nat(),
      fc.array(fc.nat(200), { maxLength: 4 }),
      (program, columns, seed, cuts) => {
        if (isPlain(program, DEFAULT_CONVENTIONS)) plain += 1;
        const inner = anyInner(columns, seed);
        const params = Float64Array.from(program.params, (param) => param.value);
        const settings = plannedSettings(program, columns.close.length, { slippageRate: 0 });
        const strategy = emit(program, DEFAULT_CONVENTIONS, true);
        const emitted = runEmitted(strategy, columns, params, settings, CAPITAL, cuts, furtherColumns(columns, program), inner);
        const { log, equity, registers } = run(program, columns, inner);
        expect([emitted.log, emitted.equity, emitted.registers]).toEqual([log, equity, registers]);
      },
    ),
    runs,
  );
  expect(plain).toBeGreaterThan(10);
});

test('the isolate, and a process of its own, give the bits of the host', async () => {
  let left = 2;
  await fc.assert(
    fc.asyncProperty(anyPlannedProgram, anyColumns, fc.nat(), async (program, columns, seed) => {
      const inner = anyInner(columns, seed);
      const oracle = run(program, columns, inner);
      const strategy = emit(program, DEFAULT_CONVENTIONS, true);
      const further = furtherColumns(columns, program);
      const input = {
        columns,
        further: { columns: further.arrays, bars: Float64Array.from(further.counts) },
        inner,
        params: Float64Array.from(program.params, (param) => param.value),
        settings: plannedSettings(program, columns.close.length, { slippageRate: 0 }),
        registers: openTradingRegisters(strategy.plan, CAPITAL),
      };
      for (const runIn of left-- > 0 ? [runBacktest, runProcessBacktest] : [runBacktest]) {
        const output = await runIn(strategy, input, { memoryMb: 64, timeoutMs: 10_000 });
        expect([[...output.log], [...output.equity], [...output.registers]]).toEqual([oracle.log, oracle.equity, oracle.registers]);
      }
    }),
    { numRuns: 10 },
  );
});
