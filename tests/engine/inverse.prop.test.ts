import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookingsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { ACCOUNT, SETTING } from '#core/model/strategy-abi.ts';
import { anyCostModels, LIQUIDATION_RATE, MAINTENANCE, plannedSettings } from '../equivalence/planned-settings.ts';
import { furtherColumns } from '../equivalence/further-columns.ts';
import { anyColumns, anyPlannedProgram } from '../equivalence/random-program.ts';
import { CAPITAL, runInterpreted } from '../equivalence/three-forms.ts';

/** Contracts that were bought (or, below zero, sold) at a price. */
interface Lot {
  contracts: number;
  readonly price: number;
}

/** An account by the words of venues: what contracts earn is N * (1 / entry - 1 / exit), the oldest are closed first; coins come and go by nothing else. */
class CoinAccount {
  coins = CAPITAL;
  readonly lots: Lot[] = [];

  trade(contracts: number, price: number): void {
    let left = contracts;
    while (left !== 0 && this.lots.length > 0 && Math.sign(this.lots[0]!.contracts) !== Math.sign(left)) {
      const lot = this.lots[0]!;
      const closed = Math.sign(lot.contracts) * Math.min(Math.abs(lot.contracts), Math.abs(left));
      this.coins += closed * (1 / lot.price - 1 / price);
      lot.contracts -= closed;
      left += closed;
      if (lot.contracts === 0) this.lots.shift();
    }
    if (left !== 0) this.lots.push({ contracts: left, price });
  }

  get contracts(): number {
    return this.lots.reduce((sum, lot) => sum + lot.contracts, 0);
  }

  /** What rounding leaves when all was closed is nothing. */
  clear(): void {
    this.lots.length = 0;
  }

  equityAt(price: number): number {
    return this.lots.reduce((sum, lot) => sum + lot.contracts * (1 / lot.price - 1 / price), this.coins);
  }
}

/** Each part of a value at the rate of its tier, and what closing costs. */
function need(value: number): number {
  const parts = MAINTENANCE.map(({ from, rate }, at) => Math.max(0, Math.min(value, MAINTENANCE[at + 1]?.from ?? Infinity) - from) * rate);
  return parts.reduce((sum, part) => sum + part, value * LIQUIDATION_RATE);
}

test('an account of inverse contracts is at every close what its fills make of it by the formula of venues, and has its maintenance margin', () => {
  let [trades, liquidations] = [0, 0];
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCostModels, (program, columns, costs) => {
      const settings = plannedSettings(program, columns.close.length, { ...costs, isInverse: true });
      const params = Float64Array.from(program.params, (param) => param.value);
      const further = furtherColumns(columns, program);
      const outcome = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, further);
      const bookings = bookingsOf(Float64Array.from(outcome.log));
      const account = new CoinAccount();
      let next = 0;
      for (const [bar, close] of columns.close.entries()) {
        for (let row = bookings[next]; row?.bar === bar; row = bookings[++next]) {
          if (row.type === 'fill') {
            account.trade(row.qty, row.price);
            account.coins -= row.fee;
            if (Math.abs(account.contracts) < 1e-9 * Math.abs(row.qty)) account.clear();
            trades += 1;
            if (row.kind === 'liquidation') liquidations += 1;
          } else account.coins -= row.cost;
        }
        const equity = account.equityAt(close);
        expect(Math.abs(equity - outcome.equity[bar]!)).toBeLessThan(1e-8 * CAPITAL);
        // Fees by unit are no part of the margin: those of closing, or of closing a part as the bar had no more volume, may cost more than there is.
        const isBound = program.account.margin !== 'isolated' && account.contracts !== 0 && settings[SETTING.feePerUnit] === 0;
        const least = isBound ? need(Math.abs(account.contracts) / close) : -Infinity;
        expect(equity - least).toBeGreaterThan(-1e-8 * CAPITAL);
      }
      expect(Math.abs(account.contracts - outcome.registers[ACCOUNT.qty]!)).toBeLessThan(1e-6 * (1 + Math.abs(account.contracts)));
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect(trades).toBeGreaterThan(500);
  expect(liquidations).toBeGreaterThan(3);
});
