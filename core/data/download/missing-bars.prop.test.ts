import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { bridged, joined, missingSpans, without, type Span } from './missing-bars.ts';

const LENGTH = 40;
const places = fc.uniqueArray(fc.nat(LENGTH - 1)).map((list) => list.toSorted((a, b) => a - b));
/** Stretches of whole numbers as a list of those in them, and back: what the functions do, one place after the other. */
const spansOf = (inside: (place: number) => boolean, step = 1): readonly Span[] =>
  joined(
    Array.from({ length: LENGTH }, (_, place) => place)
      .filter(inside)
      .map((place) => ({ from: place * step, to: (place + 1) * step })),
  );
const isIn = (spans: readonly Span[], place: number): boolean => spans.some(({ from, to }) => place >= from && place < to);

test('what is missing is what is neither there nor a known hole', () => {
  fc.assert(
    fc.property(places, places, (there, holes) => {
      const step = 60_000;
      const known = spansOf((place) => holes.includes(place), step);
      const found = missingSpans(
        parseTimeframe('1m')!,
        Float64Array.from(there, (place) => place * step),
        { from: 0, to: LENGTH * step },
        known,
      );
      expect(joined(found)).toEqual(spansOf((place) => !there.includes(place) && !holes.includes(place), step));
    }),
  );
});

test('a stretch less others is every place of it that is in none of them', () => {
  fc.assert(
    fc.property(places, places, (mine, others) => {
      const found = without(
        spansOf((place) => mine.includes(place)),
        spansOf((place) => others.includes(place)),
      );
      expect(joined(found)).toEqual(spansOf((place) => mine.includes(place) && !others.includes(place)));
    }),
  );
});

test('stretches that are bridged hold all of them, and are no longer than an answer unless one was', () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 20 }), (mine, apart) => {
      const spans = spansOf((place) => mine.includes(place));
      const found = bridged(spans, apart);
      for (const place of mine) expect(isIn(found, place)).toBe(true);
      for (const span of found)
        expect(span.to - span.from <= apart || spans.some(({ from, to }) => from === span.from && to === span.to)).toBe(true);
    }),
  );
});
