import ivm from 'isolated-vm';
import { StratError } from '#core/errors/strat-error.ts';
import { type FurtherColumns, noFurtherColumns } from '#core/model/chart-column.ts';
import { type Columns, COLUMN_NAMES, columnList, sharedDoubles } from '#core/model/columns.ts';
import { type InnerBars, innerList } from '#core/model/inner-bars.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { BROKER_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { registerCount } from '#core/engine/trading/registers.ts';
import { BACKTEST_DRIVER, BIND_VIEWS, FLAG, FLAGS, sharedLogLength } from './backtest-driver.ts';
import type { HardenedContext } from './hardened-context.ts';
import { endedBy, inSharedMemory, inTime, intoIsolate, openContext } from './hardened-context.ts';
import { runText } from './run-text.ts';
import type { IsolateLimits } from './sandbox-error.ts';
import { wholeLog } from './whole-log.ts';

export interface BacktestInput {
  /** Shared memory is read in place, other memory is copied first. */
  readonly columns: Columns;
  /** What `strategy.columns` asks for; left out: nothing. */
  readonly further?: FurtherColumns;
  /** What happened inside of bars, for a strategy with an engine; left out: nothing is known. */
  readonly inner?: InnerBars | undefined;
  /** One double a param, `strategy.paramCount` of them. */
  readonly params: Float64Array;
  /** In SETTING order. */
  readonly settings: Float64Array;
  /** Registers before the first bar, of the inlined broker (BROKER order) or the engine; not written. */
  readonly registers: Float64Array;
}

export interface BacktestLimits extends IsolateLimits {
  /** Stops the run at the end of the chunk in work. */
  readonly signal?: AbortSignal;
  /** Called now and then with the number of bars done. */
  readonly onProgress?: (bars: number) => void;
}

export interface BacktestOutput {
  /** Rows of LOG_FIELDS doubles, in the order of events. */
  readonly log: Float64Array;
  /** Equity at each bar's close. */
  readonly equity: Float64Array;
  /** Registers after the last bar. */
  readonly registers: Float64Array;
}

const PROGRESS_MS = 100;

/** A strategy loaded in an isolate of its own, for any number of backtests, one at a time. */
export interface BacktestIsolate {
  /** The equity and the log it gives lie in memory that the next run in this isolate overwrites. It keeps hold of the columns until then. */
  readonly run: (input: BacktestInput, limits: BacktestLimits) => Promise<BacktestOutput>;
  /** False once an error has ended the isolate; it is disposed of then. */
  readonly usable: () => boolean;
  /** Shared memory that its limit leaves room for. */
  readonly sharedBytes: number;
  readonly dispose: () => void;
}

/** Shared memory that a run touches: isolated-vm counts each column's whole buffer, and the equity and the log beside them. */
export function sharedBytesOf(input: Pick<BacktestInput, 'columns' | 'further' | 'inner'>): number {
  const { time } = input.columns;
  const results = time.byteLength + sharedLogLength(time.length) * Float64Array.BYTES_PER_ELEMENT;
  return sharedColumnsOf(input).reduce((sum, column) => sum + column.buffer.byteLength, results);
}

function sharedColumnsOf({ columns, further, inner }: Pick<BacktestInput, 'columns' | 'further' | 'inner'>): readonly Float64Array[] {
  return [...columnList(columns, further?.columns), ...(inner === undefined ? [] : innerList(inner))];
}

/**
 * Loads a strategy for runs over columns of at most `sharedBytes` (`sharedBytesOf`), which come on top of `limits.memoryMb`.
 * @throws StratError SANDBOX_CRASHED when the text does not load.
 */
