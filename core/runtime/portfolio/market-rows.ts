import { settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import { barSource } from '#core/data/columns/program-columns.ts';
import { barAt } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { BLOCK_ROWS } from '#core/sandbox/decide-driver.ts';
import { type DeciderOptions, type Deciders, openDeciders } from '#core/sandbox/decider.ts';
import { type HistoryRows, joinedRows, packBars, packRow } from '#core/sandbox/history-rows.ts';
import { openProcessDecider } from '#core/sandbox/process-decider.ts';
import { tradingRoots } from '#dsl/emit/usage.ts';
import { columnPlan, sourcesOf } from '../further-columns.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { RowTails } from '../row-tails.ts';

/** What a strategy gives for the bars of one market, one after the other. */
export interface MarketRows {
  /**
   * The row of a bar, at once where it is there; each bar is to be asked for once, in order.
   * @param account as the strategy sees it at the close of the bar
   */
  readonly next: (index: number, account: () => Float64Array) => Float64Array | Promise<Float64Array>;
  readonly close: () => Promise<void>;
}

const NOBODY = new Float64Array(ACCOUNT_FIELDS);

/** Bars that a strategy is shown before the first that it is asked for, with the account at the close of each. */
export interface ShownBars {
  readonly count: number;
  readonly account: (index: number) => Float64Array;
}

type Limits = DeciderOptions['limits'] & { readonly signal?: AbortSignal };

/** What a strategy gives on all of its markets. */
export interface StrategyRows {
  /**
   * @param shown the first of the bars: they are history
   * @param ranks what `rank(x)` is on each bar, by its number
   * @throws StratError SANDBOX_*
   */
  readonly open: (data: MarketData, shown?: ShownBars, ranks?: readonly Float64Array[]) => Promise<MarketRows>;
  /** Ends what is open. */
  readonly close: () => void;
}

/**
 * Opens an isolate for the markets of a strategy; where code of strangers takes part, each of them gets a runner.
 * @throws StratError SANDBOX_*
 */
export function openStrategyRows(prepared: PreparedStrategy, limits: Limits, markets: number): StrategyRows {
  const deciders = prepared.program.plugins.length > 0 ? null : openDeciders(prepared.compiled, limits, markets);
  return {
    open: async (data, shown, ranks) => openMarketRows(prepared, data, limits, deciders, shown, ranks),
    close: () => deciders?.dispose(),
  };
}

/** @param deciders null = code of strangers takes part */
async function openMarketRows(
  prepared: PreparedStrategy,
  data: MarketData,
  limits: Limits,
  deciders: Deciders | null,
  shown: ShownBars = { count: 0, account: () => NOBODY },
  ranks?: readonly Float64Array[],
): Promise<MarketRows> {
  const { program, compiled, params } = prepared;
  const rows = data.columns.time.length;
  const settings = settingsArray(settingsOn(prepared.settings, data.market), Math.max(prepared.warmUpBars, data.fromIndex), rows);
  const tails = new RowTails(columnPlan(prepared, data.timeframe, ranks), sourcesOf(data.others));
  const source = barSource(data.columns, data.further);
  const tailOf = (index: number): Float64Array => tails.next(source(index)!);
  if (deciders === null) {
    const history = shownRows(shown, (index) => packRow(barAt(data.columns, index), shown.account(index), tailOf(index)));
    const { decide, close } = await openProcessDecider(compiled, { params, settings, limits }, limits.signal, history);
    return { next: async (index, account) => decide(index, barAt(data.columns, index), account(), tailOf(index)), close };
  }
  const decider = deciders.open({ params, settings });
  const close = async (): Promise<void> => decider.dispose();
  const packed = (from: number, to: number, account: (index: number) => Float64Array): Float64Array =>
    joinedRows(
      Array.from({ length: to - from }, (_, at) => packRow(barAt(data.columns, from + at), account(from + at), tailOf(from + at))),
    );
  for (let at = 0; at < shown.count; at += BLOCK_ROWS)
    await decider.catchUp(packed(at, Math.min(shown.count, at + BLOCK_ROWS), shown.account));
  const { nodes } = program.graph;
  if (tradingRoots(program).some((root) => nodes[root]!.usesAccount))
    return { next: (index, account) => decider.step(packRow(barAt(data.columns, index), account(), tailOf(index))).slice(), close };
  // A strategy that looks at no account gives the same rows in blocks, with one crossing of the isolate's border for many bars.
  const length = rowLength(compiled.plan);
  let block: Float64Array = new Float64Array(0);
  let from = shown.count;
  const rowOf = (index: number): Float64Array => block.subarray((index - from) * length, (index - from + 1) * length);
  const nextBlock = async (index: number): Promise<Float64Array> => {
    const to = Math.min(rows, index + BLOCK_ROWS);
    block = await decider.decideBlock(tails.isEmpty ? packBars(data.columns, index, to) : packed(index, to, () => NOBODY));
    from = index;
    return rowOf(index);
  };
  return { next: (index) => ((index - from) * length < block.length ? rowOf(index) : nextBlock(index)), close };
}

/** The rows of what was shown; each is packed once, in order, as their tails come in order. */
function shownRows({ count }: ShownBars, rowOf: (index: number) => Float64Array): HistoryRows {
  const rows = Array.from({ length: count }, (_, index) => rowOf(index));
  return { count: () => count, slice: (from, to) => joinedRows(rows.slice(from, to)) };
}
