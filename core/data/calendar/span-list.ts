import type { SessionSpan } from './session-clock.ts';

/** What is left of a span when others are taken out of it, in order. */
export function without(span: SessionSpan, taken: readonly SessionSpan[]): readonly SessionSpan[] {
  let left: readonly SessionSpan[] = [span];
  for (const { start, end } of taken) {
    left = left.flatMap((part) => {
      if (end <= part.start || start >= part.end) return [part];
      const before = { start: part.start, end: start };
      const behind = { start: end, end: part.end };
      return [before, behind].filter((one) => one.end > one.start);
    });
  }
  return left;
}

/** From the begin of the first to the end of the last; null of none. */
export function hull(spans: readonly SessionSpan[]): SessionSpan | null {
  const [first, last] = [spans[0], spans.at(-1)];
  return first === undefined || last === undefined ? null : { start: first.start, end: last.end };
}

/** Of spans in order, those that end behind `fromMs` and begin before `toMs`. */
export function* spansWithin(spans: Iterable<SessionSpan>, fromMs: number, toMs: number): Generator<SessionSpan> {
  for (const span of spans) if (span.end > fromMs && span.start < toMs) yield span;
}

/** What is known of a day or a year, found out once. */
export function remembered<T>(known: Map<number, T>, when: number, find: (when: number) => T): T {
  const found = known.get(when) ?? find(when);
  known.set(when, found);
  return found;
}
