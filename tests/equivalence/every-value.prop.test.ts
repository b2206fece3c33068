import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type Columns, columnList } from '#core/model/columns.ts';
import { ACCOUNT, ACCOUNT_FIELDS, SIZE } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { emit } from '#dsl/emit/emit.ts';
import { columnsOf } from '#dsl/graph/columns.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import { GraphBuilder } from '#dsl/graph/graph-builder.ts';
import { COMPARE_OPS, LOGIC_OPS, type NodeId, NUMERIC_OPS, type Op, STATEFUL_OPS } from '#dsl/graph/node.ts';
import { reach } from '#dsl/graph/reach.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { seldomColumns } from './random-columns.ts';
import { anyColumns, anyPlainProgram, anyProgram, anyWideProgram } from './random-program.ts';
import { type Further, load } from './three-forms.ts';

/** A program whose rows hold the value of a node: it enters at every bar, and orders that much. */
function telling(program: Program, node: NodeId): Program {
  const always = program.graph.nodes.findIndex(({ op, isCondition }, id) => op === 'const' && isCondition && valueOf(program, id) === 1);
  const [entry] = program.entries;
  const block = { ...entry!.block, size: { kind: SIZE.quantity, value: node }, max: null, min: null, stops: [], takes: [], trail: null };
  return { ...program, entries: [{ ...entry!, when: always, block }], exits: [] };
}

function valueOf({ graph }: Program, id: NodeId): number {
  const node = graph.nodes[id]!;
  return node.op === 'const' ? node.value : Number.NaN;
}

/** Registers of an account without a position, made up. */
function flatAccounts(rows: number): Float64Array[] {
  return Array.from({ length: ACCOUNT_FIELDS }, (_, register) =>
    Float64Array.from({ length: rows }, (_unused, bar) => (register === ACCOUNT.qty ? 0 : ((bar * 7919 + register * 104_729) % 1000) / 8)),
  );
}

/** @param change of the emitted text, for offenders */
function emittedValues(
  program: Program,
  columns: Columns,
  settings: Float64Array,
  further: Further,
  cuts: readonly number[],
  change = (text: string): string => text,
): number[] {
  const strategy = emit(program, DEFAULT_CONVENTIONS);
  const { decide } = load({ ...strategy, text: change(strategy.text) });
  const rows = columns.close.length;
  const params = Float64Array.from(program.params, ({ value }) => value);
  const state = new Float64Array(strategy.stateSlots);
  const list = columnList(columns, further.arrays);
  const { plan } = strategy;
  const [width, told] = [rowLength(plan), plan.blocks[0]!.size.value];
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (rows + 1)), rows])].toSorted((a, b) => a - b);
  return edges.slice(0, -1).flatMap((lo, index) => {
    const hi = edges[index + 1]!;
    const decisions = new Float64Array((hi - lo) * width);
    decide(lo, hi, list, params, settings, state, flatAccounts(rows), decisions, -1, further.counts);
    return Array.from({ length: hi - lo }, (_, row) => decisions[row * width + told]!);
  });
}

function evaluatedValues(program: Program, node: NodeId, columns: Columns, settings: Float64Array, further: Further): number[] {
  const params = Float64Array.from(program.params, ({ value }) => value);
  const evaluator = new GraphEvaluator(program, params, settings);
  const accounts = flatAccounts(columns.close.length);
  const list = columnList(columns, further.arrays);
  return Array.from(columns.close, (_, bar) => {
    evaluator.step(
      bar,
      list,
      Float64Array.from(accounts, (column) => column[bar]!),
    );
    return evaluator.values[node]!;
  });
}

/** Nodes of the traded chart that are made of others, those that are made of most of a few drawn ones. */
function drawnNodes({ graph }: Program, place: number): NodeId[] {
  const candidates = [...graph.nodes.keys()].filter((id) => {
    const { op, rate, chart, args } = graph.nodes[id]!;
    // A machine has no value of its own.
    return rate === 'series' && chart === 0 && args.length > 0 && op !== 'machine';
  });
  const sizeOf = (id: NodeId): number => reach(graph, [id]).size;
  const drawn = (from: number): NodeId[] =>
    Array.from({ length: 6 }, (_, k) => candidates[(place + (from + k) * 7919) % candidates.length]!);
  return [0, 6].map((from) => drawn(from).reduce((best, id) => (sizeOf(id) > sizeOf(best) ? id : best)));
}

