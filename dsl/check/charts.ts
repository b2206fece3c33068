import { isInverse } from '#core/model/market.ts';
import { isWholeMultiple, parseTimeframe, type Timeframe as ChartLength, timeframeOfStep } from '#core/model/timeframe.ts';
import type { Market, Timeframe } from '../ast/expression.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { MarketUnits } from './context.ts';

export type ChartChoice =
  | { readonly ok: true; readonly chart: number }
  | { readonly ok: false; readonly code: DiagnosticCode; readonly span: Span; readonly message: string; readonly hint?: string };

/** Missing bars of another market for which its last value still counts. */
const STALE_BARS = 3;

/**
 * The charts of a program and the one that expressions are being computed on. `place` is what in the source moved them there: errors about the move stand
 * at it.
 */
export class Charts {
  readonly #builder: GraphBuilder;
  readonly #units: MarketUnits[];
  #current = 0;
  #place: Span | null = null;

  constructor(builder: GraphBuilder, traded: MarketUnits) {
    this.#builder = builder;
    this.#units = [traded];
  }

  get current(): number {
    return this.#current;
  }

  get place(): Span | null {
    return this.#place;
  }

  /** Currencies of the current chart's market. */
  get units(): MarketUnits {
    return this.#units[this.#current]!;
  }

  /** Length of the current chart's bars in ms; NaN when the `trade` line does not say. */
  get stepMs(): number {
    return this.#builder.chartOf(this.#current).stepMs;
  }

  /** Runs `work` on another chart. */
  on<T>(chart: number, place: Span | null, work: () => T): T {
    const before = [this.#current, this.#place] as const;
    [this.#current, this.#place] = [chart, place];
    try {
      return work();
    } finally {
      [this.#current, this.#place] = before;
    }
  }

  /** The chart of another market, with bars as long as those of the current chart. */
  ofMarket(market: Market): number {
    const { timeframe, stepMs } = this.#builder.chartOf(this.#current);
    return this.#numbered(market.text, timeframe, stepMs, {
      base: market.base,
      quote: market.quote,
      isInverse: isInverse(market.text),
    });
  }

  /** The chart of the current market with longer bars. */
  longer(length: ChartLength | null, written: Timeframe): ChartChoice {
    const { market, timeframe } = this.#builder.chartOf(this.#current);
    const { span } = written;
    const source = written.kind === 'Duration' ? written.source : written.text;
    if (length === null) {
      return {
        ok: false,
        code: 'E0307',
        span,
        message: `there are no candles of ${source}`,
        hint: 'charts are from 1s to 52w, or up to 12mo',
      };
    }
    const base = parseTimeframe(timeframe);
    if (base === null) return { ok: true, chart: this.#current };
    if (length.stepMs < base.stepMs) {
      const hint = this.#current === 0 ? 'trade the shorter chart, or use a longer one here' : 'compute it on the shorter chart first';
      return { ok: false, code: 'E0402', span, message: `${source} is shorter than the ${base.name} chart`, hint };
    }
    if (!isWholeMultiple(length, base)) {
      return { ok: false, code: 'E0403', span, message: `${source} is not a whole multiple of ${base.name}` };
    }
    if (length.stepMs === base.stepMs) return { ok: true, chart: this.#current };
    return { ok: true, chart: this.#numbered(market, length.name, length.stepMs, this.units) };
  }

  /** How old the last bar of `from` may be where it is read on `to`, ms; null: any age, because bars of one market come from one series. */
  maxAgeMs(from: number, to: number): number | null {
    const { market, stepMs } = this.#builder.chartOf(from);
    return market === this.#builder.chartOf(to).market ? null : (STALE_BARS + 1) * stepMs - 1;
  }

  isLongerOrEqual(chart: number, than: number): boolean {
    return this.#builder.chartOf(chart).stepMs >= this.#builder.chartOf(than).stepMs;
  }

  nameOf(chart: number): string {
    const { market, timeframe } = this.#builder.chartOf(chart);
    return market === null ? timeframe : `${market} ${timeframe}`;
  }

  marketOf(chart: number): string | null {
    return this.#builder.chartOf(chart).market;
  }

  #numbered(market: string | null, timeframe: string, stepMs: number, units: Omit<MarketUnits, 'stepMs'>): number {
    const chart = this.#builder.chart({ market, timeframe, stepMs });
    this.#units[chart] ??= { ...units, stepMs };
    return chart;
  }
}

/** The length of a chart as written; months and years count calendar months. */
export function chartLength(ms: number, unit: string, count: number): ChartLength | null {
  if (unit === 'mo') return parseTimeframe(`${count}mo`);
  return unit === 'y' ? parseTimeframe(`${count * 12}mo`) : timeframeOfStep(ms);
}
