import type { EngineEvent, Fill, PluginEventKind } from '#core/engine/log-rows.ts';
import type { ChartMark } from '#core/model/chart-mark.ts';
import type { FeedNews } from '#core/ports/bar-feed.ts';
import type { Bar } from '#core/model/bar.ts';
import type { StrategyMessage } from './message-watch.ts';
import type { RunnerEvent } from '#core/sandbox/supervisor.ts';

interface OfStrategy {
  readonly id: string;
}

interface OfMarket extends OfStrategy {
  readonly market: string;
}

/** What an exit closed. */
export interface ClosedTrade {
  /** Net of fees, in quote units. */
  readonly profit: number;
}

/** Something that a strategy on paper did or met, told after it was journaled; each of its markets has a runner of its own. Times are open times of bars, ms. */
export type PaperEvent =
  /** `closed` is null for an entry. `reason`: what its rule says, else what it was. */
  | (OfMarket & {
      readonly type: 'fill';
      readonly fill: Fill;
      readonly reason: string;
      readonly closed: ClosedTrade | null;
      readonly time: number;
      readonly equity: number;
      readonly position: number;
    })
  /** An order that was dropped or cut (E1001). */
  | (OfMarket & { readonly type: 'order'; readonly time: number; readonly event: EngineEvent })
  /** A `notify` line spoke. */
  | (OfMarket & { readonly type: 'message'; readonly time: number } & StrategyMessage)
  /** A `mark` line set a mark. */
  | (OfMarket & { readonly type: 'mark'; readonly mark: ChartMark })
  /** Plugins that failed (E1005). */
  | (OfMarket & {
      readonly type: 'plugin';
      readonly time: number;
      readonly kind: PluginEventKind;
      readonly plugins: readonly string[];
    })
  /** A bar is done. */
  | (OfMarket & { readonly type: 'bar'; readonly index: number; readonly bar: Bar; readonly equity: number; readonly position: number })
  /** Something about the bars of its market: the venue is away, or has corrected one that was decided on. */
  | (OfMarket & { readonly type: 'feed' } & FeedNews)
  /** The strategy gave no decision: nothing is ordered on this bar, stops stay in force. */
  | (OfMarket & { readonly type: 'undecided'; readonly time: number; readonly reason: string })
  | (OfMarket & { readonly type: 'runner'; readonly event: RunnerEvent })
  /** The loop of this strategy ended by an error; the others go on. */
  | (OfStrategy & { readonly type: 'failed'; readonly error: unknown });
