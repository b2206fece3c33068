import { FLAG } from './backtest-driver.ts';

/** What lies in shared memory, and what it had no room for. */
export function wholeLog(shared: Float64Array, flags: Float64Array, rest: Float64Array): Float64Array {
  const first = shared.subarray(0, flags[FLAG.logged]);
  if (rest.length === 0) return first;
  const log = new Float64Array(first.length + rest.length);
  log.set(first);
  log.set(rest, first.length);
  return log;
}
