import ivm from 'isolated-vm';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { BLOCK_ROWS, DECIDE_DRIVER, ringRows } from './decide-driver.ts';
import { endedBy, type HardenedContext, intoIsolate, openContext } from './hardened-context.ts';
import { packRow } from './history-rows.ts';
import { checkLength } from './isolate.ts';
import { countRows, ROW_FIELDS, rowLayout } from './row-layout.ts';
import { runText } from './run-text.ts';
import type { IsolateLimits } from './sandbox-error.ts';
import { sandboxError } from './sandbox-error.ts';

export interface DeciderOptions {
  readonly params: Float64Array;
  /** In SETTING order. */
  readonly settings: Float64Array;
  /** `timeoutMs` holds for one call: one bar, or one block of history. */
  readonly limits: IsolateLimits;
}

/** A strategy's `decide` bar by bar, in an isolate of this process. After a throw it is disposed of: its state is half written. */
export interface Decider {
  /** Bars appended so far. */
  readonly bars: () => number;
  /**
   * Appends bar `index` (= bars so far), the account row at its close and the tail of its further columns (`RowLayout`); gives the row of the
   * bar (`rowLength`). One call at a time.
   */
  readonly decide: (index: number, bar: Bar, account: Float64Array, tail?: Float64Array) => Promise<Float64Array>;
  /** The same with a packed row (`packRow`). */
  readonly decideRow: (row: Float64Array) => Promise<Float64Array>;
  /**
   * As `decideRow`, in this thread and at once: many times as fast, and without a limit of time. For what our compiler emits alone, whose work a bar is bounded. The
   * row that it gives is overwritten by the next.
   */
  readonly step: (row: Float64Array) => Float64Array;
  /** Appends packed rows and computes their decisions, which are dropped. */
  readonly catchUp: (rows: Float64Array) => Promise<void>;
  /** The same for at most BLOCK_ROWS rows; gives the rows that it computed, one behind the other. For strategies that look at no account. */
  readonly decideBlock: (rows: Float64Array) => Promise<Float64Array>;
  readonly dispose: () => void;
}

/** Doubles of a packed row that `step` passes in shared memory; longer ones, of bars of many charts that close at once, are copied. */
const STEP_DOUBLES = 1024;

