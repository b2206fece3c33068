import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRELUDE_MODULES } from './modules.ts';
import { callTexts, EVERY_VALUE } from './testing/every-function.ts';
import type { CalledValue } from './testing/function-calls.ts';
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
  it('scales with the price', () => {
    fc.assert(
      // Powers of two change no digit, so not a bit may differ.
      fc.property(anySteps, fc.constantFrom(-30, 20), (steps, exponent) => {
        const factor = 2 ** exponent;
        const [plain, scaled] = [allValues(PROGRAMS, walk(steps)), allValues(PROGRAMS, walk(steps, factor))];
        const wrong = EVERY_VALUE.filter(
          ({ name, result }, place) =>
            !UNSCALED.has(name) &&
            !powersOf(result.kind).some((power) =>
              plain[place]!.every((value, bar) => Object.is(value * factor ** power, scaled[place]![bar])),
            ),
        );
        expect(wrong.map(({ text }) => text)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('stays within the range that the compiler knows of it, and is never infinite', () => {
    const declared = PRELUDE_MODULES.flatMap(({ ranges }) => Object.keys(ranges));
    expect(declared.filter((name) => !EVERY_VALUE.some((value) => keyOf(value) === name))).toEqual([]);
    fc.assert(
      // Prices that only rise lead to the ends of many ranges.
      fc.property(anySteps, fc.boolean(), (steps, rises) => {
        const values = allValues(PROGRAMS, walk(rises ? steps.map((step) => ({ ...step, move: Math.abs(step.move), gap: 0 })) : steps));
        for (const [place, { text, result }] of EVERY_VALUE.entries()) {
          const [low, high] = [Math.max(result.low, -Number.MAX_VALUE), Math.min(result.high, Number.MAX_VALUE)];
          const wrong = values[place]!.findIndex((value) => value < low || value > high);
          expect([text, values[place]![wrong]]).toEqual([text, undefined]);
        }
      }),
      { numRuns: 30 },
    );
  });

  /** What stands still for 40 bars, without volume, after prices that leave rounding errors in every sum. */
  const STILL: Readonly<Record<string, number>> = {
    roc: 0,
    mom: 0,
    tr: 0,
    'stoch.k': 50,
    'stoch.d': 50,
    'stoch_rsi.k': 50,
    'stoch_rsi.d': 50,
    williams_r: -50,
    cci: 0,
    mfi: 50,
    cmo: 0,
    chop: 50,
    'bbands.pct': 0.5,
    cmf: 0,
    zscore: 0,
    percentile_rank: 100,
    corr: Number.NaN,
    beta: Number.NaN,
    vwma: Number.NaN,
    fosc: 0,
    r_squared: Number.NaN,
    linreg_error: 0,
    autocorrelation: Number.NaN,
    highest_bars: 0,
    lowest_bars: 0,
    vhf: 0,
    ultosc: 50,
    imi: 50,
    bop: 0,
    clv: 0,
    'rvgi.line': 0,
    'rvgi.signal': 0,
    'vortex.plus': 0,
    'vortex.minus': 0,
    ulcer: 0,
    parkinson: 0,
    garman_klass: 0,
    rogers_satchell: 0,
    volume_osc: Number.NaN,
    eom: Number.NaN,
    bw_mfi: Number.NaN,
    qstick: 0,
    wvad: 0,
    hedge_ratio: Number.NaN,
    'cointegration.residual': Number.NaN,
    'cointegration.intercept': Number.NaN,
    'cointegration.hedge': Number.NaN,
    'cointegration.zscore': Number.NaN,
    'cointegration.half_life': Number.NaN,
    'cointegration.df': Number.NaN,
    pair_ratio: 1,
    relative_strength: 0,
    efficiency_ratio: 0,
    'market_condition.efficiency': 0,
    iii: Number.NaN,
    'fractal.high': Number.NaN,
    'fractal.low': Number.NaN,
    gap_size: 0,
    pivot_high: Number.NaN,
    pivot_low: Number.NaN,
    skew: Number.NaN,
    kurtosis: Number.NaN,
    mad: 0,
    entropy: 0,
    hurst: Number.NaN,
    hurst_corrected: Number.NaN,
    rci: 0,
    linreg_angle: 0,
  };

  const AT_PRICE =
    /^(mode|percentile_nearest|sma|ema|rma|wma|hma|dema|tema|median|linreg|avg|trima|swma|zlema|t3|mcginley|frama|midpoint|linreg_intercept|tsf|heikin_ashi|starc.*mid|envelope.*mid|highest|lowest|bbands.*(mid|upper|lower)|donchian.*)\(/;

  it('has its documented value when prices stand still and nothing is traded', () => {
    expect(Object.keys(STILL).filter((key) => !EVERY_VALUE.some((value) => keyOf(value) === key))).toEqual([]);
    fc.assert(
      fc.property(anySteps, (steps) => {
        const bars = walk([...steps, ...Array.from({ length: 40 }, () => ({ move: 0, gap: 0, up: 0, down: 0, volume: 0 }))]);
        const values = allValues(PROGRAMS, bars);
        const last = bars.close.length - 1;
        for (const [place, value] of EVERY_VALUE.entries()) {
          const text = value.text.replace(/^if /, '');
          const still = STILL[keyOf(value)];
          // Nothing may have happened yet.
          if (
            /^(since|value_when|highest_since|lowest_since|sum_since|(anchored_)?vwap(_bands)?|swings|fcb|price_gaps|zigzag(_atr)?|renko|range_bar|support_resistance)\b/.test(
              text,
            )
          )
            continue;
          const found = values[place]![last]!;
          const expected = still ?? found;
          const isSame = Number.isNaN(expected) ? Number.isNaN(found) && still !== undefined : Math.abs(found - expected) < 1e-9;
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

/** `rsi`, `stoch.k`. */
function keyOf({ name, result: { member } }: CalledValue): string {
  return member === null ? name : `${name}.${member}`;
}

/** An angle says how many units of the price a bar the line rises. */
const UNSCALED: ReadonlySet<string> = new Set(['linreg_angle']);

/** By which powers of the price a value may grow: what has a unit by that of its own. */
function powersOf(kind: CalledValue['result']['kind']): readonly number[] {
  if (kind === 'price' || kind === 'money') return [1];
  return kind === 'number' ? [0, 1, 2] : [0];
}

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
