import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FillMatcher } from '#core/engine/fill-matcher.ts';
import { ledgerOf } from '#core/engine/ledger.ts';
import { type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { ACCOUNT, LOG_FIELDS, LOG, SETTING } from '#core/model/strategy-abi.ts';
import { anyColumns, anyPlannedProgram } from '../equivalence/random-program.ts';
import { furtherColumns } from '../equivalence/further-columns.ts';
import { CAPITAL, type Outcome, runOracle } from '../equivalence/planned-oracle.ts';
import type { Program } from '#dsl/program.ts';

const anyCosts = fc.record({
  feeRate: fc.constantFrom(0, 0.001),
  makerRate: fc.constantFrom(0, 0.0004),
  slippageRate: fc.constantFrom(0, 0.0005),
});
type Costs = { readonly feeRate: number; readonly makerRate: number; readonly slippageRate: number };

function run(program: Program, columns: Columns, costs: Costs): { readonly outcome: Outcome; readonly settings: Float64Array } {
  const settings = settingsArray({ capital: CAPITAL, ...costs, conventions: DEFAULT_CONVENTIONS }, 0, columns.close.length);
  const params = Float64Array.from(program.params, (param) => param.value);
  return { outcome: runOracle(program, columns, params, settings, DEFAULT_CONVENTIONS, furtherColumns(columns, program)), settings };
}

const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) };

test('money is conserved: cash is the capital less what was bought and paid, in the books to the last unit', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, (program, columns, costs) => {
      const { outcome } = run(program, columns, costs);
      const fills = fillsOf(Float64Array.from(outcome.log));
      const cash = outcome.registers[ACCOUNT.cash]!;
      const spent = fills.reduce((sum, { qty, price, fee }) => sum + qty * price + fee, 0);
      expect(Math.abs(CAPITAL - spent - cash)).toBeLessThan(1e-6 * CAPITAL);
      const ledger = ledgerOf(fills, CAPITAL);
      expect(Math.abs(Number(ledger.cash) - cash)).toBeLessThanOrEqual(ledger.driftBound);
      const held = fills.reduce((sum, { qty }) => sum + qty, 0);
      expect(Math.abs(held - outcome.registers[ACCOUNT.qty]!)).toBeLessThan(1e-9 * (1 + Math.abs(held)) * (1 + fills.length));
    }),
    runs,
  );
});

test('fills lie in the range of their bar but for slippage, cost what the models say, and never turn a position over', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, (program, columns, costs) => {
      const { outcome } = run(program, columns, costs);
      const fills = fillsOf(Float64Array.from(outcome.log));
      const matcher = new FillMatcher();
      for (const [index, fill] of fills.entries()) matcher.take(fill, fills[index + 1]);
      const isOutside = ({ bar, refPrice }: Fill): boolean =>
        refPrice < columns.low[bar]! * (1 - 1e-12) || refPrice > columns.high[bar]! * (1 + 1e-12);
      const isMispriced = ({ qty, price, refPrice }: Fill): boolean => {
        const worse = (Math.sign(qty) * (price - refPrice)) / refPrice;
        return worse < -1e-9 || worse > costs.slippageRate + 1e-9;
      };
      const isMischarged = ({ qty, price, fee }: Fill): boolean =>
        [costs.feeRate, costs.makerRate].every((rate) => Math.abs(Math.abs(qty) * price * rate - fee) > 1e-9 * (1 + fee));
      expect(fills.filter((fill) => isOutside(fill) || isMispriced(fill) || isMischarged(fill))).toEqual([]);
    }),
    runs,
  );
});

test('what was done does not depend on the bars that follow', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, fc.nat(100), (program, columns, costs, percent) => {
      const rows = columns.close.length;
      const kept = Math.floor((rows * percent) / 100);
      const [whole, part] = [run(program, columns, costs).outcome, run(program, sliceColumns(columns, 0, kept), costs).outcome];
      const before = whole.log.filter((_, at) => whole.log[at - (at % LOG_FIELDS) + LOG.bar]! < kept);
      expect(part.log).toEqual(before);
      expect(part.equity).toEqual(whole.equity.slice(0, kept));
    }),
    runs,
  );
});

test('a decision never fills on its own bar', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, fc.nat(60), (program, columns, firstBar) => {
      const settings = settingsArray(
        { capital: CAPITAL, feeRate: 0, slippageRate: 0, conventions: DEFAULT_CONVENTIONS },
        firstBar,
        columns.close.length,
      );
      expect(settings[SETTING.firstBar]).toBe(firstBar);
      const params = Float64Array.from(program.params, (param) => param.value);
      const { log } = runOracle(program, columns, params, settings, DEFAULT_CONVENTIONS, furtherColumns(columns, program));
      expect(fillsOf(Float64Array.from(log)).filter(({ bar }) => bar <= firstBar)).toEqual([]);
    }),
    runs,
  );
});
