import type { ReferenceCase } from './reference-cases.ts';
import type { TalibCase } from './talib-cases.ts';

/**
 * Outputs of references that no function of ours has under its name: parts of others, and other conventions, written in the language (with the lines of
 * other-conventions.ts). Where a reference seeds its averages otherwise, its values are had here from the first one on.
 */
type Cases = readonly ReferenceCase[];

const of = (output: string, call: string, agreement: Omit<ReferenceCase, 'call' | 'output'> = {}): ReferenceCase => ({
  output,
  call,
  ...agreement,
});

/** macd with the fast average started where the slow one has its first value. */
const macdOf = (fast: number, slow: number): string =>
  `ema(if bar_index < ${slow} - ${fast} then na else close, ${fast}) - ema(close, ${slow})`;

const RSI_OF = (k: number, length: number): string =>
  `100 * (rsi(close, ${length}) - lowest(rsi(close, ${length}), ${k})) / (highest(rsi(close, ${length}), ${k}) - lowest(rsi(close, ${length}), ${k}))`;

export const DERIVED_TALIB: readonly TalibCase[] = [
  { output: 'ATR.outReal', call: ({ timePeriod }) => `atr_from_second(${timePeriod})` },
  { output: 'NATR.outReal', call: ({ timePeriod }) => `100 * atr_from_second(${timePeriod}) / close` },
  { output: 'MACD.outMACD', call: ({ fastPeriod, slowPeriod }) => macdOf(fastPeriod!, slowPeriod!) },
  {
    output: 'MACD.outMACDSignal',
    call: ({ fastPeriod, slowPeriod, signalPeriod }) => `ema(${macdOf(fastPeriod!, slowPeriod!)}, ${signalPeriod})`,
  },
  {
    output: 'MACD.outMACDHist',
    call: ({ fastPeriod, slowPeriod, signalPeriod }) =>
      `${macdOf(fastPeriod!, slowPeriod!)} - ema(${macdOf(fastPeriod!, slowPeriod!)}, ${signalPeriod})`,
  },
  { output: 'PLUS_DM.outReal', call: ({ timePeriod }) => `plus_dm(${timePeriod})` },
  { output: 'MINUS_DM.outReal', call: ({ timePeriod }) => `minus_dm(${timePeriod})` },
  { output: 'PLUS_DI.outReal', call: ({ timePeriod }) => `plus_di(${timePeriod})` },
  { output: 'MINUS_DI.outReal', call: ({ timePeriod }) => `minus_di(${timePeriod})` },
  { output: 'DX.outReal', call: ({ timePeriod }) => `dx_of_sums(${timePeriod})` },
  { output: 'ADX.outReal', call: ({ timePeriod }) => `adx_of_sums(${timePeriod})` },
  { output: 'ADXR.outReal', call: ({ timePeriod }) => `(adx_of_sums(${timePeriod}) + adx_of_sums(${timePeriod})[${timePeriod} - 1]) / 2` },
  {
    output: 'ADOSC.outReal',
    call: ({ fastPeriod, slowPeriod }) => `ema_from_first(adl, ${fastPeriod}) - ema_from_first(adl, ${slowPeriod})`,
  },
  {
    output: 'APO.outReal',
    call: ({ fastPeriod, slowPeriod, MAType }) => (MAType === 0 ? `sma(close, ${fastPeriod}) - sma(close, ${slowPeriod})` : null),
  },
  {
    output: 'PPO.outReal',
    call: ({ fastPeriod, slowPeriod, MAType }) =>
      MAType === 0 ? `100 * (sma(close, ${fastPeriod}) / sma(close, ${slowPeriod}) - 1)` : null,
  },
  { output: 'STOCHRSI.outFastK', call: ({ timePeriod, fastK_Period }) => RSI_OF(fastK_Period!, timePeriod!) },
  {
    output: 'STOCHRSI.outFastD',
    call: ({ timePeriod, fastK_Period, fastD_Period }) => `sma(${RSI_OF(fastK_Period!, timePeriod!)}, ${fastD_Period})`,
  },
  { output: 'ROCR.outReal', call: ({ timePeriod }) => `close / close[${timePeriod}]` },
  { output: 'TYPPRICE.outReal', call: () => 'hlc3' },
  { output: 'MEDPRICE.outReal', call: () => 'hl2' },
  { output: 'WCLPRICE.outReal', call: () => '(high + low + 2 * close) / 4' },
  { output: 'AVGPRICE.outReal', call: () => 'ohlc4' },
];

