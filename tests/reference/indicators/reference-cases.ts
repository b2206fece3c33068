import type { Agreement } from './compare-series.ts';

/** A call, the output of the reference that it gives, and where and how closely they agree. */
export interface ReferenceCase extends Agreement {
  readonly call: string;
  readonly output: string;
  /** Why not from the first value on, or not to 1e-9. */
  readonly why?: string;
}

/** A start that differs is forgotten: (13/14)^280 is 1e-9. */
export const WILDER_START = 'TA-Lib and TTR take the second bar as the first, and sum movements of length - 1 bars first; both forget it';
export const TRUE_RANGE_START = 'TA-Lib and TTR start the average true range with the second bar';

const FIRST_RANGES = 'TTR and Skender start averages of ranges with the first values, which they forget';

type Cases = readonly ReferenceCase[];

/** TradingView: by file, the call and the column (Pine's call in small letters). */
export const TRADINGVIEW_CASES: Readonly<Record<string, Cases>> = {
  ma: [
    { call: 'sma(close, 10)', output: 'ta.sma(close, 10)' },
    { call: 'sma(hl2, 20)', output: 'ta.sma(hl2, 20)' },
    { call: 'sma(hlc3, 15)', output: 'ta.sma(hlc3, 15)' },
    { call: 'ema(close, 20)', output: 'ta.ema(close, 20)' },
    { call: 'ema(ohlc4, 10)', output: 'ta.ema(ohlc4, 10)' },
    { call: 'rma((high + low + close + close) / 4, 5)', output: 'ta.rma(hlcc4, 5)' },
    { call: 'rma(high, 15)', output: 'ta.rma(high, 15)' },
    { call: 'wma(close, 5)', output: 'ta.wma(close, 5)' },
    { call: 'wma(close, 20)', output: 'ta.wma(close, 20)' },
    { call: 'hma(close, 9)', output: 'ta.hma(close, 9)' },
    { call: 'hma(close, 20)', output: 'ta.hma(close, 20)' },
    { call: 'alma(close, 5)', output: 'ta.alma(close, 5, 0.85, 6)' },
    { call: 'alma(close, 10, 0.55, 12)', output: 'ta.alma(close, 10, 0.55, 12)' },
    { call: 'vwma(close, 20)', output: 'ta.vwma(close, 20)' },
    { call: 'swma(hlc3)', output: 'ta.swma(hlc3)' },
  ],
  tr: [
    { call: 'tr', output: 'ta.tr(true)' },
    { call: 'atr', output: 'ta.atr(14)' },
    { call: 'atr(14)', output: 'ta.atr(14)' },
  ],
  'highest+lowest': [
    { call: 'highest(high, 10)', output: 'ta.highest(10)' },
    { call: 'highest(10)', output: 'ta.highest(close, 10)' },
    { call: 'lowest(low, 10)', output: 'ta.lowest(10)' },
    { call: 'lowest(close, 10)', output: 'ta.lowest(close, 10)' },
    { call: '-highest_bars(10, earliest: true)', output: 'ta.highestbars(10)' },
    { call: '-highest_bars(close, 10, true)', output: 'ta.highestbars(close, 10)' },
    { call: '-lowest_bars(10, earliest: true)', output: 'ta.lowestbars(10)' },
    { call: '-lowest_bars(close, 10, true)', output: 'ta.lowestbars(close, 10)' },
  ],
  range: [{ call: 'highest(close, 20) - lowest(close, 20)', output: 'ta.range(close, 20)' }],
  bb: [
    { call: 'bbands(close, 20, 2).mid', output: 'ta.bb(close, 20, 2).base' },
    { call: 'bbands(close, 20, 2).upper', output: 'ta.bb(close, 20, 2).upper' },
    { call: 'bbands(length: 20, width: 2).lower', output: 'ta.bb(close, 20, 2).lower' },
    { call: 'bbw(close, 20, 2.1) * 100', output: 'ta.bbw(close, 20, 2.1)' },
    { call: 'bbands(close, 20, 2.1).width * 100', output: 'ta.bbw(close, 20, 2.1)' },
  ],
  kc: [
    { call: 'keltner(close, 20, 2).mid', output: 'ta.kc(close, 20, 2).base' },
    { call: 'ema(close, 20) + ema(close, 20) * kcw(close, 20, 2) / 2', output: 'ta.kc(close, 20, 2).upper' },
    { call: 'ema(close, 20) - ema(close, 20) * kcw(close, 20, 2) / 2', output: 'ta.kc(close, 20, 2).lower' },
    { call: 'kcw(close, 20, 2.1, plain: true)', output: 'ta.kcw(close, 20, 2.1, usetruerange=false)' },
  ],
  macd: [
    { call: 'macd(close, 12, 26, 9).line', output: 'ta.macd(close, 12, 26, 9).macd' },
    { call: 'macd(close, 12, 26, 9).signal', output: 'ta.macd(close, 12, 26, 9).signal' },
    { call: 'macd().hist', output: 'ta.macd(close, 12, 26, 9).hist' },
  ],
  'mfi+rsi+stoch': [
    { call: 'mfi(close, 14)', output: 'ta.mfi(close, 14)', from: 14, why: 'TradingView counts the first bar as one that did not move' },
    { call: 'rsi(close, 14)', output: 'ta.rsi(close, 14)' },
    { call: 'stoch(20, 1, 3).k', output: 'ta.stoch(close, high, low, 20)' },
  ],
  'cci+cmo+cog': [
    { call: 'cci(close, 20)', output: 'ta.cci(close, 20)' },
    { call: 'cmo(close, 20)', output: 'ta.cmo(close, 20)' },
    { call: 'cog(close, 21)', output: 'ta.cog(close, 21)' },
  ],
  dmi: [
    { call: 'dmi(17).plus', output: 'ta.dmi(17, 14).dip' },
    { call: 'dmi(17).minus', output: 'ta.dmi(17, 14).dim' },
  ],
  linreg: [
    { call: 'linreg(close, 20)', output: 'ta.linreg(close, 20, 0)' },
    { call: 'linreg(close, 20, 10)', output: 'ta.linreg(close, 20, 10)' },
  ],
  supertrend: [
    { call: 'if supertrend(3, 10).up then supertrend(3, 10).line else na', output: 'ta.supertrend(3, 10).up' },
    { call: 'if supertrend(3, 10).up then na else supertrend(3, 10).line', output: 'ta.supertrend(3, 10).down', noValue: 0 },
  ],
};

