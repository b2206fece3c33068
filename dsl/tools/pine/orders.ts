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

/** The side of an entry; null where its direction is neither. */
export function sideOf({ args }: OrderCall): Side | null {
  const direction = args.get('direction') ?? args.get('long');
  if (direction?.op === 'truth') return direction.value ? 'long' : 'short';
  if (direction?.op !== 'text') return null;
  return /(^|\.)long$/.test(direction.text) ? 'long' : /(^|\.)short$/.test(direction.text) ? 'short' : null;
}

/** The side that is entered, when it is one. */
export function onlySide(orders: readonly OrderCall[]): Side | null {
  const sides = new Set(orders.filter(({ call }) => call === 'entry' || call === 'order').map(sideOf));
  return sides.size === 1 ? [...sides][0]! : null;
}
