import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { columnList } from '#core/model/columns.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emitSeries } from '#dsl/emit/emit-series.ts';
import { emit } from '#dsl/emit/emit.ts';
import { cutSignals } from '#dsl/emit/signal-cut.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { reach } from '#dsl/graph/reach.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns } from './random-program.ts';
import { anySource } from './random-source.ts';
import { runEmitted } from './three-forms.ts';

type Series = (...given: unknown[]) => void;

/** Whether a node is made of one of these params. */
const dependsOn = ({ graph }: Program, keys: readonly NodeId[], params: readonly number[]): boolean =>
  [...reach(graph, keys)].some((id) => {
    const node = graph.nodes[id]!;
    return node.op === 'param' && params.includes(node.index);
  });

test('a program that reads what its params do not change from columns trades as the whole one, to the last bit', () => {
  const compiler = createCompiler();
  let [cuts, fills] = [0, 0];
  const anyValues = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }));
  fc.assert(
    fc.property(anySource, anyColumns, fc.subarray([0, 1, 2]), anyValues, (source, columns, varying, [n, k, half]) => {
      const { program } = compiler.compile(source);
      const cut = program === null ? null : cutSignals(program, (keys) => !dependsOn(program, keys, varying));
      if (program === null || cut === null) return;
      const settings = settingsArray(
        { capital: 10_000, feeRate: 0.001, slippageRate: 0.0005, conventions: DEFAULT_CONVENTIONS },
        5,
        columns.close.length,
      );
      const further = furtherColumns(columns, program);
      const at = (values: readonly number[]): Float64Array =>
        Float64Array.from(program.params, ({ name, value }) => values[['n', 'k', 'x'].indexOf(name)] ?? value);
      const own = at([n, k, half / 2]);
      // The series are computed with other values of what varies: they must not look at these.
      const other = own.map((value, index) => (varying.includes(index) ? program.params[index]!.min : value));
      const signals = cut.groups.flatMap((group) => {
        const { text, stateSlots } = emitSeries(group.signals, cut.mask);
        // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
        const { series } = new Function(`return ${text}`)() as { readonly series: Series };
        const results = Array.from({ length: group.count }, () => new Float64Array(cut.mask + 1));
        const list = columnList(columns, further.arrays);
        series(0, columns.close.length, list, other, settings, new Float64Array(stateSlots), results, further.counts);
        return results;
      });
      const whole = runEmitted(emit(program, DEFAULT_CONVENTIONS), columns, own, settings, 10_000, [], further);
      const rest = runEmitted(emit(cut.rest, DEFAULT_CONVENTIONS), columns, own, settings, 10_000, [7, 30], {
        ...further,
        arrays: [...further.arrays, ...signals],
      });
      expect(rest.log).toEqual(whole.log);
      expect(rest.equity).toEqual(whole.equity);
      cuts += 1;
      fills += whole.log.length;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 120) },
  );
  expect([cuts > 8, fills > 50]).toEqual([true, true]);
});
