import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpretSeries } from '#core/runtime/series/interpret-series.ts';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import { BARE_CONDITION, BARE_SOURCE, callTextsOf, withInputs } from '#dsl/prelude/testing/function-calls.ts';
import { FAMILIES } from '#dsl/prelude/testing/prelude-functions.ts';
import { BAR_KINDS, seedsOf } from './bar-kinds.ts';
import { cut, edgesOf, emittedBarByBar, emittedInPieces, firstDifference, inputOf, prepared } from './called-function.ts';

/** Gaps in the source, and conditions that are unknown. */
const GAPPED_SOURCE = '(if volume == 0 then na else close)';
const GAPPED_CONDITION = '(if close == open then na else close > open)';

const CALLS = FAMILIES.flatMap(({ functions }) => functions).flatMap(callTextsOf);
const BARE = CALLS.map((call) => prepared([withInputs(call, BARE_SOURCE, BARE_CONDITION)]));
const GAPPED = CALLS.filter((call) => /\b[XC]\b/.test(call)).map((call) => prepared([withInputs(call, GAPPED_SOURCE, GAPPED_CONDITION)]));
const EVERY = [...BARE, ...GAPPED];

const anySeeds = fc.array(fc.nat(2 ** 30), { minLength: 60, maxLength: 90 });
const anyCuts = fc.array(fc.nat(90), { maxLength: 3 });
const runs = (count: number): number => Number(process.env['STRAT_FC_RUNS'] ?? count);

const isKnown = (value: number): boolean => !Number.isNaN(value);

describe.each(Object.entries(BAR_KINDS))('every function of the prelude on bars %s', (_, barsOf) => {
  test('has the bits of the interpreter: in one piece, bar by bar, and in pieces by fresh instances from a copy of the state', () => {
    let known = 0;
    fc.assert(
      fc.property(anySeeds, anyCuts, (seeds, cuts) => {
        const bars = barsOf(seeds);
        for (const series of EVERY) {
          const input = inputOf(series, bars);
          const expected = interpretSeries(series, input);
          const rows = seeds.length;
          expect(firstDifference(series, emittedInPieces(series, input, [0, rows]), expected)).toBeNull();
          expect(firstDifference(series, emittedBarByBar(series, input), expected)).toBeNull();
          expect(firstDifference(series, emittedInPieces(series, input, edgesOf(rows, cuts)), expected)).toBeNull();
          for (const values of expected) {
            known += values.filter(isKnown).length;
            expect([series.expressions[0]!.text, values.find((value) => Math.abs(value) === Infinity)]).toEqual([
              series.expressions[0]!.text,
              undefined,
            ]);
          }
        }
      }),
      { numRuns: runs(4), endOnFailure: true },
    );
    expect(known).toBeGreaterThan(10_000);
  });

  test('says the same of a bar whatever comes after it, or nothing', () => {
    fc.assert(
      fc.property(anySeeds, anySeeds, fc.integer({ min: 1, max: 60 }), (seeds, others, seen) => {
        const bars = barsOf(seeds);
        const poisoned = barsOf([...seeds.slice(0, seen), ...others]);
        for (const series of EVERY) {
          const whole = valuesOf(series, bars);
          expect(firstDifference(series, valuesOf(series, cut(bars, 0, seen)), whole, seen)).toBeNull();
          expect(firstDifference(series, valuesOf(series, poisoned), whole, seen)).toBeNull();
        }
      }),
      { numRuns: runs(8), endOnFailure: true },
    );
  });
});

function valuesOf(series: PreparedSeries, bars: Parameters<typeof inputOf>[1]): readonly Float64Array[] {
  return emittedInPieces(series, inputOf(series, bars), [0, bars.close.length]);
}

test('functions that share a program have the bits that each has alone', () => {
  // As many as one program may hold, their parts written out.
  const parts = Array.from({ length: Math.ceil(EVERY.length / 60) }, (_, part) => EVERY.slice(60 * part, 60 * (part + 1)));
  const together = parts.map((part) => prepared(part.map(({ expressions }) => expressions[0]!.text)));
  fc.assert(
    fc.property(anySeeds, anyCuts, (seeds, cuts) => {
      const bars = BAR_KINDS['a walk with rests']!(seeds);
      for (const [place, series] of together.entries()) {
        const alone = parts[place]!.flatMap((one) => valuesOf(one, bars));
        expect(firstDifference(series, emittedInPieces(series, inputOf(series, bars), edgesOf(seeds.length, cuts)), alone)).toBeNull();
      }
    }),
    { numRuns: runs(10), endOnFailure: true },
  );
});

describe('what is wrong is found', () => {
  const bars = BAR_KINDS['a walk with rests']!(seedsOf(3, 90));
  const planted = ['sma(close, 5)', 'ema(close, 5)', 'sum_since(close > open, volume)', 'rsi(close, 5)', 'highest(close - open, 5)'].map(
    (text) => prepared([text]),
  );
  const differs = (series: PreparedSeries, change: (text: string) => string): boolean => {
    const input = inputOf(series, bars);
    const edges = edgesOf(90, [20, 40, 60]);
    return firstDifference(series, emittedInPieces(series, input, edges, change), interpretSeries(series, input)) !== null;
  };

  test.each<[string, (text: string) => string]>([
    ['a value', (text) => text.replaceAll('o0[i]=', 'o0[i]=1e-9+')],
    ['a bar of the future', (text) => text.replaceAll('o0[i]=', 'o0[i]=0*C[4][i+1]+')],
    [
      'a memory beside the state',
      (text) => text.replace('function series(', 'let t=0;function series(').replaceAll('o0[i]=', 'o0[i]=(t+=1)*1e-9+'),
    ],
  ])('%s', (_, change) => {
    for (const series of planted)
      expect([series.expressions[0]!.text, differs(series, (text) => text), differs(series, change)]).toEqual([
        series.expressions[0]!.text,
        false,
        true,
      ]);
  });

  test('a state that is not carried', () => {
    const forgetful = (text: string): string =>
      text.replace(/function series\(([^)]*)\)\{/, (head) => `${head}S=new Float64Array(S.length);`);
    expect(planted.map((series) => differs(series, forgetful))).toEqual([true, true, true, true, true]);
  });
});
