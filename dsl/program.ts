import type { Graph, NodeId } from './graph/node.ts';

/** Where something stands in the source: UTF-16 offsets, half-open. */
export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

export interface ProgramParam {
  readonly name: string;
  /** Value of this compilation: the default, or what the caller set. */
  readonly value: number;
  readonly default: number;
  /** Range as written, inclusive; equal to the value when the file gives none. */
  readonly min: number;
  readonly max: number;
  readonly step: number | null;
  /** Unit in words, for tables: 'number', 'percent', 'duration', ... */
  readonly kind: string;
  /** The values of a list (`in [15m, 30m]`); then `min` and `max` are its ends. */
  readonly choices?: readonly number[];
  /** Sampled log-uniformly by the optimiser. */
  readonly log?: true;
  readonly label?: string;
}

/** An amount of a size clause: a kind of SIZE (core/model/strategy-abi.ts) and its value. */
export interface SizeAmount {
  readonly kind: number;
  readonly value: NodeId;
}

export interface LevelDistance {
  readonly kind: 'distance' | 'percent' | 'price' | 'r';
  readonly value: NodeId;
}

export interface TrailRule {
  readonly distance: LevelDistance;
  readonly after: LevelDistance | null;
  /** Price that the distance is measured from; null = the best price. */
  readonly from: NodeId | null;
}

/** How much to buy or sell and how it is protected: the statements of one block, the top-level ones filled in. */
export interface TradeBlock {
  readonly size: SizeAmount;
  readonly max: SizeAmount | null;
  readonly min: SizeAmount | null;
  readonly stops: readonly LevelDistance[];
  readonly trail: TrailRule | null;
}

export interface EntryRule {
  readonly side: 1 | -1;
  readonly when: NodeId;
  readonly confidence: NodeId;
  readonly reason: string | null;
  readonly block: TradeBlock;
  readonly span: SourceSpan;
}

export interface ExitRule {
  readonly side: 1 | -1;
  readonly when: NodeId;
  /** Share of the position, 0 < x <= 1. */
  readonly fraction: NodeId;
  readonly reason: string | null;
  readonly span: SourceSpan;
}

export interface PlotRule {
  readonly label: string;
  readonly value: NodeId;
  readonly color: string | null;
  readonly pane: string | null;
  readonly style: string | null;
}

/** A checked strategy: all names resolved, all units proven, ready to be emitted or interpreted. */
export interface Program {
  readonly name: string;
  /** Markets of the `trade` line, as written: `BTC/USDT`, `SPY`. */
  readonly markets: readonly string[];
  readonly timeframe: string;
  readonly stepMs: number;
  readonly sides: readonly (1 | -1)[];
  readonly params: readonly ProgramParam[];
  /** What `account` and `costs` lines give: starting capital, and rates as shares. */
  readonly account: { readonly capital: number | null };
  readonly costs: { readonly taker: number | null; readonly slippage: number | null };
  readonly graph: Graph;
  readonly entries: readonly EntryRule[];
  readonly exits: readonly ExitRule[];
  readonly plots: readonly PlotRule[];
}
