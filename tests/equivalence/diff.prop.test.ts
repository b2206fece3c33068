import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { diffRuns } from '#core/runtime/diff/diff-runs.ts';
import { type DiffedRun, runPositions } from '#core/runtime/diff/run-positions.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { mutantsOf } from '#dsl/tools/mutate/mutants.ts';
import { marketOf } from '../engine/candle-run.ts';
import { anyColumns } from './random-program.ts';
import { anySource } from './random-source.ts';

const compiler = createCompiler();
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 15), endOnFailure: true };

/** null: the text is no strategy. */
async function runOf(source: string, columns: Parameters<typeof marketOf>[1]): Promise<DiffedRun | null> {
  const prepared = prepareStrategy(compiler, source, 'a.strat', { capital: 10_000, feeRate: 0.001, slippageRate: 0.0005 });
  if (!prepared.ok) return null;
  const result = await backtest(
    prepared.value,
    marketOf(prepared.value.program.markets[0]!, columns),
    { ...DEFAULT_LIMITS, seed: null },
    {},
  );
  return { result, prepared: prepared.value };
}

/** A sum of decimals by whole numbers: none of the code under test. */
function sumOf(signed: readonly (readonly [1 | -1, string])[]): bigint {
  const DIGITS = 200;
  const units = (text: string): bigint => {
    const [, sign, whole, rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
    return BigInt(`${sign}${whole}${rest.padEnd(DIGITS, '0')}`);
  };
  return signed.reduce((sum, [sign, text]) => sum + BigInt(sign) * units(text), 0n);
}

/** Another random strategy, or the same with one of its rules changed. */
const anyPair = fc.oneof(
  fc.tuple(anySource, anySource),
  fc.tuple(anySource, fc.nat()).map(([source, place]) => {
    const mutants = mutantsOf(source);
    return [source, mutants[place % Math.max(1, mutants.length)]?.text ?? source] as const;
  }),
);

test('what appears, vanishes and changes leads from one profit to the other, to the last digit', async () => {
  let [traded, differed] = [0, 0];
  await fc.assert(
    fc.asyncProperty(anyPair, anyColumns, async ([first, second], columns) => {
      const [a, b] = [await runOf(first, columns), await runOf(second, columns)];
      if (a === null || b === null) return;
      const { reconciliation: sums, trades, rules } = diffRuns(a, b);
      const way = sumOf([
        [1, sums.profitA],
        ...trades.appeared.map(({ profit }) => [1, profit] as const),
        ...trades.vanished.map(({ profit }) => [-1, profit] as const),
        ...trades.changed.flatMap((one) => [[1, one.b.profit] as const, [-1, one.a.profit] as const]),
        [-1, sums.profitB],
      ]);
      expect(way).toBe(0n);
      for (const [run, profit] of [
        [a, sums.profitA],
        [b, sums.profitB],
      ] as const) {
        expect(sumOf([...runPositions(run).map((position) => [1, position.profit] as const), [-1, profit]])).toBe(0n);
        expect(Number(profit)).toBe(run.result.document.metrics.netProfit);
      }
      // Equal programs trade alike.
      expect(rules.length > 0 || a.result.document.resultHash === b.result.document.resultHash).toBe(true);
      if (trades.common + trades.changed.length + trades.vanished.length > 2) traded += 1;
      if (trades.appeared.length + trades.changed.length > 0) differed += 1;
    }),
    runs,
  );
  expect(Math.min(traded, differed)).toBeGreaterThan(runs.numRuns / 8);
});

test('a strategy differs in nothing from itself, written otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(anySource, anyColumns, async (source, columns) => {
      const renamed = source.replaceAll(/\blet ([a-z]\w*)/g, (_, name: string) => `# of ${name}\n\n  let ${name}`).replaceAll('(', '( ');
      const [a, b] = [await runOf(source, columns), await runOf(renamed, columns)];
      if (a === null || b === null) return;
      const { rules, params, trades, isSame, reconciliation } = diffRuns(a, b);
      expect([rules, params, trades.appeared, trades.vanished, trades.changed, isSame]).toEqual([[], [], [], [], [], true]);
      expect([reconciliation.appeared, reconciliation.vanished, reconciliation.changed]).toEqual(['0', '0', '0']);
    }),
    runs,
  );
});