/** StockCharts' spreadsheets, rounded as they print. */
export const STOCKCHARTS_CASES: Readonly<Record<string, Cases>> = {
  accum: [{ call: 'adl', output: 'adline' }],
  adx: [
    { call: 'dmi(14).plus', output: '+di14', decimals: 7 },
    { call: 'dmi(14).minus', output: '-di14' },
    { call: 'adx(14)', output: 'adx', decimals: 8 },
  ],
  bbands: [
    { call: 'bbands(close, 20, 2).mid', output: 'middleband' },
    { call: 'bbands(close, 20, 2).upper', output: 'highband', decimals: 6 },
    { call: 'bbands(close, 20, 2).lower', output: 'lowband', decimals: 6 },
    { call: 'bbands(close, 20, 2).width * 100', output: 'widthband', decimals: 6 },
    { call: 'bbands(close, 20, 2).pct', output: 'percentageband', decimals: 6 },
  ],
  cci: [{ call: 'cci(20)', output: 'cci', decimals: 4 }],
  dc: [
    { call: 'donchian(20).upper', output: 'upper_band' },
    { call: 'donchian(20).mid', output: 'middle_band', decimals: 2 },
    { call: 'donchian(20).lower', output: 'lower_band' },
  ],
  mfi: [{ call: 'mfi(14)', output: 'mfi', decimals: 5 }],
  obv: [{ call: 'obv', output: 'obv' }],
  percentr: [{ call: 'williams_r(14)', output: 'williams_%r', decimals: 6 }],
  roc: [{ call: 'roc(close, 12) * 100', output: 'roc' }],
  soo: [
    { call: 'stoch(14, 1, 3).k', output: 'so', decimals: 6 },
    { call: 'stoch(14, 1, 3).d', output: 'so_sig', decimals: 5 },
  ],
  vwap: [{ call: 'vwma(hlc3, 14)', output: 'vwap', from: 13, why: 'a window of 14 bars, which it counts from the first one on' }],
  wma: [{ call: 'wma(close, 9)', output: 'wma', decimals: 4, from: 8, why: 'the bars before are not in the file' }],
};

