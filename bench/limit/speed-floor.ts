import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import type { ProgramName } from './timed-program.ts';

/** Least time of C over ours at 1e6 bars, less 15 %: 0.96 and 0.94 on 2026-11-29 (docs/performance.md). Raise them when code gets faster. */
export const SLOWEST: Readonly<Record<ProgramName, number>> = { 'sma-cross': 0.81, 'rsi-bands': 0.79 };

/** Where loops that watch take the bars. */
const WATCHED = 'if(i<from||i>=to)w=whole(';

/** The same program with every bar written out in full: the same trades, without the loops that only watch. @throws RangeError when the text has none to take away */
export function slowForm(prepared: PreparedStrategy): PreparedStrategy {
  const { compiled } = prepared;
  const text = compiled.text.replace(WATCHED, 'if(i<hi)w=whole(');
  if (text === compiled.text) throw new RangeError('the emitted text has no loops that watch');
  return { ...prepared, compiled: { ...compiled, text } };
}
