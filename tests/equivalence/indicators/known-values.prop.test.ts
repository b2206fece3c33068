import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import { UNFORGETTING } from '#dsl/check/kept-starts.ts';
import { BARE_CONDITION, BARE_SOURCE, callOf, withInputs } from '#dsl/prelude/testing/function-calls.ts';
import { functionText, ONLY_FIRST, SOURCE_RULES } from '#dsl/prelude/testing/function-text.ts';
import { FAMILIES, type PreludeFunction } from '#dsl/prelude/testing/prelude-functions.ts';
import { hasSource } from '#dsl/prelude/testing/text-problems.ts';
import { BAR_KINDS, seedsOf, type TimedBars } from './bar-kinds.ts';
import { cut, emittedInPieces, inputOf, prepared } from './called-function.ts';

/** What functions say of na and of the past that they need, against the values that they have. */
const FUNCTIONS = FAMILIES.flatMap(({ functions }) => functions);
/** An na in the source where nothing was traded. */
const GAPPED_SOURCE = '(if volume == 0 then na else close)';
const runs = (count: number): number => Number(process.env['STRAT_FC_RUNS'] ?? count);

const bareOf = (one: PreludeFunction): PreparedSeries => prepared([withInputs(callOf(one), BARE_SOURCE, BARE_CONDITION)]);
const valuesOf = (series: PreparedSeries, bars: TimedBars): readonly Float64Array[] =>
  emittedInPieces(series, inputOf(series, bars), [0, bars.close.length]);

describe('what a function says of na', () => {
  const ROWS = 160;

  /** Bars behind each gap on which a value is lost that would be there without it. */
  function lostBehind(gapped: PreparedSeries, bare: PreparedSeries, bars: TimedBars, gap: number): readonly number[] {
    const volume = bars.volume.map((value, bar) => (bar === gap ? 0 : value));
    const [found, whole] = [valuesOf(gapped, { ...bars, volume }), valuesOf(bare, { ...bars, volume })];
    return whole.flatMap((values, place) =>
      [...values.keys()].filter((bar) => !Number.isNaN(values[bar]) && Number.isNaN(found[place]![bar])).map((bar) => bar - gap),
    );
  }

  const withSource = FUNCTIONS.filter(hasSource).map((one) => ({
    one,
    bare: bareOf(one),
    gapped: prepared([withInputs(callOf(one), GAPPED_SOURCE, BARE_CONDITION)]),
  }));

  /** What is seen of each of them: by which of SOURCE_RULES it goes, and whether it comes back. */
  function seenOf(samples: readonly number[]): ReadonlyMap<string, string> {
    const cases = samples.map((seed) => ({ bars: BAR_KINDS['always moving']!(seedsOf(seed, ROWS)), gap: 60 + (seed % 20) }));
    return new Map(
      withSource.map(({ one, bare, gapped }) => {
        const lost = new Set(cases.flatMap(({ bars, gap }) => lostBehind(gapped, bare, bars, gap)));
        const rule = lost.has(1) ? 2 : lost.has(0) ? 1 : 0;
        const needed = bare.expressions[0]!.lookBack;
        const isLasting = [...lost].some((bars) => bars < 0 || bars > 2 * needed + 1);
        return [one.name, isLasting ? 'lasts' : SOURCE_RULES[rule]];
      }),
    );
  }

  test('is what an na in its source does, and values come back', () => {
    const seen = seenOf(fc.sample(fc.nat(), runs(40)));
    const said = withSource.map(({ one }): [string, string | undefined] => [
      one.name,
      SOURCE_RULES.find((rule) => functionText(one.doc!).na!.startsWith(rule)),
    ]);
    expect([...seen]).toEqual(said);
  });

  test('is all that there is to say: what is na for no other cause is known on every bar from its first value on', () => {
    const always = FUNCTIONS.filter((one) => [...SOURCE_RULES, ONLY_FIRST].some((rule) => functionText(one.doc!).na === `${rule}.`));
    const series = always.map(bareOf);
    expect(always.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...Object.keys(BAR_KINDS)), (seed, kind) => {
        const bars = BAR_KINDS[kind]!(seedsOf(seed, ROWS));
        for (const [place, one] of series.entries()) {
          const { lookBack } = one.expressions[0]!;
          for (const values of valuesOf(one, bars)) {
            const lost = values.findIndex((value, bar) => bar >= lookBack && Number.isNaN(value));
            expect([always[place]!.name, kind, lost]).toEqual([always[place]!.name, kind, -1]);
          }
        }
      }),
      { numRuns: runs(150), endOnFailure: true },
    );
  });
});

