import { averageRange, type Data, type Definition, ema, mean, na, past, recursive, trueRanges, turns, window } from './series-math.ts';

/** Price structure, conditions of the market and stops by their definitions. */
export const STRUCTURE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  'swings(N, 2).high': (data, n) => swingsOf(data.high, n, 2).map(({ now }) => now),
  'swings(N, 2).low': (data, n) => swingsOf(data.low.map(negative), n, 2).map(({ now }) => -now),
  'swings(N, 2).high_bars': (data, n) => swingsOf(data.high, n, 2).map(({ bars }) => bars),
  'swings(N, 2).low_bars': (data, n) => swingsOf(data.low.map(negative), n, 2).map(({ bars }) => bars),
  'swings(N, 2).last_high': (data, n) => swingsOf(data.high, n, 2).map(({ before }) => before),
  'swings(N, 2).last_low': (data, n) => swingsOf(data.low.map(negative), n, 2).map(({ before }) => -before),
  'if swings(N, 2).up then 1 else 0': (data, n) => structure(data, n, 1),
  'if swings(N, 2).down then 1 else 0': (data, n) => structure(data, n, -1),
  'fractal(N).high': ({ high }, n) => turns(high, n, n),
  'fractal(N).low': ({ low }, n) => turns(low.map(negative), n, n).map(negative),
  'fcb(N).upper': ({ high }, n) => swingsOf(high, n, n).map(({ now }) => now),
  'fcb(N).lower': ({ low }, n) => swingsOf(low.map(negative), n, n).map(({ now }) => -now),
  'gap_size()': (data) => gapsOf(data).map(({ size }, i) => size - gapsOf(upsideDown(data))[i]!.size),
  'price_gaps().up_edge': (data) => gapsOf(data).map(({ edge }) => edge),
  'price_gaps().up_left': (data) => gapsOf(data).map(({ left }) => left),
  'if price_gaps().up_open then 1 else 0': (data) => gapsOf(data).map(({ left }) => (Number.isNaN(left) ? na : Number(left > 0))),
  'price_gaps().down_edge': (data) => gapsOf(upsideDown(data)).map(({ edge }) => -edge),
  'price_gaps().down_left': (data) => gapsOf(upsideDown(data)).map(({ left }) => left),
  'efficiency_ratio(X, N)': ({ x }, n) =>
    window(x, n + 1, (w) => {
      const path = w.slice(1).reduce((sum, value, k) => sum + Math.abs(value - w[k]!), 0);
      return path > 0 ? Math.abs(w[n]! - w[0]!) / path : 0;
    }),
  'volatility_trend(N, 3).ratio': (data, n) => volatilityRatio(data, n),
  'if volatility_trend(N, 3).rising then 1 else 0': (data, n) => compared(volatilityRatio(data, n), (ratio) => ratio > 1.1),
  'if volatility_trend(N, 3, 0.25).falling then 1 else 0': (data, n) => compared(volatilityRatio(data, n), (ratio) => ratio < 0.75),
  'if volatility_trend(N, 3).steady then 1 else 0': (data, n) =>
    compared(volatilityRatio(data, n), (ratio) => Math.abs(ratio - 1) <= 0.1 + 1e-12),
  'if market_condition(N, 2).up then 1 else 0': (data, n) => conditionOf(data, n, 'up'),
  'if market_condition(N, 2).down then 1 else 0': (data, n) => conditionOf(data, n, 'down'),
  'if market_condition(N, 2).volatile then 1 else 0': (data, n) => conditionOf(data, n, 'volatile'),
  'if market_condition(N, 2).range then 1 else 0': (data, n) => conditionOf(data, n, 'range'),
  'kcw(X, N, 1.5)': (data, n) => quotients(ema([na, ...trueRanges(data).slice(1)], n), ema(data.x, n)).map((share) => 3 * share),
  'kcw(X, N, 1, plain: close > 0)': (data, n) =>
    quotients(
      ema(
        data.high.map((top, i) => top - data.low[i]!),
        n,
      ),
      ema(data.x, n),
    ).map((share) => 2 * share),
  iii: ({ high, low, close, volume }) =>
    high.map((top, i) => {
      if (volume[i] === 0) return na;
      return top === low[i] ? 0 : (2 * close[i]! - top - low[i]!) / (top - low[i]!) / volume[i]!;
    }),
  'anchored_vwap(C, X)': (data) => weighted(data, false).map(({ middle }) => middle),
  'vwap_bands(X, C, 2).mid': (data) => weighted(data, true).map(({ middle }) => middle),
  'vwap_bands(X, C, 2).upper': (data) => weighted(data, true).map(({ middle, deviation }) => middle + 2 * deviation),
  'vwap_bands(X, C).lower': (data) => weighted(data, true).map(({ middle, deviation }) => middle - deviation),
  'mfi(X, N)': ({ x, volume }, n) =>
    window(
      x.map((value, i) => (Number.isNaN(value - past(x, 1)[i]!) ? na : i)),
      n,
      (places) => {
        const flow = (sign: number): number =>
          places.reduce((sum, i) => sum + (Math.sign(x[i]! - x[i - 1]!) === sign ? x[i]! * volume[i]! : 0), 0);
        return flow(1) + flow(-1) > 0 ? (100 * flow(1)) / (flow(1) + flow(-1)) : 50;
      },
    ),
  'cci(X, N)': ({ x }, n) =>
    window(x, n, (w) => {
      const distance = mean(w.map((value) => Math.abs(value - mean(w))));
      return new Set(w).size === 1 ? 0 : (w[n - 1]! - mean(w)) / (0.015 * distance);
    }),
};

