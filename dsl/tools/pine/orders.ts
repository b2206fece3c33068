import type { Place } from './pine-nodes.ts';
import type { Said } from './said.ts';

export type Side = 'long' | 'short';

/** A call of `strategy.` that trades, with what must hold for it to be made. */
export interface OrderCall extends Place {
  readonly call: 'entry' | 'order' | 'exit' | 'close' | 'close_all' | 'cancel' | 'cancel_all';
  readonly guard: Said;
  readonly id: string | null;
  readonly args: ReadonlyMap<string, Said>;
  readonly comments: readonly string[];
}

/** A rule of `strategy.risk.`. */
export interface RiskCall extends Place {
  readonly rule: string;
  readonly args: readonly Said[];
}

/** Something that a chart shows. */
export interface ChartCall extends Place {
  readonly call: 'plot' | 'mark' | 'notify';
  readonly value: Said;
  readonly text: string | null;
  readonly color: string | null;
  /** Of a mark: under the bar. */
  readonly isBelow: boolean;
}