/** Pine's mfi of the close: the first bar, whose change is not known, counts as both. */
const FLOW = (direction: string): string => `sum(if bar_index == 0 or close ${direction} then close * volume else 0, 14)`;

export const DERIVED_TRADINGVIEW: Readonly<Record<string, Cases>> = {
  cross: [
    of('ta.cross(ema1, ema2)', 'nz(if ema(close, 5) crosses ema(close, 11) then 0.5 else 0)'),
    of('ta.crossover(ema1, ema2)', 'nz(if ema(close, 5) crosses above ema(close, 11) then 1 else 0)'),
    of('ta.crossunder(ema1, ema2)', 'nz(if ema(close, 5) crosses below ema(close, 11) then -1 else 0)'),
  ],
  dmi: [of('ta.dmi(17, 14).adx', 'rma(dx(17), 14)')],
  'mfi+rsi+stoch': [of('ta.mfi(close, 14)', `100 * ${FLOW('rises')} / (${FLOW('rises')} + ${FLOW('falls')})`)],
  tr: [of('ta.tr(false)', 'if bar_index == 0 then na else tr'), of('ta.tr', 'if bar_index == 0 then na else tr')],
};

const MOVES = (sign: string): string => `rma_from_first(if bar_index == 0 then 0 * close else max(${sign}change(close), 0), 14)`;
const RSI_FROM_FIRST = `100 * ${MOVES('')} / (${MOVES('')} + ${MOVES('-')})`;
const MACD_FROM_FIRST = 'ema_from_first(close, 12) - ema_from_first(close, 26)';
const PPO_FROM_FIRST = '100 * (ema_from_first(close, 12) / ema_from_first(close, 26) - 1)';
const BEFORE_FILE = 'its average began before the bars of the file do';

/** The columns that index.json names, and others that are values of functions. */
export const DERIVED_STOCKCHARTS: Readonly<Record<string, Cases>> = {
  adx: [of('tr', 'if bar_index == 0 then na else tr'), of('dx', 'dx(14)')],
  atr: [of('atr', 'atr(14)', { noValue: 0 }), of('tr', 'tr')],
  bbands: [
    of('crossup', 'if close > bbands(20, 2).upper then 1 else 0'),
    of('crossdown', 'if close < bbands(20, 2).lower then 1 else 0'),
    of('20-day standard deviation', 'stdev(close, 20)', { decimals: 6 }),
  ],
  dc: [
    of('dc_percentage', '(close - donchian(20).lower) / (donchian(20).upper - donchian(20).lower)'),
    of('dc_band_width', '100 * (donchian(20).upper - donchian(20).lower) / sma(close, 20)'),
  ],
  kc: [
    of('atr', 'atr(10)', { noValue: 0 }),
    of('upper_band', 'ema_from_first(close, 20) + 2 * atr(10)'),
    of('middle_band', 'ema_from_first(close, 20)'),
    of('lower_band', 'ema_from_first(close, 20) - 2 * atr(10)'),
    of('kc_high_indicator', 'if close > ema_from_first(close, 20) + 2 * atr(10) then 1 else 0'),
    of('kc_low_indicator', 'if close < ema_from_first(close, 20) - 2 * atr(10) then 1 else 0'),
    of('kc_band_width', '400 * atr(10) / ema_from_first(close, 20)'),
    of('kc_percentage', '(close - (ema_from_first(close, 20) - 2 * atr(10))) / (4 * atr(10))'),
  ],
  macd: [
    of('macd_line', MACD_FROM_FIRST),
    of('macd_signal', `ema_from_first(${MACD_FROM_FIRST}, 9)`, { decimals: 6, from: 60, why: BEFORE_FILE }),
    of('macd_diff', `${MACD_FROM_FIRST} - ema_from_first(${MACD_FROM_FIRST}, 9)`, { decimals: 6, from: 60, why: BEFORE_FILE }),
  ],
  ppo: [
    of('ppo', PPO_FROM_FIRST),
    of('ppo_signal_line', `ema_from_first(${PPO_FROM_FIRST}, 9)`),
    of('ppo_histogram', `${PPO_FROM_FIRST} - ema_from_first(${PPO_FROM_FIRST}, 9)`),
  ],
  rsi: [of('rsi', RSI_FROM_FIRST, { decimals: 6 })],
  stochrsi: [
    of(
      'stochrsi(14)',
      `(${RSI_FROM_FIRST} - lowest(${RSI_FROM_FIRST}, 14)) / (highest(${RSI_FROM_FIRST}, 14) - lowest(${RSI_FROM_FIRST}, 14))`,
      { decimals: 7 },
    ),
  ],
  ultosc: [of('ult_osc', 'ultosc(7, 14, 28)', { decimals: 6 })],
};