/** R TTR on the first 600 hours of BTC/USDT. */
export const TTR_CASES: Cases = [
  { call: 'sma(close, 20)', output: 'sma_20' },
  { call: 'ema(close, 20)', output: 'ema_20' },
  { call: 'rma(close, 20)', output: 'ema_20_wilder' },
  { call: 'wma(close, 20)', output: 'wma_20' },
  { call: 'dema(close, 20)', output: 'dema_20' },
  { call: 'hma(close, 20)', output: 'hma_20' },
  { call: 'vwma(close, 20)', output: 'vwma_20' },
  { call: 'vwma(close, 20)', output: 'vwap_20_close' },
  { call: 'rsi(close, 14)', output: 'rsi_14' },
  { call: 'macd(12, 26, 9).line', output: 'macd_12_26_9.macd' },
  { call: 'macd(12, 26, 9).signal', output: 'macd_12_26_9.signal' },
  { call: 'stoch(14, 1, 3).k / 100', output: 'stoch_14_3_3.fastk' },
  { call: 'stoch(14, 3, 3).k / 100', output: 'stoch_14_3_3.fastd' },
  { call: 'stoch(14, 3, 3).d / 100', output: 'stoch_14_3_3.slowd' },
  { call: 'dmi(14).plus', output: 'adx_14.dip', from: 260, why: WILDER_START },
  { call: 'dmi(14).minus', output: 'adx_14.din', from: 260, why: WILDER_START },
  { call: 'adx(14)', output: 'adx_14.adx', from: 320, why: WILDER_START },
  { call: 'tr', output: 'atr_14.tr' },
  { call: 'atr(14)', output: 'atr_14.atr', from: 260, why: TRUE_RANGE_START },
  { call: 'bbands(hlc3, 20, 2).lower', output: 'bbands_20_2_typical.dn' },
  { call: 'bbands(hlc3, 20, 2).mid', output: 'bbands_20_2_typical.mavg' },
  { call: 'bbands(hlc3, 20, 2).upper', output: 'bbands_20_2_typical.up' },
  { call: 'bbands(hlc3, 20, 2).pct', output: 'bbands_20_2_typical.pctb' },
  { call: 'bbands(20, 2).pct', output: 'bbands_20_2_close.pctb' },
  { call: 'donchian(20).upper', output: 'donchian_20.high' },
  { call: 'donchian(20).mid', output: 'donchian_20.mid' },
  { call: 'donchian(20).lower', output: 'donchian_20.low' },
  { call: 'keltner(hlc3, 20, 2, 20).lower', output: 'keltner_20_atr2.dn', from: 300, why: TRUE_RANGE_START },
  { call: 'keltner(hlc3, 20, 2, 20).mid', output: 'keltner_20_atr2.mavg' },
  { call: 'keltner(hlc3, 20, 2, 20).upper', output: 'keltner_20_atr2.up', from: 300, why: TRUE_RANGE_START },
  { call: 'obv', output: 'obv' },
  { call: 'cmf(20)', output: 'cmf_20' },
  { call: 'adl', output: 'chaikinad' },
  { call: 'cci(20)', output: 'cci_20' },
  { call: 'mfi(14)', output: 'mfi_14' },
  { call: 'roc(close, 10)', output: 'roc_10_discrete' },
  { call: 'mom(close, 10)', output: 'momentum_10' },
  { call: 'change(close, 10)', output: 'momentum_10' },
  { call: '-williams_r(14) / 100', output: 'wpr_14' },
  { call: 'aroon(20).up', output: 'aroon_20.aroonup', from: 20, why: 'TTR takes the bar before the first for lower' },
  { call: 'aroon(20).down', output: 'aroon_20.aroondn', from: 20, why: 'TTR takes the bar before the first for lower' },
  { call: 'cmo(close, 14)', output: 'cmo_14' },
  { call: 'stdev(close, 20)', output: 'runsd_20_population' },
  { call: 'variance(close, 20) * 20 / 19', output: 'runvar_20_sample' },
  { call: 'median(close, 20)', output: 'runmedian_20' },
  // Of normal values, a standard deviation.
  { call: 'mad(close, 20) * 1.4826', output: 'runmad_20' },
  { call: 'percentile(close, 20, 50)', output: 'runmedian_20' },
  // Its rank is among all 100 values, and counts half of the value itself.
  {
    call: '(percentile_rank(close, 99) * 0.99 + 0.5) / 100',
    output: 'runpercentrank_100',
    tolerance: 0.011,
    why: 'TTR counts half of each equal value, ours all of it',
  },
  { call: 'corr(high, low, 20)', output: 'runcor_hl_20' },
  { call: 'zscore(close, 20)', output: 'zscore_20_population' },
  { call: 'evwma(close, 20)', output: 'evwma_20' },
  { call: 'trix(close, 20) * 100', output: 'trix_20_9.trix' },
  { call: 'ultosc(7, 14, 28)', output: 'ultimateoscillator_7_14_28' },
  { call: 'smi(13, 25, 2, 9).line', output: 'smi_13_2_25_9.smi', from: 300, why: FIRST_RANGES },
  { call: 'smi(13, 25, 2, 9).signal', output: 'smi_13_2_25_9.signal', from: 300, why: FIRST_RANGES },
  { call: 'vhf(close, 28)', output: 'vhf_28' },
  { call: 'dx(14)', output: 'adx_14.dx', from: 270, why: WILDER_START },
  { call: 'aroon_osc(20)', output: 'aroon_20.oscillator', from: 20, why: 'TTR takes the bar before the first for lower' },
  { call: 'clv', output: 'clv' },
  { call: 'wad', output: 'williamsad' },
  { call: 'chaikin_volatility(10, 10)', output: 'chaikinvolatility_10' },
  // Of a year of hours; TTR's 20 closes have 19 changes.
  { call: 'historical_volatility(close, 19) * sqrt(8760)', output: 'volatility_20_close' },
  { call: 'parkinson(20) * sqrt(8760)', output: 'volatility_20_parkinson' },
  { call: 'garman_klass(20) * sqrt(8760)', output: 'volatility_20_garman.klass' },
  { call: 'rogers_satchell(20) * sqrt(8760)', output: 'volatility_20_rogers.satchell' },
  { call: 'yang_zhang(20) * sqrt(8760)', output: 'volatility_20_yang.zhang' },
  { call: 'r_squared(close, 20)', output: 'lm_20_r2' },
  { call: 'linreg_error(close, 20)', output: 'lm_20_sigma' },
  { call: 'slope(close, 20)', output: 'lm_20_slope' },
  { call: 'linreg(close, 20)', output: 'lm_20_end' },
];

