import { barOpen, nextOpen, type Timeframe } from '#core/model/timeframe.ts';

/** Times, half-open, ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The first bar that opens at a time or later. */
export function firstOpen(timeframe: Timeframe, atMs: number): number {
  const open = barOpen(timeframe, atMs);
  return open === atMs ? open : nextOpen(timeframe, open);
}

/**
 * Stretches of `[from, to)` (both on the grid) without bars, oldest first, those that are known as holes of the venue taken out.
 * @param times of the bars that are there, rising
 * @param holes sorted, apart from each other
 */
export function missingSpans(timeframe: Timeframe, times: Float64Array, { from, to }: Span, holes: readonly Span[]): readonly Span[] {
  const gaps: Span[] = [];
  let next = from;
  for (const time of times) {
    if (time < from) continue;
    if (time >= to) break;
    if (time > next) gaps.push({ from: next, to: time });
    next = Math.max(next, nextOpen(timeframe, time));
  }
  if (next < to) gaps.push({ from: next, to });
  return without(gaps, holes);
}

/** What is in `spans` and in none of `others`; both sorted. */
export function without(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  let at = 0;
  for (const span of spans) {
    let { from } = span;
    while (at > 0 && others[at - 1]!.to > from) at--;
    for (; at < others.length && others[at]!.from < span.to; at++) {
      const other = others[at]!;
      if (other.to <= from) continue;
      if (other.from > from) left.push({ from, to: other.from });
      from = Math.max(from, other.to);
    }
    if (from < span.to) left.push({ from, to: span.to });
  }
  return left;
}

/** All of both, sorted, joined where they touch. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (to <= from) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** Stretches that one answer covers anyway are asked for as one. */
export function bridged(spans: readonly Span[], apartMs: number): readonly Span[] {
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last !== undefined && to - last.from <= apartMs) last.to = to;
    else all.push({ from, to });
  }
  return all;
}
