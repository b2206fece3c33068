import { type Definition, leastSquaresOf, mean, moment, na, pairs, past } from './series-math.ts';

/** Functions of two markets by their definitions; the open stands for the other market. */
export const PAIRS_DEFINITIONS: Readonly<Record<string, Definition>> = {
  'pair_ratio(X, open - 2)': ({ x, open }) => x.map((value, i) => (open[i] === 2 ? na : value / (open[i]! - 2))),
  'relative_strength(X, open, N)': ({ x, open }, n) => x.map((value, i) => value / past(x, n)[i]! - open[i]! / past(open, n)[i]!),
  'pair_spread(X, open, 3)': ({ x, open }) => x.map((value, i) => value - 3 * open[i]!),
  'hedge_ratio(X, open, N)': ({ x, open }, n) => pairs(x, open, n, (a, b) => (new Set(b).size === 1 ? na : leastSquaresOf(b, a))),
  'cointegration(X, open, N + 1).hedge': (data, n) => regressed(data, n, ({ hedge }) => hedge),
  'cointegration(X, open, N + 1).intercept': (data, n) => regressed(data, n, ({ intercept }) => intercept),
  'cointegration(X, open, N + 1).residual': (data, n) => regressed(data, n, ({ residuals }) => residuals.at(-1)!),
  'cointegration(X, open, N + 1).zscore': (data, n) =>
    regressed(data, n, ({ residuals, lies }) => (lies ? 0 : residuals.at(-1)! / Math.sqrt(mean(residuals.map((e) => e * e))))),
  'cointegration(X, open, N + 1).half_life': (data, n) =>
    regressed(data, n, (line) => {
      const share = line.lies ? na : shareOf(line.residuals);
      if (share >= 1 - 1e-9) return na;
      return share <= 1e-9 ? 0 : Math.log(2) / -Math.log(share);
    }),
  'cointegration(X, open, N + 1).df': (data, n) =>
    regressed(data, n, ({ residuals, lies }) => {
      const share = lies ? na : shareOf(residuals);
      const errors = residuals.slice(1).map((e, k) => e - share * residuals[k]!);
      const squares = errors.reduce((sum, e) => sum + e * e, 0);
      const before = residuals.slice(0, -1).reduce((sum, e) => sum + e * e, 0);
      if (!(squares > 1e-9)) return na;
      return (share - 1) / Math.sqrt(squares / (errors.length - 1) / before);
    }),
};

interface Line {
  readonly hedge: number;
  readonly intercept: number;
  readonly residuals: readonly number[];
  /** All residuals are 0. */
  readonly lies: boolean;
}

function regressed({ x, open }: Parameters<Definition>[0], length: number, f: (line: Line) => number): number[] {
  return pairs(x, open, Math.max(length + 1, 4), (a, b) => {
    if (new Set(b).size === 1) return na;
    const hedge = leastSquaresOf(b, a);
    const intercept = mean(a) - hedge * mean(b);
    const residuals = a.map((value, k) => value - intercept - hedge * b[k]!);
    return f({ hedge, intercept, residuals, lies: mean(residuals.map((e) => e * e)) <= 1e-9 * moment(a, a) + 1e-20 });
  });
}

/** What is left of a residual on the next bar, by least squares without a constant; na where all but the last are 0. */
function shareOf(residuals: readonly number[]): number {
  const before = residuals.slice(0, -1);
  const squares = before.reduce((sum, e) => sum + e * e, 0);
  return squares <= 1e-12 ? na : before.reduce((sum, e, k) => sum + e * residuals[k + 1]!, 0) / squares;
}
