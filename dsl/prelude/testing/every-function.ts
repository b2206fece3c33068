/**
 * A call of every function of the prelude, and of every member of those that give a group, with lengths that 60 bars can fill. X is where a source goes, C a
 * condition. The key says what happens when all prices are multiplied by f: the value is multiplied by f ** key.
 */
const BY_POWER: Readonly<Record<0 | 1 | 2, string>> = {
  0: `
    roc(X, 3) | rsi(X, 5) | stoch(5, 3, 2).k | stoch(5, 3, 2).d | stoch_rsi(X, 5, 3, 2).k | stoch_rsi(X, 5, 3, 2).d | williams_r(5) | cci(5) | mfi(5) | cmo(X, 5)
    adx(5) | dmi(5).plus | dmi(5).minus | dmi(5).adx | aroon(5).up | aroon(5).down | if supertrend(2, 5).up then 1 else 0 | natr(5) | chop(5)
    bbands(X, 5, 2).width | bbands(X, 5, 2).pct | obv | adl | cmf(5) | zscore(X, 5) | percentile_rank(X, 5) | corr(X, volume, 5) | beta(X, open, 5)
    count(C, 5) | if any(C, 5) then 1 else 0 | if all(C, 5) then 1 else 0 | since(C) | if latch(C, close < open) then 1 else 0
  `,
  1: `
    sma(X, 5) | ema(X, 5) | rma(X, 5) | wma(X, 5) | hma(X, 5) | dema(X, 5) | tema(X, 5) | kama(X, 5) | alma(X, 5) | vwma(X, 5) | linreg(X, 5, 1) | slope(X, 5)
    vwap(X, 8h) | vwap(X, C) | mom(X, 3) | change(X, 3) | macd(X, 3, 6, 4).line | macd(X, 3, 6, 4).signal | macd(X, 3, 6, 4).hist | tr | atr(5)
    supertrend(2, 5).line | psar() | ichimoku(3, 6, 9).tenkan | ichimoku(3, 6, 9).kijun | ichimoku(3, 6, 9).span_a | ichimoku(3, 6, 9).span_b
    bbands(X, 5, 2).upper | bbands(X, 5, 2).mid | bbands(X, 5, 2).lower | keltner(X, 5, 2, 4).upper | keltner(X, 5, 2, 4).mid | keltner(X, 5, 2, 4).lower
    donchian(5).upper | donchian(5).mid | donchian(5).lower | stdev(X, 5) | median(X, 5) | percentile(X, 5, 30) | highest(X, 5) | lowest(X, 5) | sum(X, 5) | avg(X, 5)
    value_when(C, X) | highest_since(C, X) | lowest_since(C, X) | sum_since(C, X) | clamp(X, low, high) | nz(X, open) | mod(X, open)
  `,
  2: 'variance(X, 5)',
};

export interface Call {
  readonly text: string;
  readonly power: number;
}

export const EVERY_CALL: readonly Call[] = Object.entries(BY_POWER).flatMap(([power, text]) =>
  text
    .split(/[|\n]/)
    .map((call) => call.trim())
    .filter((call) => call !== '')
    .map((call) => ({ text: call, power: Number(power) })),
);

/** The calls with this source and condition. */
export function callTexts(source: string, condition: string): readonly string[] {
  return EVERY_CALL.map(({ text }) => text.replace(/\bX\b/, source).replace(/\bC\b/, condition));
}
