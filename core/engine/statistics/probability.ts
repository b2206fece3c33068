/**
 * Distribution functions for the tests of significance, to about 1e-14 absolutely.
 */

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** P(Z <= x) of the standard normal distribution. G. Marsaglia, "Evaluating the Normal Distribution", J. Stat. Software 11(4), 2004. */
export function normalDistribution(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let sum = x;
  let before = 0;
  let term = x;
  for (let i = 3; sum !== before; i += 2) {
    before = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - HALF_LOG_TWO_PI);
}

/** P(|T| >= |t|) of Student's distribution: how often chance alone gives a t at least so far from zero. @param freedom degrees, from 1 */
export function studentTwoSided(t: number, freedom: number): number {
  if (Number.isNaN(t)) return t;
  if (!Number.isFinite(t)) return 0;
  const sum = freedom + t * t;
  return incompleteBeta(freedom / sum, (t * t) / sum, freedom / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b), by the continued fraction 8.17.22 of the NIST handbook in Lentz' form. @param rest 1 - x, given apart to keep its digits */
function incompleteBeta(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  // The fraction converges fast below the mean of the distribution only; above, the other tail is computed.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(rest, x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let value = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * value;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

/** ln of the gamma function for x > 0: the series of J. Stirling, from x + 10 on, where its terms below reach 1e-16. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 10) {
    shift += Math.log(at);
    at += 1;
  }
  const inverse = 1 / (at * at);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360_360)))))) / at;
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_TWO_PI + series - shift;
}
