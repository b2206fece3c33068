import { barsBetween, hasWholeDays, nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import type { CalendarSpans, MarketCalendar } from './market-calendar.ts';
import type { SessionSpan } from './session-clock.ts';

/**
 * Counts bars that should be there. A bar within a day is one when the market is open in a part of it; a bar of a day and more when a trading day
 * ends in it, which makes Sunday evening a part of Monday, whatever zone the days are of.
 */
export class ExpectedBars {
  readonly #calendar: MarketCalendar;
  readonly #timeframe: Timeframe;
  /** Bars are asked for in order: most lie in the span of the one before, or in the same time without one. */
  #possible: Stretch = NOWHERE;
  #regular: Stretch = NOWHERE;

  constructor(calendar: MarketCalendar, timeframe: Timeframe) {
    this.#calendar = calendar;
    this.#timeframe = timeframe;
  }

  /** How many open behind the bar of `from` and before the one of `to`. */
  between(from: number, to: number): number {
    if (this.#calendar.spans === null) return Math.max(0, barsBetween(this.#timeframe, from, to) - 1);
    let count = 0;
    for (const run of this.#runs(from, to)) count += run.count;
    return count;
  }

  /** When these open. */
  *opensBetween(from: number, to: number): Generator<number> {
    if (this.#calendar.spans === null) {
      let at = nextOpen(this.#timeframe, from);
      for (let left = this.between(from, to); left > 0; left--, at = nextOpen(this.#timeframe, at)) yield at;
      return;
    }
    for (const { open, count } of this.#runs(from, to)) for (let bar = 0; bar < count; bar++) yield open + bar * this.#timeframe.stepMs;
  }

  /** Whether there may be trade in some part of the bar that opens at a moment. */
  mayTradeIn(open: number): boolean {
    const { possible } = this.#calendar;
    if (possible === null) return true;
    const end = nextOpen(this.#timeframe, open);
    if (!isWithin(this.#possible, open, end)) this.#possible = stretchAt(possible, open, end);
    return this.#possible.isOpen;
  }

  /** Whether some part of the bar is regular trade: of exchanges that in their session, elsewhere all that may be. */
  isRegular(open: number): boolean {
    const { spans, hasExtendedHours } = this.#calendar;
    if (spans === null || !hasExtendedHours) return this.mayTradeIn(open);
    const end = nextOpen(this.#timeframe, open);
    if (!isWithin(this.#regular, open, end)) this.#regular = stretchAt(spans, open, end);
    return this.#regular.isOpen;
  }

  /** Bars next to each other. */
  *#runs(from: number, to: number): Generator<{ readonly open: number; readonly count: number }> {
    const timeframe = this.#timeframe;
    if (hasWholeDays(timeframe)) {
      for (let open = nextOpen(timeframe, from); barsBetween(timeframe, open, to) > 0; open = nextOpen(timeframe, open))
        if (this.#endsIn(open)) yield { open, count: 1 };
      return;
    }
    const { stepMs } = timeframe;
    let next = 1;
    const end = barsBetween(timeframe, from, to);
    for (const span of this.#calendar.spans?.(from, to) ?? []) {
      const first = Math.max(next, Math.floor((span.start - from) / stepMs));
      const last = Math.min(end, Math.ceil((span.end - from) / stepMs));
      if (last <= first) continue;
      yield { open: from + first * stepMs, count: last - first };
      next = last;
    }
  }

  #endsIn(open: number): boolean {
    const end = nextOpen(this.#timeframe, open);
    return someOf(this.#calendar.days?.(open, end + 1) ?? [], (span) => span.end > open && span.end <= end);
  }
}

/** A stretch of time in all bars of which the answer is the same. */
interface Stretch {
  readonly isOpen: boolean;
  readonly start: number;
  readonly end: number;
}

const NOWHERE: Stretch = { isOpen: false, start: Infinity, end: -Infinity };
/** How far one looks ahead for the next opening. */
const AHEAD_MS = 4 * 86_400_000;

/** Of an open stretch a part is enough, of a closed one the bar is in it as a whole. */
const isWithin = ({ isOpen, start, end }: Stretch, from: number, to: number): boolean =>
  isOpen ? from < end && to > start : from >= start && to <= end;

function stretchAt(spans: CalendarSpans, from: number, to: number): Stretch {
  for (const { start, end } of spans(from, to + AHEAD_MS))
    return start < to ? { isOpen: true, start, end } : { isOpen: false, start: from, end: start };
  return { isOpen: false, start: from, end: to + AHEAD_MS };
}

function someOf(spans: Iterable<SessionSpan>, test: (span: SessionSpan) => boolean): boolean {
  for (const span of spans) if (test(span)) return true;
  return false;
}
