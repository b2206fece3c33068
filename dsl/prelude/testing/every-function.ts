/**
 * A call of every function of the prelude, and of every member of those that give a group, with lengths that 60 bars can fill. X is where a source goes, C a
 * condition. The key says what happens when all prices are multiplied by f: the value is multiplied by f ** key.
 */
const BY_POWER: Readonly<Record<0 | 1 | 2, string>> = {
  0: `
    roc(X, 3) | rsi(X, 5) | stoch(5, 3, 2).k | stoch(5, 3, 2).d | stoch_rsi(X, 5, 3, 2).k | stoch_rsi(X, 5, 3, 2).d | williams_r(5) | cci(5) | mfi(5) | cmo(X, 5)
    adx(5) | dmi(5).plus | dmi(5).minus | dmi(5).adx | aroon(5).up | aroon(5).down | if supertrend(2, 5).up then 1 else 0 | natr(5) | chop(5)
    bbands(X, 5, 2).width | bbands(X, 5, 2).pct | obv | adl | cmf(5) | zscore(X, 5) | percentile_rank(X, 5) | corr(X, volume, 5) | beta(X, open, 5)
    cog(X, 5) | fosc(X, 5) | r_squared(X, 5) | autocorrelation(X, 5, 2) | highest_bars(X, 5) | lowest_bars(X, 5) | vhf(X, 5) | dx(5) | adxr(5) | aroon_osc(5)
    ppo(X, 3, 6, 4).line | ppo(X, 3, 6, 4).signal | ppo(X, 3, 6, 4).hist | pvo(3, 6, 4).line | pvo(3, 6, 4).signal | pvo(3, 6, 4).hist | trix(X, 3) | tsi(X, 5, 3)
    ultosc(3, 5, 7) | connors_rsi(X, 3, 2, 5) | imi(5) | coppock(X, 5, 4, 3) | kst(X).line | kst(X, 4).signal | bop | pmo(X, 4, 3, 2).line | pmo(X, 4, 3, 2).signal
    stc(X, 3, 2, 4) | smi(5, 3, 2).line | smi(5, 3, 2, 4).signal | rvgi(5).line | rvgi(5).signal | vortex(5).plus | vortex(5).minus
    ulcer(X, 5) | historical_volatility(X, 5) | parkinson(5) | garman_klass(5) | rogers_satchell(5) | yang_zhang(5) | chaikin_volatility(5, 3) | mass_index(5)
    clv | chaikin_osc(3, 5) | nvi | pvi | pvt | klinger(3, 6, 4).line | klinger(3, 6, 4).signal | wvad(5) | volume_osc(3, 5)
    if cdl_doji() then 1 else 0 | if cdl_dragonfly_doji() then 1 else 0 | if cdl_gravestone_doji() then 1 else 0
    if cdl_long_legged_doji() then 1 else 0 | if cdl_rickshaw_man() then 1 else 0 | if cdl_takuri() then 1 else 0 | if cdl_hammer() then 1 else 0
    if cdl_hanging_man() then 1 else 0 | if cdl_inverted_hammer() then 1 else 0 | if cdl_shooting_star() then 1 else 0
    if cdl_homing_pigeon() then 1 else 0 | if cdl_piercing() then 1 else 0 | if cdl_dark_cloud_cover() then 1 else 0 | if cdl_in_neck() then 1 else 0
    if cdl_thrusting() then 1 else 0 | if cdl_matching_low() then 1 else 0 | if cdl_3white_soldiers() then 1 else 0
    if cdl_3black_crows() then 1 else 0 | if cdl_identical_3crows() then 1 else 0 | if cdl_advance_block() then 1 else 0
    if cdl_stalled() then 1 else 0 | if cdl_morning_star() then 1 else 0 | if cdl_evening_star() then 1 else 0
    if cdl_morning_doji_star() then 1 else 0 | if cdl_evening_doji_star() then 1 else 0 | if cdl_unique_3river() then 1 else 0
    if cdl_stick_sandwich() then 1 else 0 | if cdl_ladder_bottom() then 1 else 0 | if cdl_marubozu().up or cdl_marubozu().down then 1 else 0
    if cdl_closing_marubozu().up or cdl_closing_marubozu().down then 1 else 0
    if cdl_belt_hold().up or cdl_belt_hold().down then 1 else 0 | if cdl_long_line().up or cdl_long_line().down then 1 else 0
    if cdl_short_line().up or cdl_short_line().down then 1 else 0
    if cdl_spinning_top().up or cdl_spinning_top().down then 1 else 0 | if cdl_high_wave().up or cdl_high_wave().down then 1 else 0
    if cdl_engulfing().up or cdl_engulfing().down then 1 else 0
    if cdl_harami().up or cdl_harami().down then 1 else 0 | if cdl_harami_cross().up or cdl_harami_cross().down then 1 else 0
    if cdl_doji_star().up or cdl_doji_star().down then 1 else 0
    if cdl_counterattack().up or cdl_counterattack().down then 1 else 0 | if cdl_separating_lines().up or cdl_separating_lines().down then 1 else 0
    if cdl_3inside().up or cdl_3inside().down then 1 else 0
    if cdl_3outside().up or cdl_3outside().down then 1 else 0 | if cdl_3line_strike().up or cdl_3line_strike().down then 1 else 0
    if cdl_tristar().up or cdl_tristar().down then 1 else 0
    if cdl_gap_side_side_white().up or cdl_gap_side_side_white().down then 1 else 0 | if cdl_tasuki_gap().up or cdl_tasuki_gap().down then 1 else 0
    if cdl_gap_3methods().up or cdl_gap_3methods().down then 1 else 0
    if cdl_3methods().up or cdl_3methods().down then 1 else 0 | if cdl_hikkake().up or cdl_hikkake().down then 1 else 0
    if cdl_hikkake_mod().up or cdl_hikkake_mod().down then 1 else 0
    if cdl_hikkake().up_confirmed or cdl_hikkake().down_confirmed then 1 else 0
    count(C, 5) | if any(C, 5) then 1 else 0 | if all(C, 5) then 1 else 0 | since(C) | if latch(C, close < open) then 1 else 0
  `,
  1: `
    sma(X, 5) | ema(X, 5) | rma(X, 5) | wma(X, 5) | hma(X, 5) | dema(X, 5) | tema(X, 5) | kama(X, 5) | alma(X, 5) | vwma(X, 5) | linreg(X, 5, 1) | slope(X, 5)
    vwap(X, 8h) | vwap(X, C) | mom(X, 3) | change(X, 3) | macd(X, 3, 6, 4).line | macd(X, 3, 6, 4).signal | macd(X, 3, 6, 4).hist | tr | atr(5)
    supertrend(2, 5).line | psar() | ichimoku(3, 6, 9).tenkan | ichimoku(3, 6, 9).kijun | ichimoku(3, 6, 9).span_a | ichimoku(3, 6, 9).span_b
    bbands(X, 5, 2).upper | bbands(X, 5, 2).mid | bbands(X, 5, 2).lower | keltner(X, 5, 2, 4).upper | keltner(X, 5, 2, 4).mid | keltner(X, 5, 2, 4).lower
    donchian(5).upper | donchian(5).mid | donchian(5).lower | stdev(X, 5) | median(X, 5) | percentile(X, 5, 30) | highest(X, 5) | lowest(X, 5) | sum(X, 5) | avg(X, 5)
    value_when(C, X) | highest_since(C, X) | lowest_since(C, X) | sum_since(C, X) | clamp(X, low, high) | nz(X, open) | mod(X, open)
    trima(X, 5) | swma(X) | zlema(X, 5) | t3(X, 3) | mcginley(X, 5) | vidya(X, 5, 4) | frama(X, 6) | evwma(X, 5) | midpoint(X, 5) | avgdev(X, 5) | cum(X)
    linreg_intercept(X, 5) | tsf(X, 5) | linreg_error(X, 5) | apo(X, 3, 6) | awesome(3, 6) | accelerator(3, 6, 4) | qstick(5) | dpo(X, 5)
    elder_ray(5).bull | elder_ray(5).bear | dm(5).plus | dm(5).minus | chande_kroll(5, 1, 3).stop_long | chande_kroll(5, 1, 3).stop_short
    chandelier(5, 2).stop_long | chandelier(5, 2).stop_short | alligator().jaw | alligator().teeth | alligator().lips | gator().upper | gator().lower
    heikin_ashi().open | heikin_ashi().high | heikin_ashi().low | heikin_ashi().close | pivot_high(X, 2, 2) | pivot_low(X, 2, 2)
    starc(X, 5, 2, 4).upper | starc(X, 5).mid | starc(X, 5).lower | envelope(X, 5, 2%).upper | envelope(X, 5).mid | envelope(X, 5).lower
    pivot_points(8h).pp | pivot_points(8h).r1 | pivot_points(8h).r2 | pivot_points(8h).r3 | pivot_points(8h).s1 | pivot_points(8h).s2 | pivot_points(8h).s3
    pivot_woodie(8h).pp | pivot_woodie(8h).r1 | pivot_woodie(8h).r2 | pivot_woodie(8h).r3 | pivot_woodie(8h).s1 | pivot_woodie(8h).s2 | pivot_woodie(8h).s3
    pivot_camarilla(8h).pp | pivot_camarilla(8h).r1 | pivot_camarilla(8h).r2 | pivot_camarilla(8h).r3 | pivot_camarilla(8h).r4
    pivot_camarilla(8h).s1 | pivot_camarilla(8h).s2 | pivot_camarilla(8h).s3 | pivot_camarilla(8h).s4
    pivot_fibonacci(8h).pp | pivot_fibonacci(8h).r1 | pivot_fibonacci(8h).r2 | pivot_fibonacci(8h).r3
    pivot_fibonacci(8h).s1 | pivot_fibonacci(8h).s2 | pivot_fibonacci(8h).s3 | pivot_demark(8h).pp | pivot_demark(8h).r1 | pivot_demark(8h).s1
    force(5) | bw_mfi | wad
  `,
  2: 'variance(X, 5) | covariance(X, open, 5) | eom(5)',
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
