import { CYCLE_DEFINITIONS } from './cycle-definitions.ts';
import { STATISTICS_DEFINITIONS } from './statistics-definitions.ts';
import { INDICATOR_DEFINITIONS } from './indicator-definitions.ts';
import { MACHINE_DEFINITIONS } from './machine-definitions.ts';
import { PAIRS_DEFINITIONS } from './pairs-definitions.ts';
import { STRUCTURE_DEFINITIONS } from './structure-definitions.ts';
import {
  type Data,
  type Definition,
  ema,
  isFlat,
  leastSquares,
  mean,
  minus,
  moment,
  na,
  pairs,
  past,
  recursive,
  window,
} from './series-math.ts';

/** What functions of the prelude are by their definitions, written apart from it: straight over whole arrays. */

const sorted = (w: readonly number[]): number[] => [...w].sort((a, b) => a - b);
const ofPercent = (p: number) => (w: readonly number[]) => {
  const place = ((w.length - 1) * p) / 100;
  const [a, b] = [sorted(w)[Math.floor(place)]!, sorted(w)[Math.ceil(place)]!];
  return a + (b - a) * (place - Math.floor(place));
};

/** Places from the last bar on which c was true to this one; null before. */
const sinceTrue = ({ c }: Data, i: number): readonly number[] | null => {
  const from = c.lastIndexOf(1, i);
  return from < 0 ? null : Array.from({ length: i - from + 1 }, (_, k) => from + k);
};

/** f of the known values since c was true; na when the value on that very bar is. */
const over = (data: Data, f: (values: readonly number[]) => number): number[] =>
  data.x.map((_, i) => {
    const places = sinceTrue(data, i);
    if (places === null || Number.isNaN(data.x[places[0]!]!)) return na;
    return f(places.map((place) => data.x[place]!).filter((value) => !Number.isNaN(value)));
  });

const kleene = (w: readonly number[], alike: 0 | 1, isWhole: boolean): number => {
  if (w.includes(1 - alike)) return 1 - alike;
  return isWhole && w.every((value) => value === alike) ? alike : na;
};

/** Average price since the last bar of each period's number. */
const vwap = ({ high, low, close, volume }: Data, periods: readonly number[]): number[] =>
  close.map((_, i) => {
    let from = i;
    while (from > 0 && periods[from - 1] === periods[from]) from -= 1;
    const places = Array.from({ length: i - from + 1 }, (__, k) => from + k);
    const traded = places.reduce((sum, place) => sum + volume[place]!, 0);
    const money = places.reduce((sum, place) => sum + ((high[place]! + low[place]! + close[place]!) / 3) * volume[place]!, 0);
    return traded > 0 ? money / traded : na;
  });

const HOUR_MS = 3_600_000;
const MONDAY_MS = 4 * 24 * HOUR_MS;

