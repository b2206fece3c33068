import type { MarketTrace } from './run-trace.ts';

/** Why a test failed: what it asks, what happened, and where. */
export interface TestFailure {
  /** In the file of tests, from 1; null = it is about the test as a whole. */
  readonly line: number | null;
  readonly expected: string;
  readonly found: string;
  /** What to look at or to write. */
  readonly hint: string | null;
  /** null = no bar is to blame. */
  readonly at: FailurePlace | null;
}

export interface FailurePlace {
  /** Where it was generated: `seed 7`; null = the market of the test. */
  readonly source: string | null;
  readonly market: string;
  /** From 1. */
  readonly bar: number;
  /** Open time, ms. */
  readonly time: number;
  /** The bars around it. */
  readonly bars: readonly ShownBar[];
}

/** A bar as a failure shows it. */
export interface ShownBar {
  readonly bar: number;
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Held at the close, and the stop in force; null = none. */
  readonly position: number;
  readonly stop: number | null;
  /** What filled, in words. */
  readonly fills: readonly string[];
}

const BEFORE = 3;
const AFTER = 2;

/** The place of a bar, with those around it. @param index from 0; of a bar that there is not, the nearest one is shown */
export function placeOf(trace: MarketTrace, index: number, textOf: (fill: MarketTrace['fills'][number]) => string): FailurePlace {
  const { columns } = trace.data;
  const rows = columns.time.length;
  const at = Math.min(Math.max(index, 0), rows - 1);
  const [from, to] = [Math.max(0, at - BEFORE), Math.min(rows, at + AFTER + 1)];
  return {
    source: null,
    market: trace.market,
    bar: at + 1,
    time: columns.time[at]!,
    bars: Array.from({ length: to - from }, (_, place) => {
      const bar = from + place;
      const stop = trace.stop[bar]!;
      return {
        bar: bar + 1,
        time: columns.time[bar]!,
        open: columns.open[bar]!,
        high: columns.high[bar]!,
        low: columns.low[bar]!,
        close: columns.close[bar]!,
        position: trace.qty[bar]!,
        stop: Number.isNaN(stop) ? null : stop,
        fills: trace.fills.filter((fill) => fill.bar === bar).map(textOf),
      };
    }),
  };
}
