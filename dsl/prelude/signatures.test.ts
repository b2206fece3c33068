import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { PRELUDE_MODULES } from './modules.ts';
import { callTexts } from './testing/every-function.ts';

/** The functions of the language as its users see them: names, arguments in order, defaults, and the kinds that they give. */
const compiler = createCompiler();

/** Codes and messages about a program whose only content is these lines. */
function findings(...lines: readonly string[]): readonly string[] {
  const source = `strat 1\nstrategy "s"\ntrade BTC/USDT on 1h\n${lines.join('\n')}\nenter long when close > open\nsize 1 BTC\nstop 5%\n`;
  return compiler.compile(source).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** What the line `let x: kind = call` is refused with. */
const refusals = (call: string, kind: string): readonly string[] =>
  findings(`let x: ${kind} = ${call}`, 'plot x').filter((finding) => !finding.startsWith('E0301'));

const calls = (text: string): string[] =>
  text
    .split(/[|\n]/)
    .map((call) => call.trim())
    .filter((call) => call !== '');

/** The table of language.md section 8, with arguments left out where it allows that. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  price: calls(`
    linreg(20) | linreg(close, 20) | linreg(close, 20, 3) | linreg(20, offset: 1)
    vwap() | vwap(1d) | vwap(1w) | vwap(anchor: 4h) | vwap(close > open) | vwap(close, 1d) | vwap(source: close) | vwap(high, close > open)
    mom() | mom(10) | mom(close, 10) | change() | change(high, 2)
    atr | atr() | atr(20) | tr | tr()
    macd().line | macd(12, 26, 9).signal | macd(close, 12, 26, 9).hist | macd(slow: 30).line
    supertrend().line | supertrend(2, 7).line | supertrend(length: 7).line | psar() | psar(0.01, 0.1) | psar(max: 0.3)
    ichimoku().tenkan | ichimoku(7, 22, 44).kijun | ichimoku().span_a | ichimoku(senkou: 44).span_b
    bbands().upper | bbands(20, 2).mid | bbands(close, 20, 2).lower | bbands(length: 10, width: 1.5).upper
    keltner().upper | keltner(20, 2, 10).mid | keltner(close, 20, 1.5, atr_length: 14).lower
    donchian().upper | donchian(10).mid | donchian(length: 10).lower
    percentile(20, 50) | percentile(close, 20, 5) | percentile_nearest(20, 50) | percentile_nearest(close, 20, 5) | value_when(close > open, high)
    highest_since(close > open, high) | lowest_since(close > open, low) | sum_since(close > open, close)
    alma(close, 10, 0.5) | alma(10, sigma: 3) | t3(5) | t3(close, 5, 0.5) | mcginley(14) | mcginley(close, 14, 0.6) | vidya(14) | vidya(close, 14, 9) | frama() | frama(close, 20) | swma() | swma(hlc3) | mavp(close, 10) | mavp(close, volume / 500, 2, 9)
    cum(close) | apo() | apo(close, 5, 9) | awesome() | awesome(5, 34) | accelerator() | qstick() | qstick(8) | dpo() | dpo(20) | elder_ray().bull | elder_ray(21).bear
    dm().plus | dm(10).minus | chande_kroll().stop_long | chande_kroll(10, 1, 9).stop_short | chandelier().stop_long | chandelier(22, 3).stop_short
    alligator().jaw | alligator().teeth | alligator().lips | gator().upper | gator().lower | heikin_ashi().open | heikin_ashi().high | heikin_ashi().low | heikin_ashi().close
    pivot_high() | pivot_high(close, 3, 3) | pivot_low() | pivot_low(low, 3, 3) | starc().upper | starc(close, 5, 2, 10).mid | starc(length: 6).lower
    accbands().upper | accbands(9).lower | envelope().upper | envelope(20, 2%).mid | envelope(close, 20, 2%).lower | wad | wad()
    pivot_points().pp | pivot_points(1w).r3 | pivot_woodie(period: 1d).s1 | pivot_camarilla(1mo).r4 | pivot_fibonacci().s2 | pivot_demark(1w).r1
    swings().high | swings(3, 3).low | swings(left: 2).last_high | swings().last_low | fractal().high | fractal(3).low | fcb().upper | fcb(3).lower
    gap_size() | gap_size | price_gaps().down_left | price_gaps().up_edge | atr_stop().line | atr_stop(21, 3).line | pivot_rolling().pp | pivot_rolling(10).s3
    anchored_vwap(close > open) | anchored_vwap(close > open, close) | vwap_bands().mid | vwap_bands(1w).upper | vwap_bands(close, close > open, 2).lower
    zigzag().high | zigzag(3%).low | zigzag(3%, close, close).extreme | zigzag_atr().high | zigzag_atr(2, 10).low | renko(100).open | renko(close, 100).close
    renko(brick: atr(14)).close | renko(100, base: 20).open | range_bar(100).open | range_bar(high, 100).high | range_bar(range: atr(14)).low
    support_resistance().support | support_resistance(3, 3, 0.25, 50, 3).resistance | vol_stop().line | vstop().line | vstop(close, 10, 3).line
    mama().mama | mama(close, 0.5, 0.05).fama | mama(fast: 0.6).mama | ht_trendline() | ht_trendline(close) | super_smoother() | super_smoother(close, 20)
    decycler() | decycler(close, 40) | standard_error(20) | standard_error(close, 20) | clamp(close, low, high) | nz(close) | nz(close[1], close) | mod(close, 10)
  `).concat(
    'sma ema wma rma hma dema tema kama alma vwma trima zlema evwma stdev median highest lowest sum avg midpoint avgdev linreg_intercept tsf linreg_error mad mode'
      .split(' ')
      .flatMap((name) => [`${name}(20)`, `${name}(high, 20)`, `${name}(source: low, length: 20)`]),
  ),
  quantity: calls(
    'obv | obv() | adl | adl() | sma(volume, 20) | sum_since(close > open, volume) | chaikin_osc() | chaikin_osc(3, 10) | pvt | pvt() | klinger().line | klinger(34, 55, 13).signal | wvad() | wvad(10)',
  ),
  percent: calls('roc() | roc(10) | roc(close, 10) | natr() | natr(20)').concat(
    calls(`
      ppo().line | ppo(12, 26, 9).signal | ppo(close, 12, 26, 9).hist | pvo().line | pvo(12, 26, 9).signal | pvo(slow: 30).hist | trix() | trix(close, 15)
      fosc(14) | fosc(close, 14) | coppock() | coppock(close, 10, 14, 11) | kst().line | kst(close, 9).signal | pmo().line | pmo(35, 20, 10).signal
      ulcer() | ulcer(close, 14) | historical_volatility() | historical_volatility(close, 20) | parkinson() | garman_klass(20) | rogers_satchell() | yang_zhang(30)
      relative_strength(close, open) | relative_strength(close, open, 5) | bbw() | bbw(20, 2) | kcw() | kcw(close, 20, 1.5, plain: close > 0)
      chaikin_volatility() | chaikin_volatility(10, 10) | volume_osc() | volume_osc(5, 10)
    `),
  ),
  // The force index.
  money: calls('force() | force(2)'),
  number: calls(`
    rsi() | rsi(14) | rsi(close, 14) | cmo() | cmo(20) | cci() | cci(20) | mfi() | mfi(10) | williams_r() | williams_r(21) | chop() | adx() | adx(20)
    stoch().k | stoch(5, 3, 3).d | stoch(smooth: 1).k | stoch_rsi().k | stoch_rsi(14, 3, 3).d | stoch_rsi(close, 14).k
    dmi().plus | dmi(10).minus | dmi(10).adx | aroon().up | aroon(14).down | bbands().width | bbands().pct | cmf() | cmf(10)
    cog() | cog(close, 10) | r_squared(20) | r_squared(close, 20) | covariance(close, open, 20) | autocorrelation(20) | skew(20) | skew(close, 20, unbiased: true) | kurtosis(20) | kurtosis(close, 20, true) | entropy(20) | entropy(close, 20, bins: 5)
    hurst() | hurst(close, 200) | ht_dcperiod() | ht_dcperiod(close) | ht_dcphase() | ht_dcphase(close) | ht_phasor().inphase | ht_phasor(close).quadrature
    ht_sine().sine | ht_sine(close).lead | fisher_transform().line | fisher_transform(hl2, 10).signal | hurst_corrected() | hurst_corrected(50) | rci(9) | rci(close, 9) | linreg_angle(14) | linreg_angle(close, 14) | autocorrelation(close, 20, lag: 2)
    highest_bars(20) | highest_bars(close, 20) | highest_bars(20, earliest: true) | aroon(14, true).up | lowest_bars(20) | vhf() | vhf(close, 28) | dx() | adxr(14) | aroon_osc() | tsi() | tsi(close, 25, 13)
    ultosc() | ultosc(7, 14, 28) | connors_rsi() | connors_rsi(close, 3, 2, 100) | imi() | imi(10) | bop | bop() | stc() | stc(close, 10, 23, 50)
    smi().line | smi(13, 25, 2, 9).signal | rvgi().line | rvgi(10).signal | vortex().plus | vortex(14).minus | mass_index() | mass_index(9)
    clv | clv() | nvi | nvi() | pvi | pvi() | eom() | eom(14, 1e8) | bw_mfi | bw_mfi()
    pair_ratio(close, open) | pair_spread(close, open) | pair_spread(close, open, 2) | hedge_ratio(close, open) | hedge_ratio(close, open, 50)
    cointegration(close, open).residual | cointegration(close, open, 50).zscore | cointegration(close, open).df | cointegration(close, open).half_life
    zigzag().high_bars | zigzag().extreme_bars | renko(100).bricks | renko(100).run | range_bar(100).done | support_resistance().support_p
    support_resistance().resistance_tests | efficiency_ratio() | efficiency_ratio(close, 20) | swings().high_bars | market_condition().efficiency | market_condition(20, 100).strength
    market_condition(wild: 90).volatility | volatility_trend().ratio | iii | iii() | mfi(close, 14) | cci(close, 20)
    variance(20) | zscore(close, 20) | slope(20) | percentile_rank(20) | percentile_rank(volume, 100)
    corr(close, volume, 20) | corr(high, low, 20) | corr(roc(), rsi(14), 20) | beta(roc(high), roc(low), 20) | beta(close, open, 20) | count(close > open, 5) | since(close > open)
  `),
  condition: calls(`
    any(close > open, 5) | all(close > open, 5) | latch(close > open, close < open) | supertrend().up
    swings().up | swings().down | price_gaps().up_open | price_gaps().down_open | market_condition().up | market_condition().down | market_condition().range
    market_condition().volatile | volatility_trend().rising | volatility_trend().falling | volatility_trend(14, 50, 0.2).steady | atr_stop().up
    zigzag().up | zigzag_atr().up | renko(100).up | vol_stop().up | vstop().up
    cdl_doji() | cdl_dragonfly_doji() | cdl_gravestone_doji() | cdl_long_legged_doji() | cdl_rickshaw_man() | cdl_takuri() | cdl_hammer()
    cdl_hanging_man() | cdl_inverted_hammer() | cdl_shooting_star() | cdl_homing_pigeon() | cdl_piercing() | cdl_dark_cloud_cover() | cdl_in_neck()
    cdl_thrusting() | cdl_matching_low() | cdl_3white_soldiers() | cdl_3black_crows() | cdl_identical_3crows() | cdl_advance_block() | cdl_stalled()
    cdl_morning_star() | cdl_evening_star() | cdl_morning_doji_star() | cdl_evening_doji_star() | cdl_unique_3river() | cdl_stick_sandwich()
    cdl_ladder_bottom() | cdl_marubozu().up | cdl_closing_marubozu().up | cdl_belt_hold().up | cdl_long_line().up | cdl_short_line().up
    cdl_spinning_top().up | cdl_high_wave().up | cdl_engulfing().up | cdl_harami().up | cdl_harami_cross().up | cdl_doji_star().up
    cdl_counterattack().up | cdl_separating_lines().up | cdl_3inside().up | cdl_3outside().up | cdl_3line_strike().up | cdl_tristar().up
    cdl_gap_side_side_white().up | cdl_tasuki_gap().up | cdl_gap_3methods().up | cdl_3methods().up | cdl_hikkake().up | cdl_hikkake_mod().up
    cdl_marubozu().down | cdl_closing_marubozu().down | cdl_belt_hold().down | cdl_long_line().down | cdl_short_line().down | cdl_spinning_top().down
    cdl_high_wave().down | cdl_engulfing().down | cdl_harami().down | cdl_harami_cross().down | cdl_doji_star().down | cdl_counterattack().down
    cdl_separating_lines().down | cdl_3inside().down | cdl_3outside().down | cdl_3line_strike().down | cdl_tristar().down
    cdl_gap_side_side_white().down | cdl_tasuki_gap().down | cdl_gap_3methods().down | cdl_3methods().down | cdl_hikkake().down
    ht_trendmode() | ht_trendmode(close) | cdl_2crows() | cdl_upside_gap_2crows() | cdl_3stars_in_south() | cdl_conceal_baby_swallow() | cdl_abandoned_baby().up | cdl_abandoned_baby(0.5).down
    cdl_breakaway().up | cdl_breakaway().down | cdl_kicking().up | cdl_kicking().down | cdl_kicking_by_length().up | cdl_kicking_by_length().down
    cdl_mat_hold() | cdl_mat_hold(0.4) | cdl_on_neck() | cdl_hikkake_mod().down | cdl_hikkake().up_confirmed | cdl_morning_star(0.5) | cdl_doji
  `),
};

const FAMILIES = PRELUDE_MODULES.map(({ source }) => source);

describe('functions of the prelude', () => {
  it('read without a finding', () => {
    expect(FAMILIES.flatMap((source) => parse(source).diagnostics)).toEqual([]);
  });

  it('have doc comments', () => {
    const exported = FAMILIES.flatMap((source) => parse(source).file!.statements).filter(
      (statement) => statement.kind === 'Def' && statement.exported !== null,
    );
    expect(exported.length).toBeGreaterThan(60);
    expect(exported.filter((statement) => statement.kind === 'Def' && statement.doc === null)).toEqual([]);
  });

  it('are all in the table of kinds', () => {
    const names = FAMILIES.flatMap((source) => [...source.matchAll(/^export def (\w+)/gm)].map(([, name]) => name));
    const called = new Set(Object.values(KINDS).flatMap((all) => all.map((call) => /^\w+/.exec(call)?.[0])));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
  });

  it.each(Object.entries(KINDS))('give a %s, and nothing else', (kind, all) => {
    for (const call of all) {
      expect([call, refusals(call, kind)]).toEqual([call, []]);
      expect([call, refusals(call, 'duration')]).toEqual([call, [expect.stringMatching(/^E030[47]/)]]);
    }
  });

  it('are computed on other charts', () => {
    const elsewhere = (call: string, where: string): string => `plot ${call.startsWith('if ') ? `(${call})` : call} ${where}`;
    const lines = callTexts('close', 'close > open').flatMap((call) => [elsewhere(call, 'on 4h'), elsewhere(call, 'of ETH/USDT')]);
    // As many as one program may hold, with its functions written out.
    const parts = Array.from({ length: Math.ceil(lines.length / 50) }, (_, part) => lines.slice(50 * part, 50 * part + 50));
    expect(parts.flatMap((part) => findings(...part))).toEqual([]);
  });

  it('have ranges under names that there are', () => {
    const strays = PRELUDE_MODULES.flatMap(({ source, ranges }) =>
      Object.keys(ranges).filter((name) => !source.includes(`export def ${name.split('.')[0]}(`)),
    );
    expect(strays).toEqual([]);
  });
});

describe('arguments that are refused', () => {
  it.each([
    ['count(close, 5)', 'E0302 a condition is needed here, found a price'],
    ['since(rsi(14))', 'E0302 a condition is needed here, found a number'],
    ['sum(close > open, 5)', 'E0307 sum takes numbers, found a condition'],
    ['sma(close)', 'E0205 sma needs length'],
    ['rsi(14, 3, 5)', 'E0205 rsi takes 2 arguments'],
    ['sma(close, 0)', 'E0308 a length is from 1 to 10,000, found 0'],
    ['slope(close, 1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['linreg(1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['chop(1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['sma(close, rsi(14))', 'E0303 a length is fixed before the run, found a series'],
    ['aroon(10000)', 'E0308 a length is from 1 to 10,000, found 10001'],
    ['percentile(close, 20, 101)', 'E0307 a percentile is from 0 to 100 and fixed before the run, found 101'],
    ['percentile(close, 20, rsi(14))', 'E0307 a percentile is from 0 to 100 and fixed before the run, found a series'],
    ['percentile(close, 20, 25%)', 'E0307 a number is needed here, found a percent'],
    ['entropy(close, 20, bins: 1)', 'E0307 a number of bins is from 2 to 1000 and fixed before the run, found 1'],
    ['rci(1)', 'E0308 a length is from 2 to 10,000 here, found 1'],
    ['sin(close)', 'E0307 sin takes a number, found a price'],
    ['psar(-0.02)', 'E0307 the step of psar is from 0 to 10 and fixed before the run, found -0.02'],
    ['alma(close, 20, 1.5)', 'E0307 the offset of alma is from 0 to 1 and fixed before the run, found 1.5'],
    ['alma(close, 20, 0.85, 0)', 'E0307 the sigma of alma is from 0.1 to 100 and fixed before the run, found 0'],
    ['highest_bars(20, close > open)', 'E0303 earliest is true or false'],
    ['renko(0)', 'E0308 a brick is above 0, found 0'],
    ['range_bar(-2)', 'E0308 a range is above 0, found -2'],
    ['zigzag(0%)', 'E0308 a change is above 0, found 0'],
    ['zigzag(atr(14) / close)', 'E0303 change is fixed before the run, found a series'],
    ['renko(100, rsi(14))', 'E0303 base is fixed before the run, found a series'],
    ['vwap(20)', 'E0307 it starts anew with a duration or a condition, found a number'],
    ['vwap(close, close)', 'E0307 it starts anew with a duration or a condition, found a price'],
    ['window_sum(close, 5)', 'E0201 I do not know "window_sum"'],
    ['moves(close, 5)', 'E0201 I do not know "moves"'],
  ])('%s', (call, expected) => {
    expect(findings(`plot ${call}`)).toEqual([expected]);
  });

  it('none because of the kind of its source', () => {
    const named = FAMILIES.flatMap((source) => [
      ...source.matchAll(/^export def (\w+)\(source = close, length: length( = \d+)?(,[^)]*)?\)( =|:| {)/gm),
    ]);
    const sources = ['roc(5)', 'rsi(14)', 'volume', 'volume * close', 'close / open', 'close * close', '5'];
    const lines = named.flatMap(([, name, , more = '', end]) => {
      // Their channels are ones of prices.
      if (name === 'keltner' || name === 'starc') return [];
      const args = more.includes('percent: number') ? ', percent: 50' : '';
      const member = end === ' {' && /bbands|envelope|stoch_rsi/.test(name!) ? (name === 'stoch_rsi' ? '.k' : '.mid') : '';
      return sources.map((source) => `let x${name}${sources.indexOf(source)} = ${name}(source: ${source}, length: 20${args})${member}`);
    });
    expect(named.length).toBeGreaterThan(25);
    // As many as one program may hold, with its functions written out.
    const parts = Array.from({ length: Math.ceil(lines.length / 100) }, (_, part) => lines.slice(100 * part, 100 * part + 100));
    expect(parts.flatMap((part) => findings(...part)).filter((finding) => !finding.startsWith('W0902'))).toEqual([]);
  });
});