/** By call: X is the source, C and D the conditions, N the length. */
export const DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...INDICATOR_DEFINITIONS,
  ...MACHINE_DEFINITIONS,
  ...PAIRS_DEFINITIONS,
  ...STRUCTURE_DEFINITIONS,
  ...STATISTICS_DEFINITIONS,
  ...CYCLE_DEFINITIONS,
  'sum(X, N)': ({ x }, n) => window(x, n, (w) => mean(w) * n),
  'sma(X, N)': ({ x }, n) => window(x, n, mean),
  'mavp(X, volume / 500, 2, N + 1)': ({ x, volume }, n) =>
    window(x, n + 1, (w) => mean(w)).map((all, i) => {
      const bars = Math.floor(Math.min(Math.max(volume[i]! / 500, 2), n + 1));
      return Number.isNaN(all) ? na : mean(x.slice(i + 1 - bars, i + 1));
    }),
  'accbands(N).upper': ({ high, low }, n) =>
    window(
      high.map((h, i) => h * (1 + (4 * (h - low[i]!)) / (h + low[i]!))),
      n,
      mean,
    ),
  'accbands(N).mid': ({ close }, n) => window(close, n, mean),
  'accbands(N).lower': ({ high, low }, n) =>
    window(
      low.map((l, i) => l * (1 - (4 * (high[i]! - l)) / (high[i]! + l))),
      n,
      mean,
    ),
  'avg(X, N)': ({ x }, n) => window(x, n, mean),
  'wma(X, N)': ({ x }, n) => window(x, n, (w) => mean(w.flatMap((value, k) => Array.from({ length: k + 1 }, () => value)))),
  'highest(X, N)': ({ x }, n) => window(x, n, (w) => Math.max(...w)),
  'lowest(X, N)': ({ x }, n) => window(x, n, (w) => Math.min(...w)),
  'median(X, N)': ({ x }, n) => window(x, n, ofPercent(50)),
  'percentile(X, N, 30)': ({ x }, n) => window(x, n, ofPercent(30)),
  'percentile(X, N, 100)': ({ x }, n) => window(x, n, ofPercent(100)),
  'percentile_rank(X, N)': ({ x }, n) => window(x, n + 1, (w) => (100 * w.slice(0, n).filter((value) => value <= w[n]!).length) / n),
  'variance(X, N)': ({ x }, n) => window(x, n, (w) => moment(w, w)),
  'stdev(X, N)': ({ x }, n) => window(x, n, (w) => Math.sqrt(moment(w, w))),
  'zscore(X, N)': ({ x }, n) => window(x, n, (w) => (isFlat(w) ? 0 : (w[n - 1]! - mean(w)) / Math.sqrt(moment(w, w)))),
  'slope(X, N + 1)': ({ x }, n) => window(x, n + 1, leastSquares),
  'linreg(X, N + 1, 2)': ({ x }, n) => window(x, n + 1, (w) => mean(w) + leastSquares(w) * (n / 2 - 2)),
  'corr(X, high, N)': ({ x, high }, n) =>
    pairs(x, high, n, (a, b) => (isFlat(a) || isFlat(b) ? na : moment(a, b) / Math.sqrt(moment(a, a) * moment(b, b)))),
  'beta(X, high, N)': ({ x, high }, n) => pairs(x, high, n, (y, b) => (isFlat(b) ? na : moment(y, b) / moment(b, b))),
  'ema(X, N)': ({ x }, n) => ema(x, n),
  'rma(X, N)': ({ x }, n) => recursive(x, n, 1 / n),
  'dema(X, N)': ({ x }, n) =>
    minus(
      ema(x, n).map((value) => 2 * value),
      ema(ema(x, n), n),
    ),
  'change(X, N)': ({ x }, n) => minus(x, past(x, n)),
  'mom(X, N)': ({ x }, n) => minus(x, past(x, n)),
  'roc(X, N)': ({ x }, n) => x.map((value, i) => value / past(x, n)[i]! - 1),
  'count(C, N)': ({ c }, n) => window(c, n, (w) => w.filter((value) => value === 1).length),
  'if any(C, N) then 1 else 0': ({ c }, n) => c.map((_, i) => kleene(c.slice(Math.max(0, i - n + 1), i + 1), 0, i >= n - 1)),
  'if all(C, N) then 1 else 0': ({ c }, n) => c.map((_, i) => kleene(c.slice(Math.max(0, i - n + 1), i + 1), 1, i >= n - 1)),
  'since(C)': (data) => data.c.map((_, i) => (sinceTrue(data, i)?.length ?? na) - 1),
  'value_when(C, X)': (data) => data.c.map((_, i) => data.x[sinceTrue(data, i)?.[0] ?? -1] ?? na),
  'if latch(C, D) then 1 else 0': ({ c, d }) => c.map((_, i) => (c.lastIndexOf(1, i) > d.lastIndexOf(1, i) ? 1 : 0)),
  'highest_since(C, X)': (data) => over(data, (values) => Math.max(...values)),
  'lowest_since(C, X)': (data) => over(data, (values) => Math.min(...values)),
  'sum_since(C, X)': (data) => over(data, (values) => values.reduce((sum, value) => sum + value, 0)),
  'clamp(X, 2, 4)': ({ x }) => x.map((value) => (Number.isNaN(value) ? na : Math.min(Math.max(value, 2), 4))),
  'nz(X, 7)': ({ x }) => x.map((value) => (Number.isNaN(value) ? 7 : value)),
  'nz(X)': ({ x }) => x.map((value) => (Number.isNaN(value) ? 0 : value)),
  'mod(X - 3, N)': ({ x }, n) => x.map((value) => (((value - 3) % n) + n) % n),
  'vwap()': (data) =>
    vwap(
      data,
      data.time.map((ms) => Math.floor(ms / (24 * HOUR_MS))),
    ),
  'vwap(8h)': (data) =>
    vwap(
      data,
      data.time.map((ms) => Math.floor(ms / (8 * HOUR_MS))),
    ),
  'vwap(1w)': (data) =>
    vwap(
      data,
      data.time.map((ms) => Math.floor((ms - MONDAY_MS) / (7 * 24 * HOUR_MS))),
    ),
  'vwap(2mo)': (data) =>
    vwap(
      data,
      data.time.map((_, i) => Math.floor((data.year[i]! * 12 + data.month[i]! - 1) / 2)),
    ),
  'vwap(1y)': (data) => vwap(data, data.year),
  'vwap(C)': (data) =>
    vwap(
      data,
      data.c.map((_, i) => data.c.slice(1, i + 1).filter((value) => value === 1).length),
    ),
  'vwma(X, N)': ({ x, volume }, n) =>
    pairs(x, volume, n, (prices, volumes) => {
      const traded = mean(volumes);
      return traded > 0 ? mean(prices.map((price, k) => price * volumes[k]!)) / traded : na;
    }),
};
