import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type Columns, COLUMN_NAMES, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, SIZE } from '#core/model/strategy-abi.ts';
import { emit } from '#dsl/emit/emit.ts';
import { columnsOf } from '#dsl/graph/columns.ts';
import { GraphBuilder } from '#dsl/graph/graph-builder.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns, anyPlainProgram, anyProgram } from './random-program.ts';
import { type Further, runEmitted, runInterpreted } from './three-forms.ts';

const CAPITAL = 10_000;
/** Orders fill at the close at which they are decided: what a decision at the last known bar knew shows in its fill, not in that of the bar after. */
const SETTINGS = { ...DEFAULT_SETTINGS, conventions: { ...DEFAULT_SETTINGS.conventions, fillAt: 'close' as const } };
const OTHER = { market: 'ETH/USDT', timeframe: '1h', stepMs: 3_600_000 };

interface Seen {
  readonly log: readonly number[];
  readonly equity: readonly number[];
}

type Runner = (program: Program, columns: Columns, further: Further) => Seen;

/** @param change of the emitted text, for offenders */
const byEmitted =
  (change: (text: string) => string): Runner =>
  (program, columns, further) => {
    const settings = settingsArray(SETTINGS, 0, columns.close.length);
    const params = Float64Array.from(program.params, (param) => param.value);
    const strategy = emit(program, SETTINGS.conventions);
    return runEmitted({ ...strategy, text: change(strategy.text) }, columns, params, settings, CAPITAL, [], further);
  };
const byEmittedCode = byEmitted((text) => text);

const byInterpreter: Runner = (program, columns, further) => {
  const settings = settingsArray(SETTINGS, 0, columns.close.length);
  const params = Float64Array.from(program.params, (param) => param.value);
  return runInterpreted(program, columns, params, settings, SETTINGS.conventions, CAPITAL, further);
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

/** What of the further columns is known at the close of the last bar: as live, where bars of other charts that close later are not there yet. */
function knownFurther(program: Program, columns: Columns): Further {
  const { arrays, counts } = furtherColumns(columns, program);
  const last = columns.time.length === 0 ? -Infinity : columns.time.at(-1)! + program.stepMs;
  const closesOf = (chart: number): Float64Array =>
    arrays[program.columns.findIndex((other) => other.chart === chart && other.column.kind === 'closeTime')] ?? new Float64Array();
  const known = counts.map((count, chart) => (chart === 0 ? count : closesOf(chart).filter((close) => close <= last).length));
  return { arrays: arrays.map((array, place) => array.slice(0, known[program.columns[place]!.chart])), counts: known };
}

const prefixHolds = (run: Runner, program: Program, columns: Columns, cut: number): boolean =>
  JSON.stringify(upTo(run(program, columns, furtherColumns(columns, program)), cut)) ===
  JSON.stringify(upTo(run(program, sliceColumns(columns, 0, cut), knownFurther(program, sliceColumns(columns, 0, cut))), cut));
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
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 100) },
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

/** Enters as long as a value lies above the close, and exits when not. */
function trading(value: (b: GraphBuilder) => NodeId): Program {
  const [program] = fc.sample(anyPlainProgram, { numRuns: 1, seed: 11 });
  const b = new GraphBuilder(program!.graph.charts[0]!);
  const [x, close] = [value(b), b.column('close')];
  const [entry] = program!.entries;
  const block = {
    ...entry!.block,
    size: { kind: SIZE.equityShare, value: b.constant(0.5) },
    max: null,
    min: null,
    stops: [],
    takes: [],
    trail: null,
  };
  const rule = { ...entry!, confidence: b.constant(1), block, side: 1 as const };
  const { order, reason, setup, basket, span } = rule;
  const exits = [{ side: rule.side, when: b.compare('le', x, close), fraction: b.constant(1), order, reason, setup, basket, span }];
  const entries = [{ ...rule, when: b.compare('gt', x, close) }];
  const graph = b.finish();
  return { ...program!, graph, columns: columnsOf(graph), entries, exits };
}

test.for<{ name: string; value: (b: GraphBuilder) => NodeId; written: string | RegExp; ahead: string }>([
  {
    name: 'a delay that reads the bar after',
    value: (b) => b.delay(b.column('open'), b.constant(1)),
    written: /\[i-1(\|0)?\]/g,
    ahead: '[i+1$1]',
  },
  {
    name: 'a window that ends a bar later',
    value: (b) => b.numeric('div', b.stateful('sum', [b.column('open'), b.constant(3)]), b.constant(3)),
    written: /d=c1\[i-3(\|0)?\];(s\d+)\+=v\d+-d;/g,
    ahead: 'd=c1[i-2$1];$2+=c1[i+1]-d;',
  },
  {
    name: 'a chart that runs one bar ahead',
    value: (b) => b.sample(b.numeric('mul', b.column('close', b.chart(OTHER)), b.constant(1.25)), 0, null),
    written: 't<=now',
    ahead: 't<=now+3600000',
  },
])('$name is caught by both tests', ({ value, written, ahead }) => {
  const program = trading(value);
  const honest = emit(program, SETTINGS.conventions).text;
  expect(honest.replaceAll(written, ahead)).not.toBe(honest);
  const offender = byEmitted((text) => text.replaceAll(written, ahead));
  const cases = fc.sample(fc.tuple(anyColumns, fc.nat(1000)), { numRuns: 40, seed: 5 });
  const isCaught = (holds: typeof prefixHolds, run: Runner): boolean =>
    cases.some(([columns, place]) => !holds(run, program, columns, place % (columns.close.length + 1)));
  expect([isCaught(prefixHolds, byEmittedCode), isCaught(poisonIsHarmless, byEmittedCode)]).toEqual([false, false]);
  expect([isCaught(prefixHolds, offender), isCaught(poisonIsHarmless, offender)]).toEqual([true, true]);
});
