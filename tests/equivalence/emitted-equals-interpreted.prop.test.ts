import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Conventions, DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import type { Columns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, LOG_FIELDS, LOG_KIND, type RunConventions } from '#core/model/strategy-abi.ts';
import { emit } from '#dsl/emit/emit.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { MANY_ROWS, seldomColumns } from './random-columns.ts';
import { anyColumns, anyProgram, anyWideProgram } from './random-program.ts';
import { CAPITAL, decideAll, runDecided, runEmitted, runInterpreted } from './three-forms.ts';

const anyConventions = fc.record({
  sizeAt: fc.constantFrom('order' as const, 'fill' as const),
  fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
  opposite: fc.constantFrom('ignore' as const, 'ignore' as const, 'ignore' as const, 'reverse' as const),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  closeAtEnd: fc.boolean(),
  lot: fc.constantFrom(null, 1, 0.1, 0.001, 0.03),
  tick: fc.constantFrom(null, 0.01, 0.5, 0.03),
});

const anyCosts = fc.record({ feeRate: fc.constantFrom(0, 0.001, 0.001, 0.02), slippageRate: fc.constantFrom(0, 0.0005, 0.0005, 0.1) });
interface Costs {
  readonly feeRate: number;
  readonly slippageRate: number;
}
/** The first bar on which an order may be decided: soon, behind all windows, behind all bars, and where no 32 bits hold it. */
const anyFirstBar = fc.oneof({ weight: 6, arbitrary: fc.nat(20) }, fc.constantFrom(0, 70, 1e6, 3e9, 1e13));

/** All forms of a run. @returns the log, and how many forms had loops that watch besides those that `run` has of itself */
function compareForms(
  program: Program,
  columns: Columns,
  settings: Float64Array,
  conventions: RunConventions,
  cuts: readonly number[],
): { readonly log: readonly number[]; readonly forms: number } {
  const params = Float64Array.from(program.params, (param) => param.value);
  const further = furtherColumns(columns, program);
  const strategy = emit(program, conventions);
  const oracle = runInterpreted(program, columns, params, settings, conventions, CAPITAL, further);
  const emitted = runEmitted(strategy, columns, params, settings, CAPITAL, cuts, further);
  expect(emitted.log).toEqual(oracle.log);
  expect(emitted.equity).toEqual(oracle.equity);
  expect(emitted.registers.slice(0, ACCOUNT_FIELDS)).toEqual(oracle.registers.slice(0, ACCOUNT_FIELDS));
  const split = runEmitted(emit(program, conventions, false, 5), columns, params, settings, CAPITAL, cuts, further);
  expect(split).toEqual(emitted);
  // A plain program by its plan, as where costs ask for the engine.
  const planned = runEmitted(emit(program, conventions, true), columns, params, settings, CAPITAL, cuts, further);
  expect(planned.log).toEqual(oracle.log);
  expect(planned.equity).toEqual(oracle.equity);
  // Loops that watch in functions of their own, however short they are, and all in one.
  const [apart, inOne] = [0, Infinity].map((fewest) => emit(program, conventions, false, undefined, fewest));
  const forms = apart!.text === inOne!.text ? [] : [apart!, inOne!];
  for (const form of forms) expect(runEmitted(form, columns, params, settings, CAPITAL, cuts, further)).toEqual(emitted);
  const decided = runDecided(strategy, columns, params, settings, conventions, CAPITAL, further);
  expect(decided.decisions).toEqual(oracle.decisions);
  expect(decided.log).toEqual(oracle.log);
  expect(decideAll(strategy, columns, params, settings, oracle.accounts, further)).toEqual(oracle.decisions);
  return { log: oracle.log, forms: forms.length };
}

const settingsOf = ([firstBar, costs]: readonly [number, Costs], conventions: Partial<Conventions>, rows: number): Float64Array =>
  settingsArray({ capital: CAPITAL, ...costs, makerRate: 0.0004, conventions: { ...DEFAULT_CONVENTIONS, ...conventions } }, firstBar, rows);

test('run with its broker inlined, decide with the engine, and the interpreter with the engine agree to the last bit, however the bars are cut', () => {
  const seen = new Map<number, number>();
  let forms = 0;
  fc.assert(
    fc.property(
      fc.oneof(anyProgram, anyWideProgram),
      fc.oneof({ weight: 2, arbitrary: anyColumns }, { weight: 1, arbitrary: seldomColumns() }),
      anyConventions,
      fc.array(fc.nat(200), { maxLength: 6 }),
      fc.tuple(anyFirstBar, anyCosts),
      (program, columns, conventions, cuts, run) => {
        const settings = settingsOf(run, conventions, columns.close.length);
        const { log, forms: compared } = compareForms(program, columns, settings, conventions, cuts);
        forms += compared;
        for (let row = 0; row < log.length; row += LOG_FIELDS) seen.set(log[row]!, (seen.get(log[row]!) ?? 0) + 1);
      },
    ),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 400) },
  );
  expect(forms).toBeGreaterThan(100);
  // Programs that never trade would agree about nothing: every kind that a strategy can cause must have been there.
  const names = ['entry', 'exit', 'stop', 'trail', 'take', 'ambiguous', 'end', 'droppedInvalid', 'droppedTooSmall', 'cutToCash'] as const;
  expect(names.filter((name) => (seen.get(LOG_KIND[name]) ?? 0) < 20)).toEqual([]);
});

test('so they do over more bars than a piece of series, a chunk of a run and a block of time hold', () => {
  let fills = 0;
  fc.assert(
    fc.property(
      anyWideProgram,
      seldomColumns(MANY_ROWS),
      anyConventions,
      fc.array(fc.nat(5000), { maxLength: 4 }),
      fc.tuple(anyFirstBar, anyCosts),
      (program, columns, conventions, cuts, run) => {
        fills += compareForms(program, columns, settingsOf(run, conventions, columns.close.length), conventions, cuts).log.length;
      },
    ),
    { numRuns: Math.ceil(Number(process.env['STRAT_FC_RUNS'] ?? 400) / 50) },
  );
  expect(fills).toBeGreaterThan(100);
});
