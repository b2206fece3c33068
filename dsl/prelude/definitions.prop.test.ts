import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Data } from './testing/series-math.ts';
import { DEFINITIONS } from './testing/definitions.ts';
import { plottedPrograms, programValues } from './testing/series-values.ts';

const HOUR_MS = 3_600_000;

/** Small whole numbers, so that values are often equal, still, missing and without volume; months that go on every few bars. */
const anyBar = fc
  .record({
    open: fc.integer({ min: 1, max: 3 }),
    low: fc.integer({ min: 1, max: 2 }),
    close: fc.integer({ min: 2, max: 5 }),
    high: fc.integer({ min: 5, max: 6 }),
    volume: fc.constantFrom(0, 0, 1, 2, 3),
  })
  .map((bar) => ({ ...bar, open: Math.max(bar.open, bar.low) }));
const anyBars = fc.array(anyBar, { minLength: 1, maxLength: 60 });

const SOURCE = '(if volume == 3 then na else close)';
const CONDITIONS = ['(if volume == 2 then na else open > 2)', '(if volume == 1 then na else open < 2)'] as const;

const CALLS = Object.entries(DEFINITIONS);

it('functions of the prelude are what their definitions say', () => {
  fc.assert(
    fc.property(anyBars, fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 5, 31), (rows, n, stepHours) => {
      const of = (name: keyof (typeof rows)[number]): number[] => rows.map((row) => row[name]);
      const data: Data = {
        x: rows.map(({ volume, close }) => (volume === 3 ? Number.NaN : close)),
        c: rows.map(({ volume, open }) => (volume === 2 ? Number.NaN : Number(open > 2))),
        d: rows.map(({ volume, open }) => (volume === 1 ? Number.NaN : Number(open < 2))),
        open: of('open'),
        high: of('high'),
        low: of('low'),
        close: of('close'),
        volume: of('volume'),
        time: rows.map((_, bar) => (bar * stepHours + 1000) * HOUR_MS),
        month: rows.map((_, bar) => (Math.floor(bar / 4) % 12) + 1),
        year: rows.map((_, bar) => 2020 + Math.floor(bar / 48)),
      };
      const texts = CALLS.map(([call]) =>
        call
          .replace(/\bX\b/, SOURCE)
          .replace(/\bC\b/, CONDITIONS[0])
          .replace(/\bD\b/, CONDITIONS[1])
          .replace(/N \+ (\d)/, (_, more) => `${n + Number(more)}`)
          .replace(/\bN\b/, `${n}`),
      );
      const values = plottedPrograms(texts).flatMap((program) => programValues(program, data));
      for (const [place, [call, definition]] of CALLS.entries()) {
        const wrong = definition(data, n).findIndex((wanted, bar) => {
          const found = values[place]![bar]!;
          return Number.isNaN(wanted) ? !Number.isNaN(found) : !(Math.abs(found - wanted) < 1e-9);
        });
        expect({ call, wrong, found: values[place]![wrong] }).toEqual({ call, wrong: -1, found: undefined });
      }
    }),
    { numRuns: 40 },
  );
});