export function openBacktestIsolate(strategy: CompiledStrategy, limits: IsolateLimits, sharedBytes: number): BacktestIsolate {
  const opened = openContext(
    strategy,
    { ...limits, memoryMb: limits.memoryMb + Math.ceil(sharedBytes / 2 ** 20) },
    strategy.engine !== null,
  );
  const driver = runText(opened.isolate, opened.context, BACKTEST_DRIVER, { filename: 'strat:backtest-driver' });
  let broken = false;
  let bound: BoundMemory | undefined;
  return {
    run: async (input, runLimits) => {
      checkInput(strategy, input, sharedBytes);
      try {
        if (bound === undefined || !serves(bound, input)) {
          bound?.views.release();
          bound?.inner?.release();
          bound = bindMemory(opened, input);
        }
        return await drive(strategy, opened, driver, bound, input, runLimits);
      } catch (error) {
        broken = true;
        throw endedBy(error, opened, runLimits);
      }
    },
    sharedBytes,
    usable: () => !broken && !opened.isolate.isDisposed,
    dispose: opened.dispose,
  };
}

/**
 * Runs one backtest in a fresh isolate: one call from outside, chunks inside.
 * @throws StratError SANDBOX_TIMEOUT, SANDBOX_MEMORY, SANDBOX_CRASHED, SANDBOX_STUCK, SANDBOX_CANCELLED, SANDBOX_INPUT.
 * After a throw let the process end by itself (`process.exitCode`): `process.exit()` right after a disposed isolate can crash.
 */
export async function runBacktest(strategy: CompiledStrategy, input: BacktestInput, limits: BacktestLimits): Promise<BacktestOutput> {
  const isolate = openBacktestIsolate(strategy, limits, sharedBytesOf(input));
  try {
    return await isolate.run(input, limits);
  } finally {
    if (isolate.usable()) isolate.dispose();
  }
}

/** Memory shared with an isolate. Bound once for many runs: what is dropped inside counts against the memory limit until V8 finds time for it. */
interface BoundMemory {
  readonly columns: readonly Float64Array[];
  readonly bars: Float64Array;
  readonly flags: Float64Array;
  readonly equity: Float64Array;
  readonly registers: Float64Array;
  readonly log: Float64Array;
  readonly views: ivm.Reference;
  /** What the engine alone may read. */
  readonly inner: ivm.Reference | undefined;
}

function bindMemory({ isolate, context }: HardenedContext, input: BacktestInput): BoundMemory {
  const { columns, further, inner } = input;
  const flags = sharedDoubles(FLAGS);
  const equity = sharedDoubles(columns.time.length);
  const registers = sharedDoubles(input.registers.length);
  const log = sharedDoubles(sharedLogLength(columns.time.length));
  const bars = inSharedMemory(further?.bars ?? noFurtherColumns(columns.time.length).bars);
  const bind = runText(isolate, context, BIND_VIEWS, { filename: 'strat:bind-views' });
  const viewsOf = (memory: readonly Float64Array[]): ivm.Reference =>
    bind.applySync(undefined, memory.map(inSharedMemory).map(intoIsolate), { result: { reference: true } });
  return {
    columns: sharedColumnsOf(input),
    bars,
    flags,
    equity,
    registers,
    log,
    views: viewsOf([flags, equity, registers, bars, log, ...columnList(columns, further?.columns)]),
    inner: inner === undefined ? undefined : viewsOf(innerList(inner)),
  };
}

/** Whether memory bound before serves these columns: shared columns that are the very same arrays. */
function serves(bound: BoundMemory, input: BacktestInput): boolean {
  const columns = sharedColumnsOf(input);
  const isSame = (column: Float64Array, place: number): boolean =>
    bound.columns[place] === column && column.buffer instanceof SharedArrayBuffer;
  const bars = input.further?.bars ?? noFurtherColumns(input.columns.time.length).bars;
  return columns.length === bound.columns.length && columns.every(isSame) && bars.every((count, chart) => bound.bars[chart] === count);
}