test('every value of a graph is the same in emitted code and by its definition, to the last bit', () => {
  const seen = new Map<Op, number>();
  let bars = 0;
  let defined = 0;
  const anyPlace = fc.noBias(fc.nat(10_000));
  const anyCase = fc.oneof({ weight: 3, arbitrary: fc.tuple(anyProgram, anyColumns) }, fc.tuple(anyWideProgram, seldomColumns()));
  const anyCuts = fc.array(fc.nat(200), { maxLength: 4 });
  fc.assert(
    fc.property(anyCase, anyPlace, anyCuts, ([program, columns], place, cuts) => {
      const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
      for (const node of drawnNodes(program, place)) {
        const told = telling(program, node);
        const further = furtherColumns(columns, told);
        const expected = evaluatedValues(told, node, columns, settings, further);
        expect(emittedValues(told, columns, settings, further, cuts)).toEqual(expected);
        bars += expected.length;
        defined += expected.filter((value) => !Number.isNaN(value)).length;
        for (const id of reach(program.graph, [node])) {
          const { op } = program.graph.nodes[id]!;
          seen.set(op, (seen.get(op) ?? 0) + 1);
        }
      }
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 450) },
  );
  // Where nothing is defined or an operator is missing, agreement says nothing.
  expect(defined / bars).toBeGreaterThan(0.3);
  const others = ['select', 'self', 'loop', 'sample', 'unit', 'barIndex', 'account', 'column', 'param'] as const;
  const all: readonly Op[] = [...NUMERIC_OPS, ...COMPARE_OPS, ...LOGIC_OPS, ...STATEFUL_OPS, ...others];
  expect(all.filter((op) => (seen.get(op) ?? 0) < 3)).toEqual([]);
});

const FOUR_HOURS = { market: null, timeframe: '4h', stepMs: 14_400_000 };
const length = (b: GraphBuilder): NodeId => b.constant(4);
const ofWindow =
  (op: 'weightedSum' | 'meanDeviation' | 'percentRank' | 'highestAge'): ((b: GraphBuilder) => NodeId) =>
  (b) =>
    b.stateful(op, [b.numeric('sub', b.column('close'), b.column('open')), length(b)]);

test.for<{ name: string; value: (b: GraphBuilder) => NodeId; written: string; wrong: string }>([
  { name: 'a weight', value: ofWindow('weightedSum'), written: 't+=k*', wrong: 't+=(k-1)*' },
  { name: 'the window of a mean', value: ofWindow('meanDeviation'), written: 'k<=n', wrong: 'k<n' },
  { name: 'a rank among equals', value: ofWindow('percentRank'), written: '<=x', wrong: '<x' },
  { name: 'the age of equals', value: ofWindow('highestAge'), written: '<=x)t--', wrong: '<x)t--' },
  {
    name: 'the sign of a zero that the window holds most often',
    value: (b) => b.stateful('mode', [b.numeric('neg', b.account('qty')), length(b)]),
    written: 'best+0',
    wrong: 'best',
  },
  {
    name: 'a total that gains a little',
    value: (b) => {
      const { self, loop } = b.self(false);
      return b.loop(loop, self, b.numeric('add', self, b.column('close')), b.column('open'));
    },
    written: '+v',
    wrong: '+1e-9+v',
  },
  {
    name: 'a chart that counts a bar before it closed',
    value: (b) => b.sample(b.barIndex(b.chart(FOUR_HOURS)), 0, null),
    written: 't<=now',
    wrong: 't<=now+3600000',
  },
  {
    name: 'the age of what another chart said',
    value: (b) => b.sample(b.column('close', b.chart(FOUR_HOURS)), 0, 7_200_000),
    written: '>7200000',
    wrong: '>7200001+3600000',
  },
])('$name that is emitted wrongly is found', ({ value, written, wrong }) => {
  const [plain] = fc.sample(anyPlainProgram, { numRuns: 1, seed: 11 });
  const b = new GraphBuilder(plain!.graph.charts[0]!);
  const [node, always, one] = [value(b), b.truth(1), b.constant(1)];
  const graph = b.finish();
  const entry = { ...plain!.entries[0]!, when: always, confidence: one };
  const program = telling({ ...plain!, graph, columns: columnsOf(graph), entries: [entry] }, node);
  const isFound = (change: (text: string) => string): boolean =>
    fc.sample(anyColumns, { numRuns: 60, seed: 4 }).some((columns) => {
      const settings = settingsArray(DEFAULT_SETTINGS, 0, columns.close.length);
      const further = furtherColumns(columns, program);
      const expected = evaluatedValues(program, node, columns, settings, further);
      return emittedValues(program, columns, settings, further, [], change).some((x, bar) => !Object.is(x, expected[bar]));
    });
  expect(isFound((text) => text)).toBe(false);
  expect(isFound((text) => text.replaceAll(written, wrong))).toBe(true);
});
