import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type Columns, COLUMN_NAMES, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { emit } from '#dsl/emit/emit.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns, anyProgram } from './random-program.ts';
import { type Further, runEmitted, runInterpreted } from './three-forms.ts';

const CAPITAL = 10_000;

interface Seen {
  readonly log: readonly number[];
  readonly equity: readonly number[];
}

type Runner = (program: Program, columns: Columns, further: Further) => Seen;

const byEmittedCode: Runner = (program, columns, further) => {
  const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
  const params = Float64Array.from(program.params, (param) => param.value);
  return runEmitted(emit(program, DEFAULT_SETTINGS.conventions), columns, params, settings, CAPITAL, [], further);
};

const byInterpreter: Runner = (program, columns, further) => {
  const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
  const params = Float64Array.from(program.params, (param) => param.value);
  return runInterpreted(program, columns, params, settings, DEFAULT_SETTINGS.conventions, CAPITAL, further);
};

/** What a run says of bars [0, to). */
function upTo({ log, equity }: Seen, to: number): Seen {
  const rows: number[] = [];
  for (let at = 0; at < log.length; at += LOG_FIELDS) if (log[at + LOG.bar]! < to) rows.push(...log.slice(at, at + LOG_FIELDS));
  return { log: rows, equity: equity.slice(0, to) };
}

/** The columns with every bar from `from` on replaced by noise. */
function poisoned(columns: Columns, from: number): Columns {
  const copy = sharedColumns(columns.close.length);
  for (const name of COLUMN_NAMES) copy[name].set(columns[name]);
  for (let i = from; i < columns.close.length; i++) {
    const low = 1 + ((i * 7919) % 997);
    copy.low[i] = low;
    copy.open[i] = low * 2;
    copy.close[i] = low * 3;
    copy.high[i] = low * 4;
    copy.volume[i] = i * 1e6;
  }
  return copy;
}

/** The further columns with everything replaced by noise that is not known before bar `from` of the traded chart: its own rows, and bars of other charts that close later. */
function poisonedFurther(program: Program, columns: Columns, { arrays, counts }: Further, from: number): Further {
  const known = from === 0 ? -Infinity : columns.time[from - 1]! + program.stepMs;
  const closesOf = (chart: number): Float64Array =>
    arrays[program.columns.findIndex((other) => other.chart === chart && other.column.kind === 'closeTime')] ?? new Float64Array();
  const noise = (place: number): Float64Array => {
    const { chart, column } = program.columns[place]!;
    if (column.kind === 'closeTime') return arrays[place]!;
    return arrays[place]!.map((value, bar) =>
      (chart === 0 ? bar < from : closesOf(chart)[bar]! <= known) ? value : 1 + ((bar * 7919) % 997),
    );
  };
  return { arrays: arrays.map((_, place) => noise(place)), counts };
}

const prefixHolds = (run: Runner, program: Program, columns: Columns, cut: number): boolean =>
  JSON.stringify(upTo(run(program, columns, furtherColumns(columns, program)), cut)) ===
  JSON.stringify(upTo(run(program, sliceColumns(columns, 0, cut), furtherColumns(sliceColumns(columns, 0, cut), program)), cut));
const poisonIsHarmless = (run: Runner, program: Program, columns: Columns, cut: number): boolean => {
  const further = furtherColumns(columns, program);
  const changed = run(program, poisoned(columns, cut), poisonedFurther(program, columns, further, cut));
  return JSON.stringify(upTo(run(program, columns, further), cut)) === JSON.stringify(upTo(changed, cut));
};

const anyCase = fc
  .tuple(anyProgram, anyColumns, fc.nat(1000))
  .map(([program, columns, place]) => ({ program, columns, cut: place % (columns.close.length + 1) }));

test.for([
  { name: 'emitted code', run: byEmittedCode },
  { name: 'the interpreter', run: byInterpreter },
])('$name: a result on bars 0..n does not change when more come, nor with what they are', ({ run }) => {
  fc.assert(
    fc.property(anyCase, ({ program, columns, cut }) => {
      expect(prefixHolds(run, program, columns, cut)).toBe(true);
      expect(poisonIsHarmless(run, program, columns, cut)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

/** An offender: a run that knows the last close of the data. */
const leaky: Runner = (program, columns, further) => {
  const seen = byEmittedCode(program, columns, further);
  const last = columns.close.at(-1) ?? 0;
  return { log: seen.log, equity: seen.equity.map((value) => value + last) };
};

test('a run that looks ahead is caught by both tests', () => {
  const { program, columns } = fc.sample(anyCase, { numRuns: 1, seed: 3 })[0]!;
  const cut = Math.floor(columns.close.length / 2);
  expect(prefixHolds(leaky, program, columns, cut)).toBe(false);
  expect(poisonIsHarmless(leaky, program, columns, cut)).toBe(false);
});
