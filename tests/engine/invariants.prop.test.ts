import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FillMatcher } from '#core/engine/fill-matcher.ts';
import { ledgerOf } from '#core/engine/ledger.ts';
import { bookingsOf, type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { INVERSE, LINEAR } from '#core/engine/valuation.ts';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { ACCOUNT, LOG_FIELDS, LOG, type RunConventions, SETTING } from '#core/model/strategy-abi.ts';
import { anyColumns, anyPlannedProgram } from '../equivalence/random-program.ts';
import { furtherColumns } from '../equivalence/further-columns.ts';
import {
  anyCostModels,
  anyIsInverse,
  type CostModels,
  LIQUIDATION_RATE,
  MAINTENANCE,
  plannedSettings,
} from '../equivalence/planned-settings.ts';
import { CAPITAL, type Outcome, runInterpreted } from '../equivalence/three-forms.ts';
import type { Program } from '#dsl/program.ts';

const anyRates = fc.record({
  feeRate: fc.constantFrom(0, 0.001),
  makerRate: fc.constantFrom(0, 0.0004),
  slippageRate: fc.constantFrom(0, 0.0005, 0.002),
});
const anyCosts: fc.Arbitrary<Costs> = fc.tuple(anyRates, anyCostModels).map(([rates, models]) => ({ ...rates, ...models }));
type Costs = CostModels & { readonly feeRate: number; readonly makerRate: number; readonly slippageRate: number };

function run(
  program: Program,
  columns: Columns,
  costs: Costs & { readonly isInverse?: boolean },
): { readonly outcome: Outcome; readonly settings: Float64Array } {
  const settings = plannedSettings(program, columns.close.length, costs);
  const params = Float64Array.from(program.params, (param) => param.value);
  return {
    outcome: runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL, furtherColumns(columns, program)),
    settings,
  };
}

const PIP = 0.0001;
/** Of hourly bars: twenty days. */
const WINDOW = 480;

/** How much worse a fill of `qty` may be, as share of the price: the formulas of docs/engine.md over all bars before it, summed up anew. */
function worstRate(costs: Costs, columns: Columns, bar: number, qty: number, before: number, refPrice: number): number {
  const { spreadRate = 0, spreadPips = 0, volumeShare = 0, squareRoot = 0 } = costs.slippage ?? {};
  const share = Math.min(1, (before + qty) / columns.volume[bar]!);
  let [weights, squares, volumes] = [0, 0, 0];
  for (let past = 1; past < bar; past++) {
    const weight = (1 - 2 / (WINDOW + 1)) ** (bar - past);
    weights += weight;
    squares += weight * (columns.close[past]! / columns.close[past - 1]! - 1) ** 2;
    volumes += weight * columns.volume[past]!;
  }
  const root = weights === 0 || squares === 0 ? 0 : Math.sqrt(squares / weights) * Math.sqrt((qty * weights) / volumes);
  const impact = Math.min(0.5, volumeShare * share * share + squareRoot * root);
  return costs.slippageRate + spreadRate / 2 + impact + (spreadPips * PIP) / 2 / refPrice;
}

const DAY_MS = 86_400_000;

/** What a run has traded, a list of days and values that is summed up anew each time. */
function traded(columns: Columns): { readonly before: (bar: number) => number; readonly add: (bar: number, value: number) => void } {
  const dayOf = (bar: number): number => Math.floor(columns.time[bar]! / DAY_MS);
  const fills: (readonly [day: number, value: number])[] = [];
  return {
    before: (bar) => fills.reduce((sum, [day, value]) => (day < dayOf(bar) && day >= dayOf(bar) - 30 ? sum + value : sum), 0),
    add: (bar, value) => fills.push([dayOf(bar), value]),
  };
}

/** A purchase that pays its fee from what it bought. */
const isPaidInBase = (fees: Costs['fees'], isOnMargin: boolean, { kind, qty }: Pick<Fill, 'kind' | 'qty'>): boolean =>
  fees?.isInBase === true && !isOnMargin && qty > 0 && (kind === 'entry' || kind === 'add');

/** What a fill may cost: as a maker or as a taker. */
function feesOf(
  { fees, feeRate, makerRate }: Costs,
  isOnMargin: boolean,
  { kind, qty, price }: Fill,
  before: number,
): { readonly fees: readonly number[]; readonly isInBase: boolean } {
  const value = Math.abs(qty) * price;
  if (kind === 'liquidation') return { fees: [value * LIQUIDATION_RATE], isInBase: false };
  if (fees?.perUnit !== undefined) return { fees: [Math.max(fees.least ?? 0, Math.abs(qty) * fees.perUnit)], isInBase: false };
  const tier = fees?.tiers?.findLast(({ from }) => before >= from) ?? { maker: makerRate, taker: feeRate };
  const isInBase = isPaidInBase(fees, isOnMargin, { kind, qty });
  // Of 1 bought, 1 - rate came in.
  return { fees: [tier.maker, tier.taker].map((rate) => (isInBase ? (value * rate) / (1 - rate) : value * rate)), isInBase };
}