/** Loads a strategy. @throws StratError SANDBOX_CRASHED, SANDBOX_TIMEOUT, SANDBOX_MEMORY, SANDBOX_INPUT, as all its calls. */
export function createDecider(strategy: CompiledStrategy, { limits, ...given }: DeciderOptions): Decider {
  const { open, dispose } = openDeciders(strategy, limits, 1);
  try {
    return { ...open(given), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Deciders of a strategy in one isolate, one for each of its markets: code is theirs together, state and columns are each one's own. An error of one ends all. */
export interface Deciders {
  /** @throws StratError as `createDecider` */
  readonly open: (given: Omit<DeciderOptions, 'limits'>) => Decider;
  readonly dispose: () => void;
}

/**
 * Loads a strategy for several markets: an isolate for each would take 2 MB of memory, and its code would be optimised in each.
 * @param limits memory of one market; the columns of the others come on top
 * @throws StratError SANDBOX_CRASHED, SANDBOX_TIMEOUT, SANDBOX_MEMORY
 */
export function openDeciders(strategy: CompiledStrategy, limits: IsolateLimits, markets: number): Deciders {
  const opened = openContext(strategy, { ...limits, memoryMb: limits.memoryMb + (markets - 1) * columnsMb(strategy) }, false);
  try {
    const driver = runText(opened.isolate, opened.context, DECIDE_DRIVER, { filename: 'strat:decide-driver' });
    return { open: (given) => openDecider(strategy, opened, driver, limits, given), dispose: opened.dispose };
  } catch (error) {
    opened.dispose();
    throw sandboxError(error, limits);
  }
}

/** Most that the columns of a market take, MB: those of long charts double where many bars of short ones close at once. */
function columnsMb({ lookBack, columns, plan }: CompiledStrategy): number {
  const ring = ringRows(lookBack) * (ROW_FIELDS + columns.length);
  return Math.ceil((4 * ring + BLOCK_ROWS * rowLength(plan)) * (Float64Array.BYTES_PER_ELEMENT / 2 ** 20)) + 1;
}

function openDecider(
  strategy: CompiledStrategy,
  opened: HardenedContext,
  driver: ivm.Reference,
  limits: IsolateLimits,
  { params, settings }: Omit<DeciderOptions, 'limits'>,
): Decider {
  checkLength('params', params, strategy.paramCount);
  checkLength('settings', settings, SETTING_FIELDS);
  const layout = rowLayout(strategy.columns);
  const fields = rowLength(strategy.plan);
  const out = sharedDoubles(fields);
  const given = sharedDoubles(STEP_DOUBLES);
  const nothing: never[] = [];
  let bars = 0;

  const failed = (error: unknown): Error => {
    opened.dispose();
    return sandboxError(error, limits);
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw failed(error);
    }
  };
  const { feed, step } = guarded(() => {
    const driven = driver.applySync(
      undefined,
      [
        opened.strategy.derefInto(),
        strategy.stateSlots,
        ringRows(strategy.lookBack),
        strategy.lookBack,
        intoIsolate(params),
        intoIsolate(settings),
        fields,
        intoIsolate(out),
        new ivm.ExternalCopy(layout.places).copyInto(),
        intoIsolate(given),
      ],
      { timeout: limits.timeoutMs, result: { reference: true } },
    ) as ivm.Reference<{ readonly feed: unknown; readonly step: unknown }>;
    return { feed: driven.getSync('feed', { reference: true }), step: driven.getSync('step', { reference: true }) };
  });

  const call = async (rows: Float64Array, count: number, isStep: boolean, block?: Float64Array): Promise<void> => {
    try {
      const args = [intoIsolate(rows), isStep, block === undefined ? undefined : intoIsolate(block)];
      await opened.orLost(feed.apply(undefined, args, { timeout: limits.timeoutMs }));
      bars += count;
    } catch (error) {
      throw endedBy(error, opened, limits);
    }
  };

  const checkRow = (row: Float64Array): void => {
    if (countRows(layout, row) !== 1) throw new StratError('SANDBOX_INPUT', { reason: `${row.length} values are not one row` });
  };
  const decideRow = async (row: Float64Array): Promise<Float64Array> => {
    checkRow(row);
    await call(row, 1, true);
    return out.slice();
  };

  /** @throws StratError SANDBOX_INPUT */
  const countOf = (rows: Float64Array): number => {
    const count = countRows(layout, rows);
    if (count === null) throw new StratError('SANDBOX_INPUT', { reason: `a block of ${rows.length} values is not one of whole rows` });
    return count;
  };
  let kept: Float64Array | undefined;

  return {
    bars: () => bars,
    decideRow,
    decide: async (index, bar, account, tail) => {
      if (index !== bars) throw new StratError('SANDBOX_INPUT', { reason: `bar ${index} where bar ${bars} is next` });
      return decideRow(packRow(bar, account, tail));
    },
    step: (row) => {
      checkRow(row);
      // Without a function and a list for each step: garbage comes to new pages of memory, each of which takes longer than a step.
      try {
        if (row.length <= STEP_DOUBLES) {
          // A loop: for so few values it takes a fraction of what set does.
          for (let at = 0; at < row.length; at += 1) given[at] = row[at]!;
          step.applySync(undefined, nothing);
        } else feed.applySync(undefined, [intoIsolate(row), true]);
        bars += 1;
        return out;
      } catch (error) {
        throw failed(error);
      }
    },
    catchUp: async (rows) => {
      if (rows.length === 0) return;
      await call(rows, countOf(rows), false);
    },
    decideBlock: async (rows) => {
      const count = countOf(rows);
      if (count > BLOCK_ROWS) throw new StratError('SANDBOX_INPUT', { reason: `a block of ${count} rows, at most ${BLOCK_ROWS} go` });
      kept ??= sharedDoubles(BLOCK_ROWS * fields);
      await call(rows, count, false, kept);
      return kept.slice(0, count * fields);
    },
    dispose: () => {
      if (opened.isolate.isDisposed) return;
      feed.release();
      step.release();
    },
  };
}
