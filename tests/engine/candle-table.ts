import { expect, it } from 'vitest';
import { type Candle, type CandleRun, runCandles } from './candle-run.ts';

/** What happens, the rules and their conventions, the candles, and the fills (and events) that must come of them. */
export type CandleCase = readonly [
  what: string,
  run: Omit<CandleRun, 'candles'>,
  candles: readonly Candle[],
  fills: readonly string[],
  events?: readonly string[],
];

export function checkCandles(cases: readonly CandleCase[]): void {
  const named = cases.map(([what, run, candles, fills, events]) => ({ what, run, candles, fills, events }));
  it.each(named)('$what', async ({ run, candles, fills, events }) => {
    const outcome = await runCandles({ ...run, candles });
    expect(outcome.fills).toEqual(fills);
    expect(outcome.events).toEqual(events ?? outcome.events);
  });
}
