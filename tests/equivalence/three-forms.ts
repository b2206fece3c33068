import {
  ACCOUNT,
  ACCOUNT_FIELDS,
  type CompiledStrategy,
  LOG_FIELDS,
  LOG_ROWS_PER_BAR,
  type RunConventions,
} from '#core/model/strategy-abi.ts';
import { rowLength, type TradePlan } from '#core/model/trade-plan.ts';
import { COLUMN_NAMES, columnList, type Columns } from '#core/model/columns.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { fundingPlace } from '#dsl/graph/columns.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import type { Program } from '#dsl/program.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';

export const CAPITAL = 10_000;

export interface Outcome {
  readonly log: readonly number[];
  readonly equity: readonly number[];
  readonly registers: readonly number[];
  /** One row a bar; empty for `run`, which keeps them to itself. */
  readonly decisions: readonly number[];
  /** Account at each close, one array a register. */
  readonly accounts: readonly Float64Array[];
}

/** Columns besides candles, and the number of bars of each chart. */
export interface Further {
  readonly arrays: readonly Float64Array[];
  readonly counts: readonly number[];
}

const NO_FURTHER: Further = { arrays: [], counts: [0] };

type Entries = {
  readonly run: (
    lo: number,
    hi: number,
    C: Float64Array[],
    P: Float64Array,
    K: Float64Array,
    S: Float64Array,
    B: Float64Array,
    E: Float64Array,
    F: Float64Array,
    N: readonly number[],
    X?: TradingEngine,
  ) => number;
  readonly decide: (
    lo: number,
    hi: number,
    C: Float64Array[],
    P: Float64Array,
    K: Float64Array,
    S: Float64Array,
    A: readonly Float64Array[],
    D: Float64Array,
    M: number,
    N: readonly number[],
  ) => void;
};

type Six = [number, number, number, number, number, number];

/** Evaluates emitted text on the host: what an isolate does, without the isolate. */
export function load(strategy: CompiledStrategy): Entries {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
  return new Function(`return ${strategy.text}`)() as Entries;
}

/** `run` over the given chunks; `cuts` are bar indexes where one call ends and the next begins. */
export function runEmitted(
  strategy: CompiledStrategy,
  columns: Columns,
  params: Float64Array,
  settings: Float64Array,
  capital: number,
  cuts: readonly number[],
  further: Further = NO_FURTHER,
  inner: InnerBars | null = null,
): Outcome {
  const rows = columns.close.length;
  const { run } = load(strategy);
  const state = new Float64Array(strategy.stateSlots);
  const { plan, engine: conventions } = strategy;
  const registers = conventions === null ? openRegisters(capital) : openTradingRegisters(plan, capital);
  const engine = conventions === null ? undefined : new TradingEngine(plan, settings, conventions, registers, inner);
  const equity = new Float64Array(rows);
  const log: number[] = [];
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (rows + 1)), rows])].toSorted((a, b) => a - b);
  for (const [index, lo] of edges.slice(0, -1).entries()) {
    const hi = edges[index + 1]!;
    const buffer = new Float64Array((hi - lo) * LOG_ROWS_PER_BAR * LOG_FIELDS);
    const list = columnList(columns, further.arrays);
    const count = run(lo, hi, list, params, settings, state, registers, equity, buffer, further.counts, engine);
    log.push(...buffer.subarray(0, count * LOG_FIELDS), ...(engine?.drainLog() ?? []));
  }
  return { log, equity: [...equity], registers: [...registers], decisions: [], accounts: [] };
}

/** The paper path: the engine on the host, a row a bar from `decide`. */
export function trade(
  plan: TradePlan,
  columns: Columns,
  settings: Float64Array,
  conventions: RunConventions,
  capital: number,
  decide: (index: number, account: Float64Array) => Float64Array,
  rates: Float64Array | null = null,
  inner: InnerBars | null = null,
): Outcome {
  const registers = openTradingRegisters(plan, capital);
  const engine = new TradingEngine(plan, settings, conventions, registers, inner);
  const equity: number[] = [];
  const log: number[] = [];
  const decisions: number[] = [];
  const accounts = Array.from({ length: ACCOUNT_FIELDS }, () => new Float64Array(columns.close.length));
  for (let index = 0; index < columns.close.length; index++) {
    const [time, open, high, low, close, volume] = COLUMN_NAMES.map((name) => columns[name][index]!) as Six;
    engine.openBar(index, time, open, high, low, close, volume, rates?.[index]);
    engine.mark(close);
    const account = registers.slice(0, ACCOUNT_FIELDS);
    for (const [register, column] of accounts.entries()) column[index] = account[register]!;
    const row = decide(index, account);
    decisions.push(...row);
    engine.decide(index, row);
    equity.push(registers[ACCOUNT.equity]!);
    log.push(...engine.drainLog());
  }
  return { log, equity, registers: [...registers], decisions, accounts };
}

