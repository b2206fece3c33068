import {
  ACCOUNT_FIELDS,
  type CompiledStrategy,
  DECISION_FIELDS,
  LOG,
  LOG_FIELDS,
  LOG_ROWS_PER_BAR,
  type RunConventions,
} from '#core/model/strategy-abi.ts';
import { COLUMN_NAMES, columnList, type Columns } from '#core/model/columns.ts';
import { Broker, openRegisters } from '#core/engine/broker.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { barAt } from '#core/runtime/feeds/bar-feed.ts';
import { DecisionInterpreter } from '#dsl/graph/decision.ts';
import type { Program } from '#dsl/program.ts';

export interface Outcome {
  readonly log: readonly number[];
  readonly equity: readonly number[];
  readonly registers: readonly number[];
  /** One row a bar; empty for `run`, which keeps its orders to itself. */
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

/** Evaluates emitted text on the host: what an isolate does, without the isolate. */
export function load(strategy: CompiledStrategy): Entries {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
  return new Function(`return ${strategy.text}`)() as Entries;
}

/** Rows sorted by their bars; those of one bar stay in order. */
function inBarOrder(log: readonly number[]): readonly number[] {
  const rows = Array.from({ length: log.length / LOG_FIELDS }, (_, row) => log.slice(row * LOG_FIELDS, (row + 1) * LOG_FIELDS));
  return rows.toSorted((a, b) => a[LOG.bar]! - b[LOG.bar]!).flat();
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
): Outcome {
  const rows = columns.close.length;
  const { run } = load(strategy);
  const state = new Float64Array(strategy.stateSlots);
  const { planned } = strategy;
  const registers = planned === undefined ? openRegisters(capital) : openTradingRegisters(planned.plan, capital);
  const engine = planned === undefined ? undefined : new TradingEngine(planned.plan, settings, planned.conventions, registers);
  const equity = new Float64Array(rows);
  const log: number[] = [];
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (rows + 1)), rows])].toSorted((a, b) => a - b);
  for (const [index, lo] of edges.slice(0, -1).entries()) {
    const hi = edges[index + 1]!;
    const buffer = new Float64Array((hi - lo) * LOG_ROWS_PER_BAR * LOG_FIELDS);
    const list = columnList(columns, further.arrays);
    const count = run(lo, hi, list, params, settings, state, registers, equity, buffer, further.counts, engine);
    log.push(...inBarOrder([...buffer.subarray(0, count * LOG_FIELDS), ...(engine?.drainLog() ?? [])]));
  }
  return { log, equity: [...equity], registers: [...registers], decisions: [], accounts: [] };
}

/** The paper path: a broker on the host, a decision per bar from `decide`. */
export function runWithBroker(
  columns: Columns,
  settings: Float64Array,
  conventions: RunConventions,
  capital: number,
  decide: (index: number, account: Float64Array) => Float64Array,
): Outcome {
  const registers = openRegisters(capital);
  const broker = new Broker(settings, conventions, registers);
  const equity: number[] = [];
  const log: number[] = [];
  const decisions: number[] = [];
  const accounts = Array.from({ length: ACCOUNT_FIELDS }, () => new Float64Array(columns.close.length));
  for (let index = 0; index < columns.close.length; index++) {
    const bar = barAt(columns, index);
    broker.openBar(index, bar);
    broker.closeBar(bar);
    const account = broker.account().slice();
    for (const [register, column] of accounts.entries()) column[index] = account[register]!;
    const decision = decide(index, account);
    decisions.push(...decision);
    broker.takeDecision(index, bar, decision);
    equity.push(registers[6]!);
    log.push(...broker.drainLog());
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
): Outcome {
  const interpreter = new DecisionInterpreter(program, params, settings);
  const list = columnList(columns, further.arrays);
  return runWithBroker(columns, settings, conventions, capital, (index, account) => interpreter.decide(index, list, account));
}

/** Bars of other charts that may close within one bar of the traded one, in these tests. */
const MOST_AT_ONCE = 64;

/**
 * Emitted `decide`, one bar a call, driving the broker; its columns are the smallest rings that its look-back allows, and bars of other charts come when they
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
): Outcome {
  const { decide } = load(strategy);
  const state = new Float64Array(strategy.stateSlots);
  const size = 2 ** Math.ceil(Math.log2(strategy.lookBack + 1 + (further.counts.length > 1 ? MOST_AT_ONCE : 0)));
  const rings = (count: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(size));
  const accounts = rings(ACCOUNT_FIELDS);
  const all = columnList(columns, further.arrays);
  const kept = rings(all.length);
  const chartOf = (place: number): number => strategy.columns[place - COLUMN_NAMES.length]?.chart ?? 0;
  const closesOf = (chart: number): Float64Array =>
    all[COLUMN_NAMES.length + strategy.columns.findIndex((other) => other.chart === chart && other.column.kind === 'closeTime')]!;
  const counts = further.counts.map(() => 0);
  return runWithBroker(columns, settings, conventions, capital, (index, account) => {
    for (const [register, ring] of accounts.entries()) ring[index % size] = account[register]!;
    for (const chart of counts.keys()) {
      const isReady = (bar: number): boolean =>
        chart === 0 ? bar <= index : bar < further.counts[chart]! && closesOf(chart)[bar]! <= closesOf(0)[index]!;
      for (; isReady(counts[chart]!); counts[chart]! += 1) {
        const bar = counts[chart]!;
        for (const [place, ring] of kept.entries()) if (chartOf(place) === chart) ring[bar % size] = all[place]![bar]!;
      }
    }
    const row = new Float64Array(DECISION_FIELDS);
    decide(index, index + 1, kept, params, settings, state, accounts, row, size - 1, counts);
    return row;
  });
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
  const rows = new Float64Array(columns.close.length * DECISION_FIELDS);
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
