import { averageRange, type Data, type Definition, ema, mean, minus, moment, na, pairs, past, turns, window } from './series-math.ts';

/** Indicators that no reference has, or that it has in another convention, by the formulas of their authors. Calls as in definitions.ts. */
export const INDICATOR_DEFINITIONS: Readonly<Record<string, Definition>> = {
  'zlema(X, N)': ({ x }, n) =>
    ema(
      x.map((value, i) => value + (value - past(x, Math.floor((n - 1) / 2))[i]!)),
      n,
    ),
  'vidya(X, N, 3)': ({ x }, n) => {
    const speed = momentum(x, 3).map((cmo) => (2 / (n + 1)) * (Math.abs(cmo) / 100));
    return adaptive(x, speed);
  },
  'frama(X, N)': ({ x, high, low }, n) => {
    const half = Math.max(Math.floor(n / 2), 1);
    const range = (i: number, size: number): number =>
      Math.max(...high.slice(i - size + 1, i + 1)) - Math.min(...low.slice(i - size + 1, i + 1));
    const speed = x.map((_, i) => {
      if (i < 2 * half - 1) return na;
      const [n1, n2, n3] = [range(i, half) / half, range(i - half, half) / half, range(i, 2 * half) / (2 * half)];
      const dimension = n3 > 0 ? Math.log((n1 + n2) / n3) / Math.log(2) : 1;
      return Math.min(Math.max(Math.exp(-4.6 * (dimension - 1)), 0.01), 1);
    });
    return adaptive(x, speed);
  },
  'highest_bars(X, N)': ({ x }, n) => window(x, n, (w) => n - 1 - w.lastIndexOf(Math.max(...w))),
  'lowest_bars(X, N)': ({ x }, n) => window(x, n, (w) => n - 1 - w.lastIndexOf(Math.min(...w))),
  'cum(X)': ({ x }) => running(x.map((value) => (Number.isNaN(value) ? 0 : value))),
  'autocorrelation(X, N + 1, 2)': ({ x }, n) =>
    pairs(x, past(x, 2), n + 1, (a, b) => (isStill(a) || isStill(b) ? na : moment(a, b) / Math.sqrt(moment(a, a) * moment(b, b)))),
  'ulcer(X, N)': ({ x }, n) => {
    const highest = window(x, n, (w) => Math.max(...w));
    const falls = x.map((value, i) => (value - highest[i]!) / highest[i]!);
    return window(falls, n, (w) => Math.sqrt(mean(w.map((fall) => fall ** 2))));
  },
  'mass_index(N)': ({ high, low }, n) => {
    const once = ema(minus(high, low), 9);
    return window(quotients(once, ema(once, 9)), n, (w) => mean(w) * n);
  },
  'apo(X, N, 4)': ({ x }, n) => minus(ema(x, n), ema(x, 4)),
  'ppo(X, N, 4, 2).signal': ({ x }, n) => ema(quotients(minus(ema(x, n), ema(x, 4)), ema(x, 4)), 2),
  'ppo(X, N, 4, 2).hist': ({ x }, n) => {
    const line = quotients(minus(ema(x, n), ema(x, 4)), ema(x, 4));
    return minus(line, ema(line, 2));
  },
  'accelerator(N, 4, 3)': ({ high, low }, n) => {
    const middle = high.map((value, i) => (value + low[i]!) / 2);
    const awesome = minus(window(middle, n, mean), window(middle, 4, mean));
    return minus(awesome, window(awesome, 3, mean));
  },
  'imi(N)': ({ open, close }, n) =>
    window(minus(close, open), n, (w) => {
      const [up, down] = [w.filter((body) => body > 0), w.filter((body) => body < 0)].map((w2) => w2.reduce((a, b) => a + Math.abs(b), 0));
      return up! + down! > 0 ? (100 * up!) / (up! + down!) : 50;
    }),
  'coppock(X, N, 3, 2)': ({ x }, n) => {
    const sum = rateOfChange(x, 3).map((value, i) => value + rateOfChange(x, 2)[i]!);
    return window(sum, n, (w) => w.reduce((total, value, k) => total + (k + 1) * value, 0) / ((n * (n + 1)) / 2));
  },
  'kst(close, N).line': ({ close }) => kst(close),
  'kst(close, N).signal': ({ close }, n) => window(kst(close), n, mean),
  'dpo(X, N)': ({ x }, n) => minus(x, past(window(x, n, mean), Math.floor(n / 2) + 1)),
  'stc(close, N, 2, 4)': ({ close }, n) => {
    const line = minus(ema(close, 2), ema(close, 4));
    const least = ema(close, 4).map((value) => 1e-9 * value);
    const first = halfway(line, n, least);
    return halfway(
      first,
      n,
      first.map(() => 1e-7),
    );
  },
  'rvgi(N).line': (data, n) => vigor(data, n),
  'rvgi(N).signal': (data, n) => symmetric(vigor(data, n)),
  'chande_kroll(N, 2, 3).stop_short': (data, n) => {
    const range = averageRange(data, n);
    const first = window(data.high, n, (w) => Math.max(...w)).map((top, i) => top - 2 * range[i]!);
    return window(first, 3, (w) => Math.max(...w));
  },
  'chande_kroll(N, 2, 3).stop_long': (data, n) => {
    const range = averageRange(data, n);
    const first = window(data.low, n, (w) => Math.min(...w)).map((bottom, i) => bottom + 2 * range[i]!);
    return window(first, 3, (w) => Math.min(...w));
  },
  'chandelier(N, 2).stop_short': (data, n) => {
    const range = averageRange(data, n);
    return window(data.low, n, (w) => Math.min(...w)).map((bottom, i) => bottom + 2 * range[i]!);
  },
  'pivot_high(X, N, 2)': ({ x }, n) => turns(x, n, 2),
  'pivot_low(X, N, 1)': ({ x }, n) =>
    turns(
      x.map((value) => -value),
      n,
      1,
    ).map((value) => -value),
  'eom(N)': ({ high, low, volume }, n) => {
    const middle = high.map((value, i) => (value + low[i]!) / 2);
    const one = middle.map((value, i) => ((value - (middle[i - 1] ?? na)) * 10_000 * (high[i]! - low[i]!)) / volume[i]!);
    return window(
      one.map((value, i) => (volume[i]! > 0 ? value : na)),
      n,
      mean,
    );
  },
  pvt: ({ close, volume }) => running(close.map((value, i) => (i === 0 ? 0 : ((value - close[i - 1]!) / close[i - 1]!) * volume[i]!))),
  'wvad(N)': ({ open, high, low, close, volume }, n) =>
    window(
      close.map((value, i) => (high[i] === low[i] ? 0 : (volume[i]! * (value - open[i]!)) / (high[i]! - low[i]!))),
      n,
      (w) => mean(w) * n,
    ),
  bw_mfi: ({ high, low, volume }) => high.map((value, i) => (volume[i]! > 0 ? (value - low[i]!) / volume[i]! : na)),
  ...pivotDefinitions(),
};

