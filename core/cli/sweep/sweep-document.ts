import { accountCurrency } from '#core/model/market.ts';
import type { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import type { SweepHeader, SweepRow } from '#core/runtime/sweep/sweep-file.ts';
import type { SweepSpace } from '#core/runtime/sweep/sweep-space.ts';
import type { TrialMetricName } from '#core/runtime/sweep/trial-metrics.ts';
import type { SweepOptions } from '../commands/sweep.ts';
import type { Simulation } from '../simulation-input.ts';
import type { BestRun } from './best-run.ts';

/** What `strat sweep --json` prints. */
export interface SweepDocument extends Omit<SweepHeader, 'axes'> {
  readonly currency: string | null;
  readonly file: string;
  /** Bars that count of the first market. */
  readonly bars: number;
  readonly axes: SweepHeader['axes'];
  readonly sets: {
    /** Combinations of all values, and sets that were asked for of them. */
    readonly combinations: number;
    readonly asked: number;
    readonly ran: number;
    /** They break a `require`. */
    readonly leftOut: number;
    readonly invalid: number;
    /** Some that could not run, and why. */
    readonly invalidNamed: readonly SweepRow[];
    /** Of a sweep that went on with a file: sets that were done before. */
    readonly resumedAt: number;
  };
  readonly isDone: boolean;
  readonly by: TrialMetricName;
  readonly best: readonly SweepRow[];
  readonly luck: BestRun | null;
  /** Why each set was a backtest of its own; null = blocks of sets ran over one compilation. */
  readonly plain: string | null;
  readonly out: string | null;
  /** Threads that ran blocks of sets; where `plain` is not null, processes. */
  readonly workers: number;
  readonly timing: { readonly runMs: number };
}

export function sweepDocument(
  { strategies }: Simulation,
  { combinations, count }: SweepSpace,
  book: SweepBook,
  header: SweepHeader,
  { by, out }: SweepOptions,
  state: {
    readonly why: string | null;
    readonly isDone: boolean;
    readonly resumedAt: number;
    readonly runMs: number;
    readonly best: BestRun | null;
    readonly workers: number;
  },
): SweepDocument {
  const [{ prepared, markets }] = strategies as readonly [Simulation['strategies'][number]];
  const [data] = markets;
  const { count: invalid, named } = book.invalid;
  return {
    ...header,
    file: prepared.source.file,
    currency: data === undefined ? null : accountCurrency(data.market),
    bars: data === undefined ? 0 : data.columns.time.length - data.fromIndex,
    sets: { combinations, asked: count, ran: book.ran, leftOut: book.leftOut, invalid, invalidNamed: named, resumedAt: state.resumedAt },
    isDone: state.isDone,
    by,
    best: book.best,
    luck: state.best,
    plain: state.why,
    out: out ?? null,
    workers: state.workers,
    timing: { runMs: state.runMs },
  };
}