const SEED_AT_ONCE = 'Skender starts all averages of the average at one bar';

const FISHER_START = 'Skender begins with windows that are not full';
const HILBERT_START = 'Skender begins with the first bars, TA-Lib and ours with zeros later; both forget it';

/** Skender: by result file. */
export const SKENDER_CASES: Readonly<Record<string, Cases>> = {
  adl: [{ call: 'adl', output: 'adl' }],
  adx: [
    { call: 'dmi(14).plus', output: 'pdi' },
    { call: 'dmi(14).minus', output: 'mdi' },
    { call: 'adx(14)', output: 'adx' },
  ],
  alma: [{ call: 'alma(9)', output: 'alma' }],
  alligator: [
    { call: 'alligator().jaw', output: 'jaw' },
    { call: 'alligator().teeth', output: 'teeth' },
    { call: 'alligator().lips', output: 'lips' },
  ],
  aroon: [
    { call: 'aroon(25, earliest: true).up', output: 'aroonUp' },
    { call: 'aroon(25, earliest: true).down', output: 'aroonDown' },
    { call: 'aroon_osc(25, true)', output: 'oscillator' },
  ],
  awesome: [{ call: 'awesome(5, 34)', output: 'oscillator' }],
  bop: [{ call: 'sma(bop, 14)', output: 'bop' }],
  'chaikin-osc': [{ call: 'chaikin_osc(3, 10)', output: 'oscillator' }],
  chexit: [{ call: 'chandelier(22, 3).stop_long', output: 'chandelierExit', from: 320, why: TRUE_RANGE_START }],
  crsi: [{ call: 'connors_rsi(3, 2, 100)', output: 'connorsRsi' }],
  dynamic: [{ call: 'mcginley(close, 14, 0.6)', output: 'dynamic' }],
  'elder-ray': [
    { call: 'elder_ray(13).bull', output: 'bullPower' },
    { call: 'elder_ray(13).bear', output: 'bearPower' },
  ],
  'atr-stop': [{ call: 'atr_stop(21, 3).line', output: 'atrStop', from: 310, why: TRUE_RANGE_START }],
  'vol-stop': [{ call: 'vol_stop(7, 3).line', output: 'sar', from: 100, why: TRUE_RANGE_START }],
  fractal: [
    { call: 'fractal(2).high', output: 'fractalBear', shownBack: 2 },
    { call: 'fractal(2).low', output: 'fractalBull', shownBack: 2 },
  ],
  prs: [
    { call: 'pair_ratio(open, close)', output: 'prs' },
    { call: 'relative_strength(open, close, 20)', output: 'prsPercent' },
  ],
  'rolling-pivots': (['pp', 'r1', 'r2', 'r3', 's1', 's2', 's3'] as const).map((level) => ({
    call: `pivot_rolling(20).${level}`,
    output: level,
  })),
  fcb: [
    { call: 'fcb(2).upper', output: 'upperBand' },
    { call: 'fcb(2).lower', output: 'lowerBand' },
    { call: 'value_when(pivot_high(high, 2, 2) is not na, pivot_high())', output: 'upperBand' },
    { call: 'value_when(pivot_low(low, 2, 2) is not na, pivot_low())', output: 'lowerBand' },
  ],
  force: [{ call: 'force(2)', output: 'forceIndex' }],
  gator: [
    { call: 'gator().upper', output: 'upper' },
    { call: 'gator().lower', output: 'lower' },
  ],
  heikinashi: [
    { call: 'heikin_ashi().open', output: 'open' },
    { call: 'heikin_ashi().high', output: 'high' },
    { call: 'heikin_ashi().low', output: 'low' },
    { call: 'heikin_ashi().close', output: 'close' },
  ],
  kvo: [
    { call: 'klinger(34, 55, 13).line', output: 'oscillator' },
    { call: 'klinger(34, 55, 13).signal', output: 'signal' },
  ],
  'ma-env': [
    { call: 'envelope(20, 2.5%).upper', output: 'upperEnvelope' },
    { call: 'envelope(20, 2.5%).mid', output: 'centerline' },
    { call: 'envelope(20, 2.5%).lower', output: 'lowerEnvelope' },
  ],
  'pivot-points': (['pp', 'r1', 'r2', 'r3', 's1', 's2', 's3'] as const).map((level) => ({
    call: `pivot_points(1mo).${level}`,
    output: level,
  })),
  pmo: [
    { call: 'pmo(35, 20, 10).line * 100', output: 'pmo' },
    { call: 'pmo(35, 20, 10).signal * 100', output: 'signal' },
  ],
  pvo: [
    { call: 'pvo(12, 26, 9).line * 100', output: 'pvo' },
    { call: 'pvo(12, 26, 9).signal * 100', output: 'signal' },
    { call: 'pvo(12, 26, 9).hist * 100', output: 'histogram' },
  ],
  smi: [{ call: 'smi(13, 25, 2).line', output: 'smi', from: 300, why: FIRST_RANGES }],
  starc: [
    { call: 'starc(5, 2, 10).upper', output: 'upperBand', from: 150, why: TRUE_RANGE_START },
    { call: 'starc(5, 2, 10).mid', output: 'centerline' },
    { call: 'starc(5, 2, 10).lower', output: 'lowerBand', from: 150, why: TRUE_RANGE_START },
  ],
  t3: [{ call: 't3(5, 0.7)', output: 't3', from: 60, why: 'Skender starts all averages with the first value' }],
  trix: [{ call: 'trix(14) * 100', output: 'trix', from: 190, why: SEED_AT_ONCE }],
  tsi: [
    { call: 'tsi(25, 13)', output: 'tsi' },
    { call: 'ema(tsi(), 7)', output: 'signal' },
  ],
  uo: [{ call: 'ultosc(7, 14, 28)', output: 'ultimate' }],
  vortex: [
    { call: 'vortex(14).plus', output: 'pvi' },
    { call: 'vortex(14).minus', output: 'nvi' },
  ],
  atr: [
    { call: 'tr', output: 'tr' },
    { call: 'atr(14)', output: 'atr', from: 250, why: TRUE_RANGE_START },
    { call: 'natr(14) * 100', output: 'atrp', from: 250, why: TRUE_RANGE_START },
  ],
  beta: [{ call: 'beta(roc(close), roc(open), 50)', output: 'beta' }],
  bb: [
    { call: 'bbands(20, 2).mid', output: 'sma' },
    { call: 'bbands(20, 2).upper', output: 'upperBand' },
    { call: 'bbands(20, 2).lower', output: 'lowerBand' },
    { call: 'bbands(20, 2).pct', output: 'percentB' },
    { call: 'bbands(20, 2).width', output: 'width' },
    { call: 'zscore(close, 20)', output: 'zScore' },
  ],
  cci: [{ call: 'cci(20)', output: 'cci' }],
  chop: [{ call: 'chop(14)', output: 'chop' }],
  cmf: [{ call: 'cmf(20)', output: 'cmf' }],
  cmo: [{ call: 'cmo(14)', output: 'cmo' }],
  corr: [
    { call: 'corr(close, open, 20)', output: 'correlation' },
    { call: 'covariance(close, open, 20)', output: 'covariance' },
  ],
  dema: [{ call: 'dema(14)', output: 'dema', from: 130, why: SEED_AT_ONCE }],
  donchian: [
    { call: 'donchian(20).upper[1]', output: 'upperBand' },
    { call: 'donchian(20).mid[1]', output: 'centerline' },
    { call: 'donchian(20).lower[1]', output: 'lowerBand' },
  ],
  ema: [{ call: 'ema(20)', output: 'ema' }],
  epma: [{ call: 'linreg(10)', output: 'epma' }],
  fisher: [
    { call: 'fisher_transform(hl2, 10).line', output: 'fisher', from: 55, why: FISHER_START },
    { call: 'fisher_transform(hl2, 10).signal', output: 'trigger', from: 56, why: FISHER_START },
  ],
  hma: [{ call: 'hma(14)', output: 'hma' }],
  htl: [
    { call: 'floor(ht_dcperiod() + 0.5)', output: 'dcPeriods', from: 110, why: HILBERT_START },
    { call: 'ht_trendline()', output: 'trendline', from: 219, why: HILBERT_START },
  ],
  mama: [
    { call: 'mama().mama', output: 'mama', from: 251, why: HILBERT_START },
    { call: 'mama().fama', output: 'fama', from: 274, why: HILBERT_START },
  ],
  hurst: [
    { call: 'hurst(100)', output: 'hurstExponent' },
    { call: 'hurst_corrected(100)', output: 'hurstExponentAL' },
  ],
  ichimoku: [
    { call: 'ichimoku(9, 26, 52).tenkan', output: 'tenkanSen' },
    { call: 'ichimoku().kijun', output: 'kijunSen' },
    { call: 'ichimoku().span_a', output: 'senkouSpanA' },
    { call: 'ichimoku().span_b', output: 'senkouSpanB' },
  ],
  kama: [{ call: 'kama(10)', output: 'kama', from: 10, why: 'its value before the first full window is the close' }],
  keltner: [
    { call: 'keltner(20, 2, 10).mid', output: 'centerline' },
    { call: 'keltner(20, 2, 10).upper', output: 'upperBand', from: 150, why: TRUE_RANGE_START },
    { call: 'keltner(20, 2, 10).lower', output: 'lowerBand', from: 150, why: TRUE_RANGE_START },
  ],
  macd: [
    { call: 'macd().line', output: 'macd' },
    { call: 'macd().signal', output: 'signal' },
    { call: 'macd().hist', output: 'histogram' },
  ],
  mfi: [{ call: 'mfi()', output: 'mfi' }],
  // Its volume before the first change is 0.
  obv: [{ call: 'obv - value_when(bar_index == 0, volume)', output: 'obv' }],
  psar: [
    {
      call: 'psar()',
      output: 'sar',
      from: 40,
      noValue: 257.04,
      why: 'Skender starts as rising, and a low at the level (bar 250) does not reach it',
    },
  ],
  roc: [
    { call: 'mom(14)', output: 'momentum' },
    { call: 'roc(14) * 100', output: 'roc' },
  ],
  rsi: [{ call: 'rsi()', output: 'rsi' }],
  slope: [
    { call: 'slope(14)', output: 'slope' },
    { call: 'r_squared(14)', output: 'rSquared' },
  ],
  sma: [
    { call: 'sma(20)', output: 'sma' },
    { call: 'avg(close, 20)', output: 'sma' },
  ],
  smma: [{ call: 'rma(20)', output: 'smma' }],
  stdev: [
    { call: 'stdev(14)', output: 'stdDev' },
    { call: 'zscore(14)', output: 'zScore' },
  ],
  stoch: [
    { call: 'stoch().k', output: 'oscillator' },
    { call: 'stoch().d', output: 'signal' },
  ],
  'stoch-rsi': [
    { call: 'stoch_rsi(14, 1, 3).k', output: 'stochRsi' },
    { call: 'stoch_rsi(14, 1, 3).d', output: 'signal' },
  ],
  supertrend: [{ call: 'supertrend(3, 10).line', output: 'superTrend', from: 150, why: TRUE_RANGE_START }],
  tema: [{ call: 'tema(20)', output: 'tema', from: 240, why: SEED_AT_ONCE }],
  vwap: [{ call: 'vwap(bar_index == 0)', output: 'vwap' }],
  vwma: [{ call: 'vwma(14)', output: 'vwma' }],
  willr: [{ call: 'williams_r()', output: 'williamsR' }],
  wma: [{ call: 'wma(14)', output: 'wma' }],
};