const isStill = (w: readonly number[]): boolean => new Set(w).size === 1;
const running = (x: readonly number[]): number[] => x.map((_, i) => x.slice(0, i + 1).reduce((sum, value) => sum + value, 0));
const quotients = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value / b[i]!);
const rateOfChange = (x: readonly number[], n: number): number[] => quotients(minus(x, past(x, n)), past(x, n));

/** Chande's momentum oscillator over the changes of n bars. */
function momentum(x: readonly number[], n: number): number[] {
  return window(minus(x, past(x, 1)), n, (w) => {
    const path = w.reduce((sum, step) => sum + Math.abs(step), 0);
    return path > 0 ? (100 * w.reduce((sum, step) => sum + step, 0)) / path : 0;
  });
}

/** Follows x at a speed of its own on each bar, from the first that has one on. */
function adaptive(x: readonly number[], speeds: readonly number[]): number[] {
  let line = na;
  return x.map((value, i) => {
    const speed = speeds[i]!;
    if (Number.isNaN(value + speed)) return na;
    line = Number.isNaN(line) ? value : (1 - speed) * line + speed * value;
    return line;
  });
}

function kst(x: readonly number[]): number[] {
  const parts = [
    [10, 10],
    [15, 10],
    [20, 10],
    [30, 15],
  ].map(([change = 0, length = 0]) => window(rateOfChange(x, change), length, mean));
  return x.map((_, i) => parts.reduce((sum, part, k) => sum + (k + 1) * part[i]!, 0));
}