const LOG_KST =
  '100 * (sma(log(close / close[10]), 10) + 2 * sma(log(close / close[15]), 10) + 3 * sma(log(close / close[20]), 10) + 4 * sma(log(close / close[30]), 15))';

export const DERIVED_TTR: Cases = [
  of('rsi_14_sma', '100 * sma(max(change(close), 0), 14) / (sma(max(change(close), 0), 14) + sma(max(-change(close), 0), 14))'),
  of('macd_12_26_9_pct.macd', 'ppo(12, 26, 9).line * 100'),
  of('macd_12_26_9_pct.signal', 'ppo(12, 26, 9).signal * 100'),
  of('atr_14.atr', 'atr_from_second(14)'),
  of('atr_14.truehigh', 'max(high, close[1])'),
  of('atr_14.truelow', 'min(low, close[1])'),
  of('adx_14.dip', 'plus_di(14)'),
  of('adx_14.din', 'minus_di(14)'),
  of('adx_14.dx', 'dx_of_sums(14)'),
  of('adx_14.adx', 'adx_of_sums(14)'),
  of('keltner_20_atr2.up', 'ema(hlc3, 20) + 2 * atr_from_second(20)'),
  of('keltner_20_atr2.dn', 'ema(hlc3, 20) - 2 * atr_from_second(20)'),
  of('bbands_20_2_close.dn', 'bbands(20, 2).lower'),
  of('bbands_20_2_close.mavg', 'bbands(20, 2).mid'),
  of('bbands_20_2_close.up', 'bbands(20, 2).upper'),
  of('donchian_20_lag.high', 'donchian(20).upper[1]'),
  of('donchian_20_lag.mid', 'donchian(20).mid[1]'),
  of('donchian_20_lag.low', 'donchian(20).lower[1]'),
  of('roc_10_log', 'log(close / close[10])'),
  of('trix_20_9.signal', 'ema(trix(close, 20), 20) * 100'),
  of('kst.kst', LOG_KST),
  of('kst.signal', `sma(${LOG_KST}, 9)`),
  of('runsd_20_sample', 'stdev(close, 20) * sqrt(20 / 19)'),
  of('zscore_20_sample', 'zscore(close, 20) * sqrt(19 / 20)'),
  of('lm_20_intercept', 'linreg(close, 20, 20)'),
];

/** Skender's averages of averages: each starts with the first value of the one before. */
const AGAIN = (source: string, length: number): string => `ema_from_first(${source}, ${length})`;
const TRIPLE = AGAIN(AGAIN('ema(14)', 14), 14);
const THIRD = AGAIN(AGAIN(AGAIN('close', 5), 5), 5);
const FOURTH = AGAIN(THIRD, 5);
const FIFTH = AGAIN(FOURTH, 5);
const RATES = '10000 * roc(20) * roc(20)';

