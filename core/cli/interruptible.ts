import { type BacktestLimits, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { CommandIo } from './command.ts';
import { ProgressLine } from './progress-line.ts';

/**
 * Work that Ctrl-C asks to stop; a second one ends the process.
 * @param work calls `release` when nothing of it could be asked any more: from then on Ctrl-C ends the process, as it does before
 */
export async function interruptible<T>(work: (signal: AbortSignal, release: () => void) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  const onSignal = (): void => cancel.abort();
  const release = (): void => void process.off('SIGINT', onSignal);
  process.once('SIGINT', onSignal);
  try {
    return await work(cancel.signal, release);
  } finally {
    release();
  }
}

/** The same of a run over bars, which shows how far it is where it is long. */
export async function interruptibleRun<T>(
  strategies: readonly StrategyOnMarkets[],
  io: CommandIo,
  work: (limits: BacktestLimits & { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const bars = Math.max(...strategies.flatMap(({ markets }) => markets.map(({ columns }) => columns.time.length)));
  const progress = new ProgressLine(io, bars);
  return interruptible(async (signal, release) => {
    const onRan = (): void => {
      progress.end();
      release();
    };
    try {
      return await work({ ...DEFAULT_LIMITS, signal, onProgress: (done) => progress.show(done), onRan });
    } finally {
      progress.end();
    }
  });
}
