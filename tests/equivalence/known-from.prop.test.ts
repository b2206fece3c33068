import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnList, type Columns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { knownFrom } from '#dsl/emit/known-from.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import { callTexts } from '#dsl/prelude/testing/every-function.ts';
import { barColumns, hostColumn, plottedPrograms } from '#dsl/prelude/testing/series-values.ts';
import type { Program } from '#dsl/program.ts';
import { BAR_KINDS, seedsOf } from './indicators/bar-kinds.ts';
import { furtherColumns } from './further-columns.ts';
import { seldomColumns } from './random-columns.ts';
import { anyColumns, anyPlainProgram, anyWideProgram } from './random-program.ts';

/** Nodes that were na at a bar from which on they are said to be known, or beyond what they are said to be at any; how many of the nodes are said so. */
function broken(
  program: Program,
  columns: Columns,
  further: readonly Float64Array[],
): { readonly wrong: readonly string[]; readonly sure: number } {
  const { nodes } = program.graph;
  const sure = knownFrom(program);
  const evaluator = new GraphEvaluator(
    program,
    Float64Array.from(program.params, ({ value }) => value),
    new Float64Array(SETTING_FIELDS),
  );
  const list = columnList(columns, further);
  const account = new Float64Array(ACCOUNT_FIELDS).fill(Number.NaN);
  const wrong: string[] = [];
  for (let bar = 0; bar < columns.time.length; bar += 1) {
    evaluator.step(bar, list, account);
    for (const [id, node] of nodes.entries()) {
      const value = evaluator.values[id]!;
      const said = node.rate === 'series' ? (sure[id] ?? null) : null;
      if (said !== null && !(Number.isNaN(value) ? bar < said.bar : Math.abs(value) <= 10 ** said.power))
        wrong.push(`${node.op} ${id} at bar ${bar}: ${value}`);
    }
  }
  return { wrong, sure: nodes.filter(({ rate }, id) => rate === 'series' && sure[id] !== null).length };
}

test('what is said to be known is, in random programs', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(anyPlainProgram, anyWideProgram), fc.oneof(anyColumns, seldomColumns()), (program, columns) => {
      const { wrong, sure } = broken(program, columns, furtherColumns(columns, program).arrays);
      expect(wrong.slice(0, 3)).toEqual([]);
      count += sure;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect(count).toBeGreaterThan(200);
});

test.each(Object.keys(BAR_KINDS))('what is said to be known is, in every function of the prelude, on bars of the kind "%s"', (kind) => {
  const bars = BAR_KINDS[kind]!(seedsOf(kind.length, 90));
  const columns = barColumns(bars);
  for (const program of plottedPrograms(callTexts('close', 'close > open'))) {
    const further = program.columns.map((column) => hostColumn(column, columns, bars));
    expect(broken(program, columns, further).wrong.slice(0, 3)).toEqual([]);
  }
});
