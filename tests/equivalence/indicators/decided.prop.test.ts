import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { columnList } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import { EVERY_VALUE } from '#dsl/prelude/testing/every-function.ts';
import { withInputs } from '#dsl/prelude/testing/function-calls.ts';
import { stepOf, walk } from '#dsl/prelude/testing/price-walk.ts';
import { barColumns, hostColumn } from '#dsl/prelude/testing/series-values.ts';
import { foreignParts } from '../emitted-syntax.ts';
import { load } from '../three-forms.ts';

const anySteps = fc.array(fc.nat(2 ** 30), { minLength: 60, maxLength: 90 }).map((seeds) => seeds.map(stepOf));
const compiler = createCompiler();

/** A function as the size of an order on every bar, in the form that its unit asks for, so that its values are in the rows. */
function sizedBy(text: string) {
  // An amount that is never above zero is refused.
  const value = text.startsWith('williams_r') ? `-${text}` : `(${text})`;
  const programs = [value, `${value} * 1 BTC`, `${value} / close * 1 BTC`].map((size) =>
    compiler.compile(`strat 1\nstrategy "values"\ntrade BTC/USDT on 1h\nenter long when close > 0\nsize ${size}\n`),
  );
  const program = programs.find((compilation) => compilation.program !== null)?.program ?? null;
  if (program === null) throw new Error(`${text}: ${JSON.stringify(programs.map(({ diagnostics }) => diagnostics))}`);
  const strategy = emit(program, DEFAULT_CONVENTIONS);
  return { text, program, strategy, decide: load(strategy).decide };
}

test('every function of the prelude has the bits of the interpreter as the size of an order, in any slices', () => {
  // Gaps in the source, and conditions that are unknown.
  const firsts = EVERY_VALUE.filter(({ name }, place) => EVERY_VALUE[place - 1]?.name !== name);
  const forms = firsts.map(({ text }) =>
    sizedBy(withInputs(text, '(if volume == 0 then na else close)', '(if close == open then na else close > open)')),
  );
  for (const { text, strategy } of forms) expect([text, ...foreignParts(strategy.text)]).toEqual([text]);
  let known = 0;
  fc.assert(
    fc.property(anySteps, fc.array(fc.nat(90), { maxLength: 3 }), (steps, cuts) => {
      const bars = walk(steps);
      const columns = barColumns(bars);
      const rows = steps.length;
      const [params, settings] = [new Float64Array(), settingsArray(DEFAULT_SETTINGS, 0, rows)];
      const accounts = Array.from({ length: ACCOUNT_FIELDS }, () => new Float64Array(rows));
      const edges = [...new Set([0, ...cuts.map((cut) => cut % rows), rows])].toSorted((a, b) => a - b);
      for (const { text, program, strategy, decide } of forms) {
        const width = rowLength(strategy.plan);
        const sized = strategy.plan.blocks[0]!.size.value;
        const list = columnList(
          columns,
          program.columns.map((column) => hostColumn(column, columns, bars)),
        );
        const interpreter = new RowInterpreter(program, params, settings);
        const expected = Array.from({ length: rows }, (_, bar) => [
          ...interpreter.decide(bar, list, new Float64Array(ACCOUNT_FIELDS)),
        ]).flat();
        const state = new Float64Array(strategy.stateSlots);
        const found = new Float64Array(rows * width);
        for (const [place, lo] of edges.slice(0, -1).entries()) {
          const hi = edges[place + 1]!;
          decide(lo, hi, list, params, settings, state, accounts, found.subarray(lo * width, hi * width), -1, [rows]);
        }
        expect([text, ...found]).toEqual([text, ...expected]);
        known += expected.filter((value, field) => field % width === sized && Math.abs(value) > 0).length;
      }
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 3) },
  );
  expect(known).toBeGreaterThan(5000);
});
