import { StratError } from '#core/errors/strat-error.ts';
import { noFurtherColumns } from '#core/model/chart-column.ts';
import { columnList } from '#core/model/columns.ts';
import { innerList } from '#core/model/inner-bars.ts';
import { type CompiledStrategy, LOG_FIELDS, LOG_ROWS_PER_BAR } from '#core/model/strategy-abi.ts';
import { bytesOf, doublesOf, FRAME } from './frames.ts';
import { type BacktestInput, type BacktestLimits, type BacktestOutput, checkInput, sharedBytesOf } from './isolate.ts';
import { BACKTEST_ENTRY } from './runner-command.ts';
import { runnerStartText } from './runner-start.ts';
import { type IsolateLimits, isStratError } from './sandbox-error.ts';
import { openWatchedProcess, type WatchedProcess } from './watched-process.ts';

const START_MS = 15_000;
const SEND_MS = 30_000;
const GRACE_MS = 1000;
const PULSE_MS = 250;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/**
 * `runBacktest` in a process of its own, with the same bits: for strategies with code of strangers in them. Nothing that it does to V8 or to memory reaches
 * this process.
 * @param entry another program in its place; tests use it
 * @throws StratError SANDBOX_TIMEOUT, SANDBOX_MEMORY, SANDBOX_CRASHED, SANDBOX_CANCELLED, SANDBOX_INPUT
 */
export async function runProcessBacktest(
  strategy: CompiledStrategy,
  input: BacktestInput,
  limits: BacktestLimits,
  entry: string = BACKTEST_ENTRY,
): Promise<BacktestOutput> {
  const sharedBytes = sharedBytesOf(input);
  checkInput(strategy, input, sharedBytes);
  const { signal, memoryMb, timeoutMs } = limits;
  const total = input.columns.time.length;
  let bars = 0;
  const cancelled = (): StratError => new StratError('SANDBOX_CANCELLED', { bars, total });
  const isCancelled = (): boolean => signal?.aborted === true;
  if (isCancelled()) throw cancelled();
  const child = await openWatchedProcess({
    id: 'backtest',
    entry,
    // The columns arrive, are put into shared memory, and go into the isolate.
    residentMb: 192 + 2 * memoryMb + Math.ceil((4 * sharedBytes) / 2 ** 20),
    maxAnswerBytes: mostAnswerBytes(strategy, input, memoryMb),
    ...(signal === undefined ? {} : { signal }),
  });
  const pulse = setInterval(() => {
    const beat = async (): Promise<void> => {
      const answer = await child.request(FRAME.ping, new Uint8Array(0), FRAME.done, timeoutMs + GRACE_MS);
      bars = doublesOf(answer)?.[0] ?? bars;
      limits.onProgress?.(bars);
    };
    // A failed one has killed the child: the run itself tells why.
    beat().catch(() => undefined);
  }, PULSE_MS);
  try {
    return await converse(child, strategy, input, limits);
  } catch (error) {
    throw isCancelled() ? cancelled() : sandboxFault(error, limits);
  } finally {
    clearInterval(pulse);
    await child.close();
  }
}

/** The log is the longest part of the result. The engine may fill any number of orders in a bar, but its log has room in the isolate. */
function mostAnswerBytes({ engine }: CompiledStrategy, { columns, registers }: BacktestInput, memoryMb: number): number {
  const most = Math.max(columns.time.length * LOG_ROWS_PER_BAR * LOG_FIELDS, registers.length) * DOUBLE;
  return engine === null ? most : Math.max(most, memoryMb * 2 ** 20);
}

async function converse(
  child: WatchedProcess,
  strategy: CompiledStrategy,
  { columns, further = noFurtherColumns(columns.time.length), inner, params, settings, registers }: BacktestInput,
  { memoryMb, timeoutMs }: BacktestLimits,
): Promise<BacktestOutput> {
  const start = runnerStartText({ strategy, params, settings, limits: { memoryMb, timeoutMs } });
  await child.request(FRAME.start, Buffer.from(start), FRAME.done, START_MS);
  child.settle();
  const inside = inner === undefined ? [] : innerList(inner);
  for (const values of [registers, further.bars, ...columnList(columns, further.columns), ...inside])
    await child.request(FRAME.column, bytesOf(values), FRAME.done, SEND_MS);
  await child.request(FRAME.run, new Uint8Array(0), FRAME.done, timeoutMs + GRACE_MS);
  const part = async (place: number): Promise<Float64Array> =>
    doublesOf(await child.request(FRAME.result, Uint8Array.of(place), FRAME.result, SEND_MS)) ?? new Float64Array(0);
  const output = { log: await part(0), equity: await part(1), registers: await part(2) };
  if (output.log.length % LOG_FIELDS !== 0 || output.equity.length !== columns.time.length || output.registers.length !== registers.length)
    throw child.fail('it sent a result of another length');
  return output;
}

/** What ended the child, as an isolate of this process would have told it. */
export function sandboxFault(error: unknown, { memoryMb, timeoutMs }: IsolateLimits): StratError {
  if (!isStratError(error) || error.code !== 'RUNNER_FAILED')
    return isStratError(error) ? error : new StratError('SANDBOX_CRASHED', { reason: String(error) });
  const data: Readonly<Record<string, string | number>> = error.data;
  const reason = String(data['reason']);
  const options = { cause: error };
  if (reason.startsWith('SANDBOX_TIMEOUT') || reason.includes('did not answer within'))
    return new StratError('SANDBOX_TIMEOUT', { timeoutMs }, options);
  if (reason.startsWith('SANDBOX_MEMORY') || reason.includes('MB of memory'))
    return new StratError('SANDBOX_MEMORY', { memoryMb }, options);
  return new StratError('SANDBOX_CRASHED', { reason: reason.replace(/^[A-Z_]+: /, '') }, options);
}