/** The close as a number without a unit. */
const NUMBER = 'sign(close) * exp(log(abs(close)))';

/** Tulip: 15 bars each, printed with three decimals; by indicator and output, with its options. */
export const TULIP_CASES: Readonly<Record<string, Readonly<Record<string, (...options: readonly number[]) => string>>>> = {
  ...Object.fromEntries(['sin', 'cos', 'tan', 'asin', 'acos', 'atan'].map((name) => [name, { [name]: () => `${name}(${NUMBER})` }])),
  cosh: { cosh: () => `(exp(${NUMBER}) + exp(-${NUMBER})) / 2` },
  sinh: { sinh: () => `(exp(${NUMBER}) - exp(-${NUMBER})) / 2` },
  tanh: { tanh: () => `1 - 2 / (exp(2 * ${NUMBER}) + 1)` },
  log10: { log10: () => 'log(close) / log(10)' },
  todeg: { degrees: () => `${NUMBER} * 180 / pi` },
  torad: { radians: () => `${NUMBER} * pi / 180` },
  trunc: { trunc: () => `sign(${NUMBER}) * floor(abs(${NUMBER}))` },
  stderr: { stderr: (n) => `standard_error(${n})` },
  ad: { ad: () => 'adl' },
  aroonosc: { aroonosc: (n) => `aroon_osc(${n})` },
  bop: { bop: () => 'bop' },
  fosc: { fosc: (n) => `fosc(${n}) * 100` },
  linregintercept: { linregintercept: (n) => `linreg_intercept(${n})` },
  md: { md: (n) => `avgdev(${n})` },
  nvi: { nvi: () => 'nvi' },
  pvi: { pvi: () => 'pvi' },
  qstick: { qstick: (n) => `qstick(${n})` },
  trima: { trima: (n) => `trima(${n})` },
  tsf: { tsf: (n) => `tsf(${n})` },
  ultosc: { ultosc: (fast, medium, slow) => `ultosc(${fast}, ${medium}, ${slow})` },
  vhf: { vhf: (n) => `vhf(${n})` },
  vosc: { vosc: (fast, slow) => `volume_osc(${fast}, ${slow}) * 100` },
  wad: { wad: () => 'wad' },
  aroon: { aroon_down: (n) => `aroon(${n}).down`, aroon_up: (n) => `aroon(${n}).up` },
  bbands: {
    bbands_lower: (n, width) => `bbands(${n}, ${width}).lower`,
    bbands_middle: (n, width) => `bbands(${n}, ${width}).mid`,
    bbands_upper: (n, width) => `bbands(${n}, ${width}).upper`,
  },
  cci: { cci: (n) => `cci(${n})` },
  cmo: { cmo: (n) => `cmo(${n})` },
  hma: { hma: (n) => `hma(${n})` },
  linreg: { linreg: (n) => `linreg(${n})` },
  linregslope: { linregslope: (n) => `slope(${n})` },
  max: { max: (n) => `highest(${n})` },
  min: { min: (n) => `lowest(${n})` },
  mfi: { mfi: (n) => `mfi(${n})` },
  mom: { mom: (n) => `mom(${n})` },
  roc: { roc: (n) => `roc(${n})` },
  sma: { sma: (n) => `sma(${n})` },
  stddev: { stddev: (n) => `stdev(${n})` },
  stoch: { stoch_k: (k, smooth, d) => `stoch(${k}, ${smooth}, ${d}).k`, stoch_d: (k, smooth, d) => `stoch(${k}, ${smooth}, ${d}).d` },
  sum: { sum: (n) => `sum(${n})` },
  tr: { tr: () => 'tr' },
  var: { var: (n) => `variance(${n})` },
  vwma: { vwma: (n) => `vwma(${n})` },
  wilders: { wilders: (n) => `rma(${n})` },
  willr: { willr: (n) => `williams_r(${n})` },
  wma: { wma: (n) => `wma(${n})` },
};
