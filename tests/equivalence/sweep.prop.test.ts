import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type CompileOptions, createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { tradingRoots } from '#dsl/emit/usage.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns } from './random-program.ts';
import { anySource } from './random-source.ts';
import { runEmitted } from './three-forms.ts';

/** Values of the params of random sources, within the ranges that they declare. */
const anyValues = fc.record({
  n: fc.integer({ min: 1, max: 9 }),
  k: fc.integer({ min: 0, max: 5 }),
  x: fc.integer({ min: 1, max: 5 }).map((half) => half / 2),
});
const RANGES = new Map([
  ['n', { low: 1, high: 9, whole: true }],
  ['k', { low: 0, high: 5, whole: true }],
  ['x', { low: 0.5, high: 2.5, whole: false }],
]);
const compiler = createCompiler();

test.each([
  { what: 'that the file declares ranges for', withRanges: true },
  { what: 'that have no range in the file', withRanges: false },
])('a program runs with other values of params $what as one that was compiled with them, to the last bit', ({ withRanges }) => {
  let fills = 0;
  fc.assert(
    fc.property(anySource, anyColumns, anyValues, (text, columns, values) => {
      const source = withRanges ? text : text.replaceAll(/^(\s*param \w+ = \S+) in .*$/gm, '$1');
      const settings = settingsArray(
        { capital: 10_000, feeRate: 0.001, slippageRate: 0.0005, conventions: DEFAULT_CONVENTIONS },
        5,
        columns.close.length,
      );
      const strategyOf = (options: CompileOptions) => {
        const { program, diagnostics } = compiler.compile(source, options);
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        return { program: program!, strategy: emit(program!, DEFAULT_CONVENTIONS) };
      };
      const set = new Map(Object.entries(values).map(([name, value]) => [name, String(value)]));
      const own = strategyOf({ set });
      const swept = strategyOf(withRanges ? {} : { ranges: RANGES });
      // What it may hold at most is then that of the widest range; core/runtime/sweep/why-plain.ts has such a program compiled for each set.
      if (!withRanges && swept.strategy.engine !== null && swept.strategy.plan.maxLeverage !== null) return;
      const params = Float64Array.from(own.program.params, (param) => param.value);
      expect([...params]).toEqual(own.program.params.map(({ name }) => values[name as keyof typeof values]));
      const [one, all] = [own, swept].map(({ program, strategy }) =>
        runEmitted(strategy, columns, params, settings, 10_000, [], furtherColumns(columns, program)),
      );
      expect(all!.log).toEqual(one!.log);
      expect(all!.equity).toEqual(one!.equity);
      const [warm, wide] = [own, swept].map(({ program }) =>
        warmUpBars(program.graph, runConstants(program.graph, params, settings), tradingRoots(program), 'settled'),
      );
      expect(wide).toBe(warm);
      fills += one!.log.length;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 150) },
  );
  expect(fills).toBeGreaterThan(500);
});
