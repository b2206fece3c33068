import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { ACCOUNT, ACCOUNT_FIELDS, BROKER_FIELDS, LOG_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { rowLength, type TradePlan } from '#core/model/trade-plan.ts';

/** A plan without rules, for rows of `valueCount` values. */
export function planOf(valueCount: number): TradePlan {
  return {
    valueCount,
    stepMs: 60_000,
    blocks: [],
    entries: [],
    exits: [],
    setupCount: 0,
    limits: [],
    guards: [],
    clock: null,
    kellyTrades: 0,
    universe: null,
    maxLeverage: null,
  };
}

const MEAN_PLAN = planOf(3);

/**
 * Hand-made strategies for tests of the sandbox; the compiler's output has the same form. `meanText` keeps a recursive mean
 * of the closes in state, so that a lost, doubled or reordered bar changes all later bits:
 *
 * - state 0: mean m += (close - m) * P[0], from the first close; state 1: bars seen; state 2: sum of the equities seen.
 * - run: one log row a bar whose index divides by P[1]: (1, bar, m, close, open, K[0], -1); equity = cash + m.
 * - decide: index % 3, m * equity / bars seen, the sum of the equities seen.
 */
const MEAN_TEXT = `({
  run(lo, hi, C, P, K, S, B, E, F) {
    const open = C[1], close = C[4];
    let m = S[0], seen = S[1], rows = 0;
    for (let i = lo; i < hi; i += 1) {
      m = seen === 0 ? close[i] : m + (close[i] - m) * P[0];
      seen += 1;
      E[i] = B[${ACCOUNT.cash}] + m;
      if (i % P[1] === 0) {
        const at = rows * ${LOG_FIELDS};
        F[at] = 1; F[at + 1] = i; F[at + 2] = m; F[at + 3] = close[i]; F[at + 4] = open[i]; F[at + 5] = K[0]; F[at + 6] = -1;
        rows += 1;
      }
    }
    S[0] = m; S[1] = seen; B[0] = m;
    return rows;
  },
  decide(lo, hi, C, P, K, S, A, D, M) {
    const close = C[4], equity = A[${ACCOUNT.equity}];
    let m = S[0], seen = S[1], sum = S[2];
    for (let i = lo; i < hi; i += 1) {
      m = seen === 0 ? close[i & M] : m + (close[i & M] - m) * P[0];
      seen += 1;
      sum += equity[i & M];
      const at = (i - lo) * ${rowLength(MEAN_PLAN)};
      D[at] = i % 3;
      D[at + 1] = m * equity[i & M] / seen;
      D[at + 2] = sum;
    }
    S[0] = m; S[1] = seen; S[2] = sum;
  },
})`;

export const meanStrategy: CompiledStrategy = {
  text: MEAN_TEXT,
  plan: MEAN_PLAN,
  engine: null,
  stateSlots: 3,
  paramCount: 2,
  lookBack: 0,
  columns: [],
};
export const meanParams = Float64Array.of(0.1, 5);
export const noSettings = new Float64Array(SETTING_FIELDS);

/** A strategy whose run and decide execute `body` first, with all their arguments in scope (`lo`, `hi`, `C`, ...). */
export function strategyDoing(body: string): CompiledStrategy {
  return {
    text: `({ run(lo, hi, C, P, K, S, B, E, F) { ${body}; return 0 }, decide(lo, hi, C, P, K, S, A, D, M) { ${body} } })`,
    plan: planOf(2),
    engine: null,
    stateSlots: 4,
    paramCount: 2,
    lookBack: 0,
    columns: [],
  };
}

/** The mean strategy that executes `body` on bar `index` before it decides. */
export function meanStrategyDoing(index: number, body: string): CompiledStrategy {
  const text = MEAN_TEXT.replace('sum += equity[i & M];', `if (i === ${index}) { ${body} } sum += equity[i & M];`);
  return { ...meanStrategy, text };
}

/** Bars of a made-up walk; the same for the same seed (linear congruential generator of Numerical Recipes). */
export function walk(rows: number, seed = 1): Columns {
  const columns = sharedColumns(rows);
  let state = seed;
  let price = 100;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < rows; i += 1) {
    const open = price;
    price *= 1 + (next() - 0.5) / 50;
    columns.time[i] = i * 60_000;
    columns.open[i] = open;
    columns.high[i] = Math.max(open, price) * (1 + next() / 100);
    columns.low[i] = Math.min(open, price) * (1 - next() / 100);
    columns.close[i] = price;
    columns.volume[i] = next() * 1000;
  }
  return columns;
}

export function barAt(columns: Columns, index: number): Bar {
  const [time, open, high, low, close, volume] = COLUMN_NAMES.map((name) => columns[name][index] ?? Number.NaN);
  if (time === undefined || open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined) {
    throw new RangeError(`no bar ${index}`);
  }
  return { time, open, high, low, close, volume };
}

/** An account row that differs from bar to bar in every register. */
export function accountAt(index: number): Float64Array {
  return Float64Array.from({ length: ACCOUNT_FIELDS }, (_, register) => 1000 * (register + 1) + Math.sqrt(index + 1));
}

export function initialRegisters(cash = 10_000): Float64Array {
  const registers = new Float64Array(BROKER_FIELDS);
  registers[ACCOUNT.cash] = cash;
  return registers;
}

/** The rows that `meanStrategy` must give, computed here bar by bar. */
export function meanDecisions(columns: Columns, alpha: number): Float64Array[] {
  let mean = columns.close[0] ?? Number.NaN;
  let sum = 0;
  return Array.from(columns.close, (close, i) => {
    if (i > 0) mean += (close - mean) * alpha;
    const equity = accountAt(i)[ACCOUNT.equity] ?? Number.NaN;
    sum += equity;
    const row = new Float64Array(rowLength(MEAN_PLAN));
    row[0] = i % 3;
    row[1] = (mean * equity) / (i + 1);
    row[2] = sum;
    return row;
  });
}