const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) };

test('money is conserved: cash is the capital less what was bought and paid, in the books to the last unit', () => {
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, anyIsInverse, (program, columns, costs, isInverse) => {
      const { outcome } = run(program, columns, { ...costs, isInverse });
      const fills = fillsOf(Float64Array.from(outcome.log));
      const cash = outcome.registers[ACCOUNT.cash]!;
      const bookings = bookingsOf(Float64Array.from(outcome.log));
      const paid = ({ qty, price }: Fill): number => (isInverse ? -qty / price : qty * price);
      const spent = bookings.reduce((sum, row) => sum + (row.type === 'fill' ? paid(row) + row.fee : row.cost), 0);
      expect(Math.abs(CAPITAL - spent - cash)).toBeLessThan(1e-6 * CAPITAL);
      const ledger = ledgerOf([bookings], CAPITAL, isInverse ? INVERSE : LINEAR);
      expect(Math.abs(Number(ledger.cash) - cash)).toBeLessThanOrEqual(ledger.driftBound);
      const held = fills.reduce((sum, { qty }) => sum + qty, 0);
      expect(Math.abs(held - outcome.registers[ACCOUNT.qty]!)).toBeLessThan(1e-9 * (1 + Math.abs(held)) * (1 + fills.length));
    }),
    runs,
  );
});

test('fills lie in the range of their bar but for slippage, cost what the models say, and never turn a position over', () => {
  let [modelled, charged] = [0, 0];
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, (program, columns, costs) => {
      const { outcome } = run(program, columns, costs);
      const fills = fillsOf(Float64Array.from(outcome.log));
      const matcher = new FillMatcher();
      for (const [index, fill] of fills.entries()) matcher.take(fill, fills[index + 1]);
      const isOutside = ({ bar, refPrice }: Fill): boolean =>
        refPrice < columns.low[bar]! * (1 - 1e-12) || refPrice > columns.high[bar]! * (1 + 1e-12);
      const taken = new Map<number, number>();
      const isMispriced = (fill: Fill): boolean => {
        const { bar, qty, price, refPrice, fee } = fill;
        const worse = (Math.sign(qty) * (price - refPrice)) / refPrice;
        const before = taken.get(bar) ?? 0;
        // What a fee in the base coin took was bought as well.
        const ordered = Math.abs(qty) + (isPaidInBase(costs.fees, program.account.leverage !== null, fill) ? fee / price : 0);
        taken.set(bar, before + ordered);
        const most = worstRate(costs, columns, bar, ordered, before, refPrice);
        if (costs.slippage !== undefined && Math.abs(worse - most) < 1e-9) modelled += 1;
        // What rested in the book pays nothing, a stop-limit nothing beyond its limit.
        return worse < -1e-9 || worse > most + 1e-9;
      };
      const value = traded(columns);
      const isMischarged = (fill: Fill): boolean => {
        const before = value.before(fill.bar);
        const right = feesOf(costs, program.account.leverage !== null, fill, before);
        value.add(fill.bar, Math.abs(fill.qty) * fill.price + (right.isInBase ? fill.fee : 0));
        if (costs.fees !== undefined && before > 2 * CAPITAL) charged += 1;
        return right.fees.every((fee) => Math.abs(fee - fill.fee) > 1e-9 * (1 + fee));
      };
      expect(fills.filter((fill) => [isMispriced, isOutside, isMischarged].map((is) => is(fill)).includes(true))).toEqual([]);
    }),
    runs,
  );
  expect(modelled).toBeGreaterThan(100);
  expect(charged).toBeGreaterThan(100);
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

/** The same bars, of which those after `bar` are at prices that none before has seen. */
function jumpedAfter(columns: Columns, bar: number): Columns {
  const most = columns.high.reduce((high, price) => Math.max(high, price), 0);
  const least = columns.low.reduce((low, price) => Math.min(low, price), Infinity);
  const times = (2 * most) / least;
  const jumped = (values: Float64Array): Float64Array => values.map((price, at) => (at > bar ? price * times : price));
  const { open, high, low, close } = columns;
  return { ...columns, open: jumped(open), high: jumped(high), low: jumped(low), close: jumped(close) };
}

/** Fills at prices that were known when they were decided: on the bar of the first decision or before, or after a jump at a price of before. */
function knownFills(
  program: Program,
  columns: Columns,
  bar: number,
  conventions: RunConventions,
): { readonly known: readonly Fill[]; readonly all: number } {
  const settings = plannedSettings(program, columns.close.length, { firstBar: bar, feeRate: 0, makerRate: 0, slippageRate: 0 });
  expect(settings[SETTING.firstBar]).toBe(bar);
  const params = Float64Array.from(program.params, (param) => param.value);
  const bars = jumpedAfter(columns, bar);
  const { log } = runInterpreted(program, bars, params, settings, conventions, CAPITAL, furtherColumns(bars, program));
  const seen = columns.high.subarray(0, bar + 1).reduce((most, price) => Math.max(most, price), 0);
  const fills = fillsOf(Float64Array.from(log));
  return { known: fills.filter((fill) => fill.bar <= bar || fill.price <= seen), all: fills.length };
}