export function runInterpreted(
  program: Program,
  columns: Columns,
  params: Float64Array,
  settings: Float64Array,
  conventions: RunConventions,
  capital: number,
  further: Further = NO_FURTHER,
  inner: InnerBars | null = null,
): Outcome {
  const interpreter = new RowInterpreter(program, params, settings);
  const list = columnList(columns, further.arrays);
  const { plan } = tradePlanOf(program);
  const decide = (index: number, account: Float64Array): Float64Array => interpreter.decide(index, list, account);
  return trade(plan, columns, settings, conventions, capital, decide, fundingRates(program, columns, further), inner);
}

/** The funding rate that the data have for each bar; null where a program pays none by them. */
export function fundingRates(program: Program, columns: Columns, { arrays }: Further): Float64Array | null {
  const place = fundingPlace(program);
  return place === null ? null : columnList(columns, arrays)[place]!;
}

/** Most bars of other charts that close within one bar of the traded one. */
function mostAtOnce(now: Float64Array, closes: readonly Float64Array[]): number {
  let most = 0;
  for (const others of closes) {
    let from = 0;
    for (const time of now) {
      let next = from;
      while (next < others.length && others[next]! <= time) next += 1;
      most = Math.max(most, next - from);
      from = next;
    }
  }
  return most;
}

/**
 * Emitted `decide`, one bar a call, driving the engine; its columns are the smallest rings that its look-back allows, and bars of other charts come when they
 * close.
 */
export function runDecided(
  strategy: CompiledStrategy,
  columns: Columns,
  params: Float64Array,
  settings: Float64Array,
  conventions: RunConventions,
  capital: number,
  further: Further = NO_FURTHER,
  rates: Float64Array | null = null,
): Outcome {
  const { decide } = load(strategy);
  const state = new Float64Array(strategy.stateSlots);
  const all = columnList(columns, further.arrays);
  const chartOf = (place: number): number => strategy.columns[place - COLUMN_NAMES.length]?.chart ?? 0;
  const closesOf = (chart: number): Float64Array =>
    all[COLUMN_NAMES.length + strategy.columns.findIndex((other) => other.chart === chart && other.column.kind === 'closeTime')]!;
  const others = strategy.columns.flatMap(({ chart, column }) => (chart > 0 && column.kind === 'closeTime' ? [closesOf(chart)] : []));
  const size = 2 ** Math.ceil(Math.log2(strategy.lookBack + 1 + (others.length > 0 ? mostAtOnce(closesOf(0), others) : 0)));
  const rings = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(size));
  const accounts = rings(ACCOUNT_FIELDS);
  const kept = rings(all.length);
  const counts = further.counts.map(() => 0);
  return trade(
    strategy.plan,
    columns,
    settings,
    conventions,
    capital,
    (index, account) => {
      for (const [register, ring] of accounts.entries()) ring[index % size] = account[register]!;
      for (const chart of counts.keys()) {
        const isReady = (bar: number): boolean =>
          chart === 0 ? bar <= index : bar < further.counts[chart]! && closesOf(chart)[bar]! <= closesOf(0)[index]!;
        for (; isReady(counts[chart]!); counts[chart]! += 1) {
          const bar = counts[chart]!;
          for (const [place, ring] of kept.entries()) if (chartOf(place) === chart) ring[bar % size] = all[place]![bar]!;
        }
      }
      const row = new Float64Array(rowLength(strategy.plan));
      decide(index, index + 1, kept, params, settings, state, accounts, row, size - 1, counts);
      return row;
    },
    rates,
  );
}

/** Emitted `decide` over all bars at once, from account columns that a run produced. */
export function decideAll(
  strategy: CompiledStrategy,
  columns: Columns,
  params: Float64Array,
  settings: Float64Array,
  accounts: readonly Float64Array[],
  further: Further = NO_FURTHER,
): number[] {
  const rows = new Float64Array(columns.close.length * rowLength(strategy.plan));
  load(strategy).decide(
    0,
    columns.close.length,
    columnList(columns, further.arrays),
    params,
    settings,
    new Float64Array(strategy.stateSlots),
    accounts,
    rows,
    -1,
    further.counts,
  );
  return [...rows];
}