/** Where x is in its range, half of the way from where it was found before. */
function halfway(x: readonly number[], n: number, least: readonly number[]): number[] {
  let line = na;
  return x.map((value, i) => {
    const w = x.slice(Math.max(0, i - n + 1), i + 1);
    if (w.length < n || w.some(Number.isNaN)) return na;
    const [bottom, top] = [Math.min(...w), Math.max(...w)];
    const found = top - bottom > least[i]! ? (100 * (value - bottom)) / (top - bottom) : null;
    if (Number.isNaN(line)) line = found ?? 50;
    else if (found !== null) line = (line + found) / 2;
    return line;
  });
}

const symmetric = (x: readonly number[]): number[] => window(x, 4, ([a = 0, b = 0, c = 0, d = 0]) => (a + 2 * b + 2 * c + d) / 6);

function vigor({ open, high, low, close }: Data, n: number): number[] {
  return pairs(symmetric(minus(close, open)), symmetric(minus(high, low)), n, (bodies, ranges) =>
    mean(ranges) > 0 ? mean(bodies) / mean(ranges) : 0,
  );
}

const PERIOD_MS = 8 * 3_600_000;

interface Period {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Of the period at hand. */
  readonly begin: number;
}

/** The last period of 8 hours that has ended, as seen from each bar. */
function lastPeriods({ time, open, high, low, close }: Data): (Period | null)[] {
  const numbers = time.map((ms) => Math.floor(ms / PERIOD_MS));
  return numbers.map((number, i) => {
    const before = numbers.slice(0, i).findLast((other) => other < number);
    if (before === undefined) return null;
    const from = numbers.indexOf(before);
    const to = numbers.lastIndexOf(before) + 1;
    return {
      open: open[from]!,
      high: Math.max(...high.slice(from, to)),
      low: Math.min(...low.slice(from, to)),
      close: close[to - 1]!,
      begin: open[numbers.indexOf(number)]!,
    };
  });
}

/** Levels of pivots around their middle, by the formulas of their authors. */
function pivotDefinitions(): Record<string, Definition> {
  const levels: Record<string, (period: Period) => number> = {
    'pivot_points(8h).pp': ({ high, low, close }) => (high + low + close) / 3,
    'pivot_woodie(8h).pp': woodie,
    'pivot_woodie(8h).r1': (p) => 2 * woodie(p) - p.low,
    'pivot_woodie(8h).r2': (p) => woodie(p) + p.high - p.low,
    'pivot_woodie(8h).r3': (p) => p.high + 2 * (woodie(p) - p.low),
    'pivot_woodie(8h).s1': (p) => 2 * woodie(p) - p.high,
    'pivot_woodie(8h).s2': (p) => woodie(p) - p.high + p.low,
    'pivot_woodie(8h).s3': (p) => p.low - 2 * (p.high - woodie(p)),
    'pivot_camarilla(8h).pp': ({ close }) => close,
    'pivot_demark(8h).pp': (p) => demark(p) / 4,
    'pivot_demark(8h).r1': (p) => demark(p) / 2 - p.low,
    'pivot_demark(8h).s1': (p) => demark(p) / 2 - p.high,
  };
  for (const [k, divisor] of [12, 6, 4, 2].entries()) {
    levels[`pivot_camarilla(8h).r${k + 1}`] = ({ high, low, close }) => close + ((high - low) * 1.1) / divisor;
    levels[`pivot_camarilla(8h).s${k + 1}`] = ({ high, low, close }) => close - ((high - low) * 1.1) / divisor;
  }
  for (const [k, share] of [0.382, 0.618, 1].entries()) {
    levels[`pivot_fibonacci(8h).r${k + 1}`] = ({ high, low, close }) => (high + low + close) / 3 + (high - low) * share;
    levels[`pivot_fibonacci(8h).s${k + 1}`] = ({ high, low, close }) => (high + low + close) / 3 - (high - low) * share;
  }
  return Object.fromEntries(
    Object.entries(levels).map(([call, level]) => [
      call,
      (data: Data) => lastPeriods(data).map((period) => (period === null ? na : level(period))),
    ]),
  );
}

function woodie({ high, low, begin }: Period): number {
  return (high + low + begin + begin) / 4;
}

function demark({ open, high, low, close }: Period): number {
  if (close < open) return high + 2 * low + close;
  return close > open ? 2 * high + low + close : high + low + 2 * close;
}
