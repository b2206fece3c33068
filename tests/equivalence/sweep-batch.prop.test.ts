import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import type { Columns } from '#core/model/columns.ts';
import { TRIAL, TRIAL_FIELDS } from '#core/sandbox/sweep-driver.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emitSwept } from '#dsl/emit/emit.ts';
import { cutSignals } from '#dsl/emit/signal-cut.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { byBatch, DAY, figuresAlone } from './batch-form.ts';
import { seldomColumns } from './random-columns.ts';
import { anyColumns, anyWideProgram } from './random-program.ts';
import { anySource } from './random-source.ts';
import { CAPITAL } from './three-forms.ts';

/** Sets of a block: enough for the driver to look at stretches of bars and not at each. */
const SETS = 30;
/** Bars of a column of series: so few that it is written over many times. */
const RING = 16;

const compiler = createCompiler();
const settingsOf = (columns: Columns): Float64Array =>
  settingsArray({ capital: CAPITAL, feeRate: 0.001, slippageRate: 0.0005, conventions: DEFAULT_CONVENTIONS }, 5, columns.close.length);

const anySets = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })), {
  minLength: SETS,
  maxLength: SETS,
});

test('sets of a block have the figures of their backtests, to the last bit, with series in common and without', () => {
  let [cuts, closed, missed] = [0, 0, 0];
  fc.assert(
    fc.property(anySource, anyColumns, anySets, fc.integer({ min: 1, max: 4 }), (source, columns, values, least) => {
      const { program } = compiler.compile(source);
      if (program === null || columns.close.length < 3 * DAY || emitSwept(program, DEFAULT_CONVENTIONS) === null) return;
      const params = values.map(([n, k, half]) =>
        Float64Array.from(program.params, ({ name, value }) => [n, k, half / 2][['n', 'k', 'x'].indexOf(name)] ?? value),
      );
      const settings = settingsOf(columns);
      const sets = { program, columns, params, settings, conventions: DEFAULT_CONVENTIONS };
      const alone = figuresAlone(sets);
      expect([...byBatch(sets, null)]).toEqual(alone);
      for (let trial = 0; trial < SETS; trial++) closed += alone[trial * TRIAL_FIELDS + TRIAL.closed]!;
      const constants = params.map((own) => runConstants(program.graph, own, settings));
      const isShared = (keys: readonly NodeId[]): boolean =>
        new Set(constants.map((own) => keys.map((id) => own[id]).join(' '))).size * least <= SETS;
      const cut = cutSignals(program, isShared, RING);
      if (cut === null) return;
      cuts += 1;
      expect([...byBatch(sets, cut)]).toEqual(alone);
      // Series that are not told apart by what they are made of are those of other sets.
      if (cut.groups.some(({ keys }) => keys.length > 0) && JSON.stringify([...byBatch(sets, cut, () => [])]) !== JSON.stringify(alone))
        missed += 1;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect([cuts > 5, closed > 500, missed > 3]).toEqual([true, true, true]);
});

const anyConventions = fc.record({
  sizeAt: fc.constantFrom('order' as const, 'fill' as const),
  fillAt: fc.constantFrom('nextOpen' as const, 'nextOpen' as const, 'close' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  closeAtEnd: fc.boolean(),
  lot: fc.constantFrom(null, 0.001),
  tick: fc.constantFrom(null, 0.01),
});

test('so have sets of programs with all that code is written specially for, in markets that are seldom and by other conventions', () => {
  let [cuts, closed] = [0, 0];
  fc.assert(
    fc.property(anyWideProgram, seldomColumns([31, 64, 65, 130, 300, 1060]), anySets, anyConventions, (program, columns, values, given) => {
      const conventions = { ...DEFAULT_CONVENTIONS, ...given };
      if (emitSwept(program, conventions) === null) return;
      const settings = settingsArray({ capital: CAPITAL, feeRate: 0.001, slippageRate: 0.0005, conventions }, 5, columns.close.length);
      const params = values.map(([n, k, half]) => Float64Array.of(n, k, half / 2));
      const sets = { program, columns, params, settings, conventions };
      const alone = figuresAlone(sets);
      expect([...byBatch(sets, null)]).toEqual(alone);
      for (let trial = 0; trial < SETS; trial++) closed += alone[trial * TRIAL_FIELDS + TRIAL.closed]!;
      const constants = params.map((own) => runConstants(program.graph, own, settings));
      const cut = cutSignals(
        program,
        (keys) => new Set(constants.map((own) => keys.map((id) => own[id]).join(' '))).size * 2 <= SETS,
        RING,
      );
      if (cut === null) return;
      cuts += 1;
      expect([...byBatch(sets, cut)]).toEqual(alone);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect([cuts > 5, closed > 500]).toEqual([true, true]);
});