const negative = (x: number): number => -x;
const quotients = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value / b[i]!);
const compared = (x: readonly number[], f: (value: number) => boolean): number[] =>
  x.map((value) => (Number.isNaN(value) ? na : Number(f(value))));

/** Prices below zero, so that what was high is low. */
const upsideDown = ({ high, low, ...data }: Data): Data => ({ ...data, high: low.map(negative), low: high.map(negative) });

/** Of each bar the last confirmed top, the one before it, and how many bars ago the last one was. */
function swingsOf(x: readonly number[], left: number, right: number): { now: number; before: number; bars: number }[] {
  const tops = turns(x, left, right);
  return x.map((_, i) => {
    const known = tops.flatMap((top, k) => (k <= i && !Number.isNaN(top) ? [k] : []));
    const [last, before] = [known.at(-1), known.at(-2)];
    return {
      now: last === undefined ? na : tops[last]!,
      before: before === undefined ? na : tops[before]!,
      bars: last === undefined ? na : i - (last - right),
    };
  });
}

/** Whether both swings are above (1) or below (-1) those before; na where that is not known, and what is known does not say no. */
function structure({ high, low }: Data, left: number, sign: 1 | -1): number[] {
  const tops = swingsOf(high, left, 2);
  const bottoms = swingsOf(low.map(negative), left, 2);
  return tops.map((top, i) => {
    const steps = [sign * (top.now - top.before), sign * (bottoms[i]!.before - bottoms[i]!.now)];
    if (steps.some((step) => step <= 0)) return 0;
    return steps.some(Number.isNaN) ? na : 1;
  });
}

function gapsOf({ high, low }: Data): { size: number; edge: number; left: number }[] {
  return high.map((_, i) => {
    const from = high.findLastIndex((__, k) => k > 0 && k <= i && low[k]! > high[k - 1]!);
    const edge = from < 0 ? na : high[from - 1]!;
    return {
      size: i === 0 ? na : Math.max(low[i]! - high[i - 1]!, 0),
      edge,
      left: from < 0 ? na : Math.max(Math.min(...low.slice(from, i + 1)) - edge, 0),
    };
  });
}

function volatilityRatio(data: Data, n: number): number[] {
  const shares = quotients(averageRange(data, n), data.close);
  return quotients(shares, window(shares, 3, mean)).map((ratio, i) =>
    i >= 2 && shares.slice(i - 2, i + 1).every((share) => share === 0) ? 1 : ratio,
  );
}

/** The rule of market_condition with its usual limits, over `n` bars and a history of 2. */
function conditionOf(data: Data, n: number, wanted: 'up' | 'down' | 'volatile' | 'range'): number[] {
  const { close } = data;
  const efficiency = STRUCTURE_DEFINITIONS['efficiency_ratio(X, N)']!({ ...data, x: close }, n);
  const strength = directionalIndex(data);
  const shares = quotients(averageRange(data, 14), close);
  const volatility = window(shares, 3, ([a = 0, b = 0, c = 0]) => 50 * (Number(a <= c) + Number(b <= c)));
  return close.map((price, i) => {
    if (Number.isNaN(efficiency[i]! + strength[i]! + volatility[i]!)) return na;
    if (efficiency[i]! >= 0.3 && strength[i]! >= 20) return Number((price > close[i - n]! ? 'up' : 'down') === wanted);
    return Number((volatility[i]! >= 80 ? 'volatile' : 'range') === wanted);
  });
}

/** Wilder's adx of 14 bars. */
function directionalIndex(data: Data): number[] {
  const { high, low } = data;
  const moves = high.map((top, i) => ({ up: top - (high[i - 1] ?? na), down: (low[i - 1] ?? na) - low[i]! }));
  const smooth = (f: (move: { up: number; down: number }) => number): number[] => recursive(moves.map(f), 14, 1 / 14);
  const plus = smooth(({ up, down }) => (Number.isNaN(up) ? na : up > down && up > 0 ? up : 0));
  const minus = smooth(({ up, down }) => (Number.isNaN(up) ? na : down > up && down > 0 ? down : 0));
  const oneSided = plus.map((way, i) => {
    const both = way + minus[i]!;
    return both === 0 ? 0 : (100 * Math.abs(way - minus[i]!)) / both;
  });
  return recursive(oneSided, 14, 1 / 14);
}

/** Mean and deviation of x by volume since C was true; before the first time, where that counts, since the first bar. */
function weighted({ x, c, volume }: Data, countsBefore: boolean): { middle: number; deviation: number }[] {
  return x.map((_, i) => {
    const anchor = c.lastIndexOf(1, i);
    if (anchor < 0 && !countsBefore) return { middle: na, deviation: na };
    const places = x.flatMap((value, k) => (k >= Math.max(anchor, 0) && k <= i && !Number.isNaN(value) ? [k] : []));
    const traded = places.reduce((sum, k) => sum + volume[k]!, 0);
    if (traded === 0) return { middle: na, deviation: na };
    const middle = places.reduce((sum, k) => sum + x[k]! * volume[k]!, 0) / traded;
    const squares = places.reduce((sum, k) => sum + (x[k]! - middle) ** 2 * volume[k]!, 0) / traded;
    return { middle, deviation: Math.sqrt(squares) };
  });
}