export const DERIVED_SKENDER: Readonly<Record<string, Cases>> = {
  adl: [of('moneyFlowMultiplier', 'clv'), of('moneyFlowVolume', 'clv * volume')],
  adx: [of('dx', 'dx(14)'), of('adxr', '(adx(14) + adx(14)[14]) / 2')],
  atr: [of('atr', 'atr_from_second(14)'), of('atrp', '100 * atr_from_second(14) / close')],
  'atr-stop': [of('atr', 'atr_from_second(21)')],
  awesome: [of('normalized', '100 * awesome() / hl2')],
  barpart: [of('value', 'close')],
  beta: [of('returnsEval', 'nz(roc(close))'), of('returnsMrkt', 'nz(roc(open))')],
  'chaikin-osc': [
    of('moneyFlowMultiplier', 'clv'),
    of('moneyFlowVolume', 'clv * volume'),
    of('adl', 'adl'),
    of('fastEma', 'ema(adl, 3)'),
    of('slowEma', 'ema(adl, 10)'),
  ],
  chexit: [of('chandelierExit', 'highest(high, 22) - 3 * atr_from_second(22)')],
  cmf: [of('moneyFlowMultiplier', 'clv'), of('moneyFlowVolume', 'clv * volume')],
  corr: [
    of('varianceA', 'variance(open, 20)'),
    of('varianceB', 'variance(close, 20)'),
    of('rSquared', 'corr(close, open, 20) * corr(close, open, 20)'),
  ],
  crsi: [
    of('rsi', 'rsi(3)'),
    of('percentRank', '100 - percentile_rank(-roc(1), 100)', { from: 101, why: 'its first window has one change less' }),
  ],
  dema: [of('dema', `2 * ema(14) - ${AGAIN('ema(14)', 14)}`)],
  donchian: [of('width', '((donchian(20).upper - donchian(20).lower) / donchian(20).mid)[1]')],
  'elder-ray': [of('ema', 'ema(13)')],
  heikinashi: [of('volume', 'volume')],
  kama: [of('er', 'abs(close - close[10]) / sum(abs(close - close[1]), 10)')],
  keltner: [
    of('upperBand', 'ema(20) + 2 * atr_from_second(10)'),
    of('lowerBand', 'ema(20) - 2 * atr_from_second(10)'),
    of('width', '4 * atr_from_second(10) / ema(20)'),
  ],
  macd: [of('fastEma', 'ema(12)'), of('slowEma', 'ema(26)')],
  'roc-wb': [
    of('roc', '100 * roc(20)'),
    of('rocEma', 'ema(100 * roc(20), 5)'),
    of('upperBand', `sqrt(sum(${RATES}, 5) / 5)`),
    of('lowerBand', `-sqrt(sum(${RATES}, 5) / 5)`),
  ],
  slope: [of('stdDev', 'stdev(14)')],
  'sma-analysis': [of('mad', 'avgdev(20)'), of('mse', 'variance(20)'), of('sma', 'sma(20)')],
  smi: [of('signal', 'smi(13, 25, 2, 3).signal', { from: 300, why: 'Skender starts averages of ranges with the first values' })],
  starc: [of('upperBand', 'sma(5) + 2 * atr_from_second(10)'), of('lowerBand', 'sma(5) - 2 * atr_from_second(10)')],
  stdev: [of('mean', 'sma(14)')],
  stoch: [
    of('k', 'stoch().k'),
    of('d', 'stoch().d'),
    of('j', '3 * stoch().k - 2 * stoch().d'),
    of('percentJ', '3 * stoch().k - 2 * stoch().d'),
  ],
  t3: [of('t3', `-0.343 * ${AGAIN(FIFTH, 5)} + 2.499 * ${FIFTH} - 6.069 * ${FOURTH} + 4.913 * ${THIRD}`)],
  tema: [of('tema', `3 * ema(20) - 3 * ${AGAIN('ema(20)', 20)} + ${AGAIN(AGAIN('ema(20)', 20), 20)}`)],
  tr: [of('tr', 'tr')],
  trix: [of('ema3', TRIPLE), of('trix', `100 * roc(${TRIPLE})`)],
};

