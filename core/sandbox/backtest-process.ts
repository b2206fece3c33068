/**
 * Entry of a process that runs one whole backtest: as a runner, but all bars come first, then one run over them. For strategies with code of strangers in
 * them, however well it was checked: whatever it does to V8 ends with this process.
 */
import { StratError } from '#core/errors/strat-error.ts';
import { COLUMN_NAMES, type Columns } from '#core/model/columns.ts';
import { INNER_COLUMNS, innerOf } from '#core/model/inner-bars.ts';
import { serveFrames } from './frame-server.ts';
import { bytesOf, doublesOf, FRAME } from './frames.ts';
import { inSharedMemory } from './hardened-context.ts';
import { type BacktestOutput, runBacktest } from './isolate.ts';
import { parseRunnerStart, type RunnerStart } from './runner-start.ts';

/** A column of 32 million bars. */
const MAX_REQUEST_BYTES = 256 * 2 ** 20;
const done = (value: number): { readonly type: number; readonly payload: Uint8Array } => ({
  type: FRAME.done,
  payload: bytesOf(Float64Array.of(value)),
});

/** @param arrays registers and bars of each chart, then the columns in the order of COLUMN_NAMES, then further ones, then inner bars, if any */
async function run(
  { strategy, params, settings, limits }: RunnerStart,
  arrays: readonly Float64Array[],
  onProgress: (bars: number) => void,
): Promise<BacktestOutput> {
  const [registers = new Float64Array(0), bars = new Float64Array(0), ...values] = arrays;
  const columns = Object.fromEntries(COLUMN_NAMES.map((name, place) => [name, inSharedMemory(values[place] ?? new Float64Array(0))]));
  const rest = values.slice(COLUMN_NAMES.length).map(inSharedMemory);
  const further = { columns: rest.slice(0, strategy.columns.length), bars };
  const inside = rest.slice(strategy.columns.length);
  const inner = inside.length === INNER_COLUMNS.length ? innerOf(inside) : undefined;
  const input = { columns: columns as unknown as Columns, further, inner, params, settings, registers };
  return runBacktest(strategy, input, { ...limits, onProgress });
}

function main(): void {
  let start: RunnerStart | undefined;
  const arrays: Float64Array[] = [];
  let output: BacktestOutput | undefined;
  let barsDone = 0;

  serveFrames({
    maxRequestBytes: MAX_REQUEST_BYTES,
    pulse: () => barsDone,
    answer: async ({ type, payload }) => {
      if (type === FRAME.start && start === undefined) {
        start = parseRunnerStart(payload.toString('utf8'));
        return done(0);
      }
      if (start !== undefined && type === FRAME.column) {
        arrays.push(doublesOf(payload) ?? new Float64Array(0));
        return done(arrays.length);
      }
      if (start !== undefined && type === FRAME.run && output === undefined) {
        output = await run(start, arrays, (bars) => {
          barsDone = bars;
        });
        return done(output.log.length);
      }
      if (output !== undefined && type === FRAME.result) {
        const part = [output.log, output.equity, output.registers][payload[0] ?? 0];
        return { type: FRAME.result, payload: bytesOf(part ?? new Float64Array(0)) };
      }
      throw new StratError('INTERNAL', { reason: 'a request that a backtest process does not know' });
    },
  });
}

main();
