import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRELUDE_MODULES } from './modules.ts';
import { callTexts, EVERY_CALL } from './testing/every-function.ts';
import { stepOf, walk, type WalkedBars } from './testing/price-walk.ts';
import type { Program } from '#dsl/program.ts';
import { barColumns, type Bars, hostColumn, plottedPrograms, programValues } from './testing/series-values.ts';

const HOUR_MS = 3_600_000;

const anySteps = fc.array(fc.nat(2 ** 30), { minLength: 60, maxLength: 90 }).map((seeds) => seeds.map(stepOf));

const TEXTS = callTexts('close', 'close > open');
const PROGRAMS = plottedPrograms(TEXTS);

const allValues = (programs: readonly Program[], bars: Bars, host?: Parameters<typeof programValues>[2]): readonly Float64Array[] =>
  programs.flatMap((program) => programValues(program, bars, host));

/** Where two runs first differ in bits, up to a bar. */
function firstDifference(a: readonly Float64Array[], b: readonly Float64Array[], bars: number): string | null {
  for (const [place, text] of TEXTS.entries()) {
    for (let bar = 0; bar < bars; bar += 1) {
      if (!Object.is(a[place]![bar], b[place]![bar])) return `${text} at bar ${bar}: ${a[place]![bar]} and ${b[place]![bar]}`;
    }
  }
  return null;
}