test('a decision from bar t never fills at a price known at t', () => {
  const found = { fills: 0, offender: 0 };
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, fc.nat(60), (program, columns, bar) => {
      fc.pre(bar < columns.close.length - 1);
      const { known, all } = knownFills(program, columns, bar, DEFAULT_CONVENTIONS);
      expect(known).toEqual([]);
      found.fills += all;
      // Who fills at the close that decided is found.
      found.offender += knownFills(program, columns, bar, { ...DEFAULT_CONVENTIONS, fillAt: 'close' }).known.length;
    }),
    runs,
  );
  expect(found.fills).toBeGreaterThan(50);
  expect(found.offender).toBeGreaterThan(3);
});

test('the orders of a bar take no more than their share of its volume; what the venue liquidates is no order', () => {
  let full = 0;
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyCosts, (program, columns, costs) => {
      fc.pre(costs.participation !== undefined);
      const fills = fillsOf(Float64Array.from(run(program, columns, costs).outcome.log)).filter(({ kind }) => kind !== 'liquidation');
      for (const [bar, list] of Map.groupBy(fills, (fill) => fill.bar)) {
        const taken = list.reduce((sum, { qty }) => sum + Math.abs(qty), 0);
        const offered = costs.participation * columns.volume[bar]!;
        expect(taken).toBeLessThanOrEqual(offered * (1 + 1e-8 * list.length));
        if (taken > offered * (1 - 1e-9)) full += 1;
      }
    }),
    runs,
  );
  expect(full).toBeGreaterThan(50);
});

test('no order is worth less than the minimum notional, and none leaves a position worth less', () => {
  let partial = 0;
  const anyLeast = fc.constantFrom(10, 500, 4000);
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyRates, anyLeast, (program, columns, rates, minNotional) => {
      let held = 0;
      for (const { kind, qty, refPrice } of fillsOf(Float64Array.from(run(program, columns, { ...rates, minNotional }).outcome.log))) {
        held += qty;
        // The last fill of a position leaves what rounding does.
        const isFlat = Math.abs(held) < 1e-9 * Math.abs(qty);
        if (isFlat) held = 0;
        const isMore = kind === 'entry' || kind === 'add';
        if (!isMore && !isFlat) partial += 1;
        const least = isMore ? Math.abs(qty) : isFlat ? Infinity : Math.min(Math.abs(qty), Math.abs(held));
        expect(least * refPrice).toBeGreaterThan(minNotional * (1 - 1e-9));
      }
    }),
    runs,
  );
  expect(partial).toBeGreaterThan(10);
});

const onMargin = (isIsolated: boolean): fc.Arbitrary<Program> =>
  anyPlannedProgram.filter(({ account }) => account.leverage !== null && (account.margin === 'isolated') === isIsolated);

test('a position on cross margin has its maintenance margin behind it at every close', () => {
  let held = 0;
  fc.assert(
    fc.property(onMargin(false), anyColumns, anyCosts, (program, columns, costs) => {
      const { outcome } = run(program, columns, costs);
      const fills = fillsOf(Float64Array.from(outcome.log));
      for (const [bar, close] of columns.close.entries()) {
        const qty = fills.filter((fill) => fill.bar <= bar).reduce((sum, fill) => sum + fill.qty, 0);
        if (Math.abs(qty) < 1e-9) continue;
        held += 1;
        const value = Math.abs(qty) * close;
        const parts = MAINTENANCE.map(
          ({ from, rate }, place) => rate * Math.max(0, Math.min(value, MAINTENANCE[place + 1]?.from ?? Infinity) - from),
        );
        expect(outcome.equity[bar]).toBeGreaterThan(parts.reduce((sum, part) => sum + part, 0));
      }
    }),
    runs,
  );
  expect(held).toBeGreaterThan(300);
});

test('a position on isolated margin costs no more than the margin of its entries, whatever closes it', () => {
  const reached: number[] = [];
  fc.assert(
    fc.property(onMargin(true), anyColumns, anyCosts, (program, columns, costs) => {
      let [qty, gained, margin] = [0, 0, 0];
      for (const row of bookingsOf(Float64Array.from(run(program, columns, costs).outcome.log))) {
        if (row.type === 'charge') {
          gained -= row.cost;
          continue;
        }
        const isMore = row.kind === 'entry' || row.kind === 'add';
        if (isMore) margin += (Math.abs(row.qty) * row.price) / program.account.leverage!;
        // The fee of an entry is paid beside the margin.
        gained -= row.qty * row.price + (isMore ? 0 : row.fee);
        qty += row.qty;
        if (Math.abs(qty) > 1e-9) continue;
        expect(gained).toBeGreaterThan(-margin - 1e-6);
        if (gained < -0.9 * margin) reached.push(gained);
        [qty, gained, margin] = [0, 0, 0];
      }
    }),
    runs,
  );
  expect(reached.length).toBeGreaterThan(10);
});