const LATER = (bars: number, source: string): string => `ema_from_first(if bar_index < ${bars} then na else ${source}, 5)`;
const TULIP_EMA = 'ema_from_first(close, 5)';
const TULIP_SECOND = LATER(4, TULIP_EMA);
const TULIP_THIRD = LATER(8, TULIP_SECOND);
const TULIP_MACD = 'ema_from_first(close, 2) - ema_from_first(close, 5)';

/** Tulip: by indicator and output, for the options of its test. */
export const DERIVED_TULIP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  abs: { abs: 'abs(close)' },
  add: { add: 'close + open' },
  sub: { sub: 'close - open' },
  mul: { mul: 'close * open' },
  div: { div: 'close / open' },
  ceil: { ceil: 'ceil(close)' },
  floor: { floor: 'floor(close)' },
  round: { round: 'round(close)' },
  ln: { ln: 'log(close)' },
  adosc: { adosc: 'ema_from_first(adl, 2) - ema_from_first(adl, 5)' },
  adx: { adx: 'rma(dx_of_sums(5), 5)' },
  adxr: { adxr: '(rma(dx_of_sums(5), 5) + rma(dx_of_sums(5), 5)[4]) / 2' },
  dx: { dx: 'dx_of_sums(5)' },
  dm: { plus_dm: 'plus_dm(5)', minus_dm: 'minus_dm(5)' },
  di: { plus_di: 'plus_di(5)', minus_di: 'minus_di(5)' },
  apo: { apo: TULIP_MACD },
  ppo: { ppo: '100 * (ema_from_first(close, 2) / ema_from_first(close, 5) - 1)' },
  macd: {
    macd: TULIP_MACD,
    macd_signal: `ema_from_first(if bar_index < 4 then na else ${TULIP_MACD}, 9)`,
    macd_histogram: `${TULIP_MACD} - ema_from_first(if bar_index < 4 then na else ${TULIP_MACD}, 9)`,
  },
  ema: { ema: TULIP_EMA },
  dema: { dema: `2 * ${TULIP_EMA} - ${TULIP_SECOND}` },
  tema: { tema: `3 * ${TULIP_EMA} - 3 * ${TULIP_SECOND} + ${TULIP_THIRD}` },
  trix: { trix: `100 * (1 - (${TULIP_THIRD})[1] / (${TULIP_THIRD}))` },
  zlema: { zlema: 'ema_from_first(if bar_index == 1 then close else 2 * close - close[2], 5)' },
  atr: { atr: 'atr(5)' },
  natr: { natr: '100 * natr(5)' },
  avgprice: { avgprice: 'ohlc4' },
  medprice: { medprice: 'hl2' },
  typprice: { typprice: 'hlc3' },
  wcprice: { wcprice: '(high + low + 2 * close) / 4' },
  crossany: { crossany: 'nz(if close crosses open then 1 else 0)' },
  crossover: { crossover: 'nz(if close crosses above open then 1 else 0)' },
  cvi: { cvi: '100 * (ema_from_first(high - low, 5) / ema_from_first(high - low, 5)[5] - 1)' },
  dpo: { dpo: 'close[3] - sma(5)' },
  emv: { emv: 'eom(1)' },
  lag: { lag: 'close[5]' },
  marketfi: { marketfi: 'bw_mfi' },
  obv: { obv: 'obv - value_when(bar_index == 0, volume)' },
  psar: { psar: 'psar(0.2, 2)' },
  rocr: { rocr: 'close / close[5]' },
  rsi: { rsi: 'rsi(5)' },
  stderr: { stderr: 'stdev(5) / sqrt(5)' },
  stochrsi: { stochrsi: '(rsi(5) - lowest(rsi(5), 5)) / (highest(rsi(5), 5) - lowest(rsi(5), 5))' },
  volatility: { volatility: 'stdev(roc(1), 5) * sqrt(252)' },
};
