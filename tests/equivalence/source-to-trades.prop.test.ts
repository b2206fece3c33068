import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { foreignParts } from './emitted-syntax.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns } from './random-program.ts';
import { anySource } from './random-source.ts';
import { runDecided, runEmitted, runInterpreted } from './three-forms.ts';

test('random strategy texts give the same decisions, fills and equity in all three forms', () => {
  const compiler = createCompiler();
  let fills = 0;
  fc.assert(
    fc.property(anySource, anyColumns, fc.array(fc.nat(200), { maxLength: 4 }), (source, columns, cuts) => {
      const { program, diagnostics } = compiler.compile(source);
      expect(diagnostics.filter((diagnostic) => diagnostic.severity === 'error')).toEqual([]);
      if (program === null) return;
      const settings = settingsArray(
        { capital: 10_000, feeRate: 0.001, slippageRate: 0.0005, conventions: DEFAULT_CONVENTIONS },
        5,
        columns.close.length,
      );
      const params = Float64Array.from(program.params, (param) => param.value);
      const further = furtherColumns(columns, program);
      const strategy = emit(program, DEFAULT_CONVENTIONS);
      expect(foreignParts(strategy.text)).toEqual([]);
      const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, 10_000, further);
      const emitted = runEmitted(strategy, columns, params, settings, 10_000, cuts, further);
      expect(emitted.log).toEqual(oracle.log);
      expect(emitted.equity).toEqual(oracle.equity);
      const decided = runDecided(strategy, columns, params, settings, DEFAULT_CONVENTIONS, 10_000, further);
      expect(decided.decisions).toEqual(oracle.decisions);
      expect(decided.log).toEqual(oracle.log);
      fills += oracle.log.length;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 200) },
  );
  expect(fills).toBeGreaterThan(1000);
});