async function drive(
  strategy: CompiledStrategy,
  opened: HardenedContext,
  driver: ivm.Reference,
  bound: BoundMemory,
  input: BacktestInput,
  limits: BacktestLimits,
): Promise<BacktestOutput> {
  const { signal, onProgress, timeoutMs } = limits;
  const { flags, equity, registers, views, inner } = bound;
  flags.fill(0);
  registers.set(input.registers);
  const cancelled = (): StratError => new StratError('SANDBOX_CANCELLED', { bars: flags[FLAG.barsDone] ?? 0, total: equity.length });
  if (signal?.aborted === true) throw cancelled();

  const cancel = (): void => {
    flags[FLAG.cancel] = 1;
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const progress = onProgress === undefined ? undefined : setInterval(() => onProgress(flags[FLAG.barsDone] ?? 0), PROGRESS_MS);
  try {
    const call: Promise<unknown> = driver.apply(
      undefined,
      [
        opened.strategy.derefInto(),
        strategy.stateSlots,
        views.derefInto(),
        intoIsolate(input.params),
        intoIsolate(input.settings),
        opened.engine?.derefInto(),
        strategy.engine === null ? undefined : new ivm.ExternalCopy({ plan: strategy.plan, conventions: strategy.engine }).copyInto(),
        inner?.derefInto(),
      ],
      { timeout: timeoutMs, result: { copy: true } },
    );
    const rest = await inTime(opened, call, timeoutMs);
    if (rest === undefined) throw cancelled();
    if (!(rest instanceof Float64Array)) throw new StratError('SANDBOX_CRASHED', { reason: 'the driver returned no rows' });
    return { log: wholeLog(bound.log, flags, rest), equity, registers: new Float64Array(registers) };
  } finally {
    clearInterval(progress);
    signal?.removeEventListener('abort', cancel);
  }
}

export function checkInput(strategy: CompiledStrategy, input: BacktestInput, mostBytes: number): void {
  const { columns, params, settings, registers } = input;
  const rows = columns.time.length;
  const bytes = sharedBytesOf(input);
  if (bytes > mostBytes) {
    throw new StratError('SANDBOX_INPUT', { reason: `columns of ${bytes} bytes for an isolate made for ${mostBytes}` });
  }
  for (const name of COLUMN_NAMES) checkLength(`column ${name}`, columns[name], rows);
  checkFurther(strategy, input.further ?? noFurtherColumns(rows), rows);
  if (input.inner !== undefined) checkInner(strategy, input.inner, rows);
  checkLength('params', params, strategy.paramCount);
  checkLength('settings', settings, SETTING_FIELDS);
  checkLength('registers', registers, registersOf(strategy));
}

/** Length of a strategy's registers. */
function registersOf({ plan, engine }: CompiledStrategy): number {
  return engine === null ? BROKER_FIELDS : registerCount(plan);
}

function checkFurther(strategy: CompiledStrategy, { columns, bars }: FurtherColumns, rows: number): void {
  if (columns.length !== strategy.columns.length || bars[0] !== rows) {
    const reason = `${columns.length} further columns over ${bars[0]} bars where the strategy reads ${strategy.columns.length} over ${rows}`;
    throw new StratError('SANDBOX_INPUT', { reason });
  }
  for (const [place, { chart }] of strategy.columns.entries()) checkLength(`further column ${place}`, columns[place]!, bars[chart] ?? 0);
}

function checkInner({ engine }: CompiledStrategy, inner: InnerBars, rows: number): void {
  if (engine === null) throw new StratError('SANDBOX_INPUT', { reason: 'inner bars for a strategy that has its own broker' });
  checkLength('the ends of inner bars', inner.ends, rows);
  const count = inner.ends.at(-1) ?? 0;
  for (const name of ['time', 'open'] as const) checkLength(`inner column ${name}`, inner[name], count);
  for (const name of ['high', 'low', 'close', 'volume', 'ask'] as const)
    if (inner[name].length > 0) checkLength(`inner column ${name}`, inner[name], count);
  if (inner.spread.length > 0) checkLength('the spreads of inner quotes', inner.spread, rows);
}

export function checkLength(what: string, values: Float64Array, length: number): void {
  if (values.length !== length) {
    throw new StratError('SANDBOX_INPUT', { reason: `${what} has ${values.length} values instead of ${length}` });
  }
}
