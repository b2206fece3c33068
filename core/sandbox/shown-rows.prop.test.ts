import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROW_FIELDS } from './row-layout.ts';
import { ShownRows } from './shown-rows.ts';

const rowOf = (index: number): Float64Array => Float64Array.from({ length: ROW_FIELDS }, (_, field) => index * 100 + field);
const rowsOf = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => [...rowOf(from + at)]).flat();

/** A step appends a row, or lets the history catch up by some of the rows that it lacks. */
const anySteps = fc.array(fc.oneof(fc.constant('append' as const), fc.integer({ min: 1, max: 4 })), { maxLength: 60 });

test('shown rows are all there at any moment, wherever their history has got to', () => {
  fc.assert(
    fc.property(fc.nat(5), anySteps, fc.nat(), fc.nat(), (before, steps, a, b) => {
      let kept = before;
      let shown = before;
      const rows = new ShownRows({ count: () => kept, slice: (from, to) => Float64Array.from(rowsOf(from, Math.min(to, kept))) });
      for (const step of steps) {
        if (step === 'append') {
          rows.append(rowOf(shown));
          shown += 1;
        } else {
          kept = Math.min(shown, kept + step);
        }
        const [from = 0, to = 0] = [a % (shown + 1), b % (shown + 1)].toSorted((x, y) => x - y);
        expect(rows.count()).toBe(shown);
        expect(Array.from(rows.slice(from, to))).toEqual(rowsOf(from, to));
      }
    }),
  );
});