describe('every function of the prelude', () => {
  it('is called here', () => {
    const names = PRELUDE_MODULES.flatMap(({ source }) => [...source.matchAll(/^export def (\w+)/gm)].map(([, name]) => name!));
    const called = new Set(EVERY_CALL.flatMap(({ text }) => text.match(/\w+/g) ?? []));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
  });

  it('says the same of a bar whatever comes after it', () => {
    fc.assert(
      fc.property(anySteps, anySteps, fc.integer({ min: 1, max: 60 }), (steps, others, known) => {
        const whole = allValues(PROGRAMS, walk(steps));
        const prefix = allValues(PROGRAMS, walk(steps.slice(0, known)));
        const poisoned = allValues(PROGRAMS, walk([...steps.slice(0, known), ...others]));
        expect(firstDifference(whole, prefix, known)).toBeNull();
        expect(firstDifference(whole, poisoned, known)).toBeNull();
      }),
      { numRuns: 6 },
    );
  });

  it('scales with the price', () => {
    fc.assert(
      // Powers of two change no digit, so not a bit may differ.
      fc.property(anySteps, fc.constantFrom(-30, 20), (steps, exponent) => {
        const factor = 2 ** exponent;
        const [plain, scaled] = [allValues(PROGRAMS, walk(steps)), allValues(PROGRAMS, walk(steps, factor))];
        const expected = plain.map((values, place) => values.map((value) => value * factor ** EVERY_CALL[place]!.power));
        expect(firstDifference(scaled, expected, steps.length)).toBeNull();
      }),
      { numRuns: 6 },
    );
  });

  it('stays within its range, and is never infinite', () => {
    const ranges = Object.assign({}, ...PRELUDE_MODULES.map((module) => module.ranges)) as Readonly<
      Record<string, readonly [number, number]>
    >;
    const rangeOf = (text: string): readonly [number, number] =>
      ranges[text.replace(/\(.*\)/, '')] ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
    expect(Object.keys(ranges).filter((name) => !TEXTS.some((text) => text.replace(/\(.*\)/, '') === name))).toEqual([]);
    fc.assert(
      // Prices that only rise lead to the ends of many ranges.
      fc.property(anySteps, fc.boolean(), (steps, rises) => {
        const values = allValues(PROGRAMS, walk(rises ? steps.map((step) => ({ ...step, move: Math.abs(step.move), gap: 0 })) : steps));
        for (const [place, text] of TEXTS.entries()) {
          const [low, high] = rangeOf(text);
          const wrong = values[place]!.findIndex((value) => value < low || value > high);
          expect([text, values[place]![wrong]]).toEqual([text, undefined]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is na where its source is, and soon knows again', () => {
    // What counts from an event on, or is made to do without values.
    const goesOn = /^(nz|value_when|highest_since|lowest_since|sum_since|vwap|cum)\(/;
    // The changes over 30 bars that kst averages over 15.
    const remembersLong = /^kst\(/;
    const gap = 45;
    const texts = callTexts(`(if bar_index == ${gap} then na else close)`, 'close > open');
    const ofSource = EVERY_CALL.flatMap(({ text }, place) => (/\bX\b/.test(text) ? [place] : []));
    const withGap = plottedPrograms(texts);
    fc.assert(
      fc.property(anySteps, (steps) => {
        const bars = walk(steps);
        const [values, whole] = [allValues(withGap, bars), allValues(PROGRAMS, bars)];
        for (const place of ofSource) {
          const atGap = goesOn.test(texts[place]!) ? Number.NaN : values[place]![gap];
          expect([texts[place], atGap]).toEqual([texts[place], Number.NaN]);
          if (remembersLong.test(texts[place]!)) continue;
          const lost = values[place]!.findIndex(
            (value, bar) => bar >= gap + 15 && Number.isNaN(value) && !Number.isNaN(whole[place]![bar]),
          );
          expect([texts[place], lost]).toEqual([texts[place], -1]);
        }
      }),
      { numRuns: 5 },
    );
  });

  /** What stands still for 40 bars, without volume, after prices that leave rounding errors in every sum. */
  const STILL: Readonly<Record<string, number>> = {
    'roc(X, 3)': 0,
    'mom(X, 3)': 0,
    tr: 0,
    'stoch(5, 3, 2).k': 50,
    'stoch(5, 3, 2).d': 50,
    'stoch_rsi(X, 5, 3, 2).k': 50,
    'stoch_rsi(X, 5, 3, 2).d': 50,
    'williams_r(5)': -50,
    'cci(5)': 0,
    'mfi(5)': 50,
    'cmo(X, 5)': 0,
    'chop(5)': 50,
    'bbands(X, 5, 2).pct': 0.5,
    'cmf(5)': 0,
    'zscore(X, 5)': 0,
    'percentile_rank(X, 5)': 100,
    'corr(X, volume, 5)': Number.NaN,
    'beta(X, open, 5)': Number.NaN,
    'vwma(X, 5)': Number.NaN,
    'fosc(X, 5)': 0,
    'r_squared(X, 5)': Number.NaN,
    'linreg_error(X, 5)': 0,
    'autocorrelation(X, 5, 2)': Number.NaN,
    'highest_bars(X, 5)': 0,
    'lowest_bars(X, 5)': 0,
    'vhf(X, 5)': 0,
    'ultosc(3, 5, 7)': 50,
    'imi(5)': 50,
    bop: 0,
    clv: 0,
    'rvgi(5).line': 0,
    'rvgi(5).signal': 0,
    'vortex(5).plus': 0,
    'vortex(5).minus': 0,
    'ulcer(X, 5)': 0,
    'parkinson(5)': 0,
    'garman_klass(5)': 0,
    'rogers_satchell(5)': 0,
    'volume_osc(3, 5)': Number.NaN,
    'eom(5)': Number.NaN,
    bw_mfi: Number.NaN,
    'qstick(5)': 0,
    'wvad(5)': 0,
    'pivot_high(X, 2, 2)': Number.NaN,
    'pivot_low(X, 2, 2)': Number.NaN,
  };

  const AT_PRICE =
    /^(sma|ema|rma|wma|hma|dema|tema|median|linreg|avg|trima|swma|zlema|t3|mcginley|frama|midpoint|linreg_intercept|tsf|heikin_ashi|starc.*mid|envelope.*mid|highest|lowest|bbands.*(mid|upper|lower)|donchian.*)\(/;

  it('has its documented value when prices stand still and nothing is traded', () => {
    expect(Object.keys(STILL).filter((text) => !EVERY_CALL.some((call) => call.text === text))).toEqual([]);
    fc.assert(
      fc.property(anySteps, (steps) => {
        const bars = walk([...steps, ...Array.from({ length: 40 }, () => ({ move: 0, gap: 0, up: 0, down: 0, volume: 0 }))]);
        const values = allValues(PROGRAMS, bars);
        const last = bars.close.length - 1;
        for (const [place, { text }] of EVERY_CALL.entries()) {
          // Nothing may have happened yet.
          if (/^(since|value_when|highest_since|lowest_since|sum_since|vwap)\(/.test(text)) continue;
          const found = values[place]![last]!;
          const expected = STILL[text] ?? found;
          const isSame = Number.isNaN(expected) ? Number.isNaN(found) && STILL[text] !== undefined : Math.abs(found - expected) < 1e-9;
          expect([text, isSame, found]).toEqual([text, true, found]);
          // Averages and bands are at the price, but for what they remember.
          const isAtPrice = !AT_PRICE.test(text) || Math.abs(found / bars.close[last]! - 1) < 1e-2;
          expect([text, isAtPrice]).toEqual([text, true]);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is on a longer chart what it is on those bars, as far as they have closed', () => {
    const onLonger = plottedPrograms(TEXTS.map((text) => `(${text}) on 4h`));
    fc.assert(
      fc.property(anySteps, (steps) => {
        const bars = walk(steps);
        const longer = fourthBars(bars);
        const longerColumns = barColumns(longer);
        const values = allValues(onLonger, bars, ({ chart, column }) => {
          if (column.kind === 'closeTime') return Float64Array.from(steps, (_, bar) => (bar + 1) * (chart === 0 ? 1 : 4) * HOUR_MS);
          return column.kind === 'bar' ? longerColumns[column.name] : hostColumn({ chart, column }, longerColumns, longer);
        });
        const expected = allValues(PROGRAMS, longer).map((known) =>
          Float64Array.from(steps, (_, bar) => known[Math.floor((bar + 1) / 4) - 1] ?? Number.NaN),
        );
        expect(firstDifference(values, expected, steps.length)).toBeNull();
      }),
      { numRuns: 4 },
    );
  });
});

/** Four bars as one; what is left over has not closed. */
function fourthBars(bars: WalkedBars): WalkedBars & { readonly time: readonly number[] } {
  const places = Array.from({ length: Math.floor(bars.close.length / 4) }, (_, place) => 4 * place);
  const fold = (x: readonly number[], f: (four: readonly number[]) => number): number[] => places.map((from) => f(x.slice(from, from + 4)));
  return {
    time: places.map((from) => from * HOUR_MS),
    open: fold(bars.open, ([first = 0]) => first),
    high: fold(bars.high, (four) => Math.max(...four)),
    low: fold(bars.low, (four) => Math.min(...four)),
    close: fold(bars.close, (four) => four[3]!),
    volume: fold(bars.volume, (four) => four.reduce((sum, x) => sum + x, 0)),
  };
}