const PLAIN: ReadonlySet<string> = new Set(['number', 'percent', 'ratio']);

describe('a run that starts at a later bar', () => {
  /** Bars that are compared. */
  const COMPARED = 150;
  /** Share of the largest value or input: what is left of a start when a value may be acted on (docs/engine.md). */
  const BOUND = 1e-6;
  /** A quotient of two such values has what is left of both, and its divisor may be smaller than what the averages began with. */
  const QUOTIENT_BOUND = 1e-5;
  // What keeps its start says so; the oldest of all bars is no part of a market.
  const forgetting = FUNCTIONS.filter(({ name }) => !UNFORGETTING.has(name)).flatMap((one) => {
    const call = withInputs(callOf(one), BARE_SOURCE, BARE_CONDITION);
    return [...new Set([call, call.replaceAll(/\b5\b/g, '40')])].map((text) => ({ text, series: prepared([text]) }));
  });
  const longest = Math.max(...forgetting.map(({ series }) => series.expressions[0]!.warmUp));

  /** Functions whose values differ once they have settled. @param share of its warm-up that a run gets */
  function differing(seed: number, from: number, share: number): readonly string[] {
    const market = onGrid(BAR_KINDS['always moving']!(seedsOf(seed, from + longest + COMPARED)));
    const [price, volume] = [market.high, market.volume].map((values) => values.reduce((most, value) => Math.max(most, value), 0));
    return forgetting.flatMap(({ text, series }) => {
      const settled = from + Math.floor(series.expressions[0]!.warmUp * share);
      const bars = cut(market, 0, settled + COMPARED);
      const [whole, part] = [valuesOf(series, bars), valuesOf(series, cut(bars, from, bars.close.length))];
      const isSame = whole.every((values, place) => {
        const scale = values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), readsVolume(series) ? volume! : price!);
        const bound = scale * (PLAIN.has(series.expressions[0]!.results[place]!.kind) ? QUOTIENT_BOUND : BOUND);
        return values.every((value, bar) => bar < settled || isNear(value, part[place]![bar - from]!, bound));
      });
      return isSame ? [] : [text];
    });
  }

  test('has the values of one that started earlier, once it has settled', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 200 }), (seed, from) => {
        expect(differing(seed, from, 1)).toEqual([]);
      }),
      { numRuns: runs(20), endOnFailure: true },
    );
  });

  test('and is found out where it has not', () => {
    expect(differing(1, 150, 0.2)).toEqual(
      expect.arrayContaining([
        'sma(close, 5)',
        'ema(close, 40)',
        'rsi(close, 40)',
        'atr(40)',
        'tema(close, 40)',
        'macd(close, 3, 6, 4)',
        'adx(5)',
        'linreg(close, 5, 0)',
      ]),
    );
  });
});

function readsVolume({ program }: PreparedSeries): boolean {
  return program.graph.nodes.some((node) => node.op === 'column' && 'name' in node.column && node.column.name === 'volume');
}

function isNear(a: number, b: number, distance: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= distance;
}

/** Prices in 128ths, whose sums have no rounding: what compares them says the same wherever the sum began. */
function onGrid(bars: TimedBars): TimedBars {
  const exact = (x: readonly number[]): number[] => x.map((value) => Math.round(value * 100) / 128);
  return {
    ...bars,
    open: exact(bars.open),
    high: exact(bars.high),
    low: exact(bars.low),
    close: exact(bars.close),
    volume: bars.volume.map((value) => Math.round(value * 7)),
  };
}
