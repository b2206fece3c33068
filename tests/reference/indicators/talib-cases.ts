import { type ReferenceCase, TRUE_RANGE_START, WILDER_START } from './reference-cases.ts';

const FAST_DELAYED = 'TA-Lib starts the fast average where the slow one has its first value';
const FIRST_VALUE = 'TA-Lib starts both averages with the first value';

type Params = Readonly<Record<string, number>>;

/** An output of TA-Lib: the call for its parameters; null = not for these. */
export type TalibCase = Omit<ReferenceCase, 'call'> & { readonly call: (params: Params) => string | null };

/** Functions of TA-Lib. */
export const TALIB_CASES: readonly TalibCase[] = [
  ...(['SMA', 'EMA', 'WMA', 'DEMA', 'TEMA', 'TRIMA', 'KAMA', 'RSI', 'MOM', 'MIDPOINT', 'TSF', 'LINEARREG_INTERCEPT'] as const).map(
    (name) => ({
      output: `${name}.outReal`,
      call: ({ timePeriod }: Params) => `${name.toLowerCase().replace('linearreg', 'linreg')}(close, ${timePeriod})`,
    }),
  ),
  { output: 'T3.outReal', call: ({ timePeriod, vFactor }) => `t3(close, ${timePeriod}, ${vFactor})` },
  { output: 'TRIX.outReal', call: ({ timePeriod }) => `trix(close, ${timePeriod}) * 100` },
  {
    output: 'ULTOSC.outReal',
    call: ({ timePeriod1: fast, timePeriod2: medium, timePeriod3: slow }) => `ultosc(${fast}, ${medium}, ${slow})`,
  },
  { output: 'BOP.outReal', call: () => 'bop' },
  { output: 'AROONOSC.outReal', call: ({ timePeriod }) => `aroon_osc(${timePeriod})` },
  {
    output: 'APO.outReal',
    call: ({ fastPeriod, slowPeriod, MAType }) => (MAType === 1 ? `apo(close, ${fastPeriod}, ${slowPeriod})` : null),
  },
  {
    output: 'PPO.outReal',
    call: ({ fastPeriod, slowPeriod, MAType }) => (MAType === 1 ? `ppo(close, ${fastPeriod}, ${slowPeriod}).line * 100` : null),
  },
  {
    output: 'ADOSC.outReal',
    call: ({ fastPeriod, slowPeriod }) => `chaikin_osc(${fastPeriod}, ${slowPeriod})`,
    from: 210,
    why: FIRST_VALUE,
  },
  { output: 'DX.outReal', call: ({ timePeriod }) => `dx(${timePeriod})`, from: 280, why: WILDER_START },
  { output: 'ADXR.outReal', call: ({ timePeriod }) => `adxr(${timePeriod})`, from: 340, why: WILDER_START },
  { output: 'PLUS_DM.outReal', call: ({ timePeriod }) => `dm(${timePeriod}).plus`, from: 270, why: WILDER_START },
  { output: 'MINUS_DM.outReal', call: ({ timePeriod }) => `dm(${timePeriod}).minus`, from: 270, why: WILDER_START },
  { output: 'ROC.outReal', call: ({ timePeriod }) => `roc(close, ${timePeriod}) * 100` },
  { output: 'ROCP.outReal', call: ({ timePeriod }) => `roc(close, ${timePeriod})` },
  { output: 'MIN.outReal', call: ({ timePeriod }) => `lowest(close, ${timePeriod})` },
  { output: 'MAX.outReal', call: ({ timePeriod }) => `highest(close, ${timePeriod})` },
  { output: 'MIDPRICE.outReal', call: ({ timePeriod }) => `donchian(${timePeriod}).mid` },
  { output: 'MACD.outMACD', call: macd('line'), from: 160, why: FAST_DELAYED },
  { output: 'MACD.outMACDSignal', call: macd('signal'), from: 170, why: FAST_DELAYED },
  { output: 'MACD.outMACDHist', call: macd('hist'), from: 170, why: FAST_DELAYED },
  { output: 'STOCH.outSlowK', call: stoch('k') },
  { output: 'STOCH.outSlowD', call: stoch('d') },
  { output: 'STOCHF.outFastK', call: ({ fastK_Period: k, fastD_Period: d }) => `stoch(${k}, 1, ${d}).k` },
  { output: 'STOCHF.outFastD', call: ({ fastK_Period: k, fastD_Period: d }) => `stoch(${k}, 1, ${d}).d` },
  { output: 'STOCHRSI.outFastK', call: stochRsi('k') },
  { output: 'STOCHRSI.outFastD', call: stochRsi('d') },
  { output: 'ADX.outReal', call: ({ timePeriod }) => `adx(${timePeriod})`, from: 330, why: WILDER_START },
  { output: 'ADX.outReal', call: ({ timePeriod }) => `dmi(${timePeriod}).adx`, from: 330, why: WILDER_START },
  { output: 'PLUS_DI.outReal', call: ({ timePeriod }) => `dmi(${timePeriod}).plus`, from: 260, why: WILDER_START },
  { output: 'MINUS_DI.outReal', call: ({ timePeriod }) => `dmi(${timePeriod}).minus`, from: 270, why: WILDER_START },
  { output: 'ATR.outReal', call: ({ timePeriod }) => `atr(${timePeriod})`, from: 390, why: TRUE_RANGE_START },
  { output: 'NATR.outReal', call: ({ timePeriod }) => `natr(${timePeriod}) * 100`, from: 380, why: TRUE_RANGE_START },
  { output: 'TRANGE.outReal', call: () => 'tr' },
  { output: 'BBANDS.outRealUpperBand', call: ({ timePeriod, nbDevUp }) => `bbands(close, ${timePeriod}, ${nbDevUp}).upper` },
  { output: 'BBANDS.outRealMiddleBand', call: ({ timePeriod }) => `bbands(close, ${timePeriod}).mid` },
  { output: 'BBANDS.outRealLowerBand', call: ({ timePeriod, nbDevDn }) => `bbands(close, ${timePeriod}, ${nbDevDn}).lower` },
  { output: 'OBV.outReal', call: () => 'obv' },
  { output: 'AD.outReal', call: () => 'adl' },
  { output: 'MFI.outReal', call: ({ timePeriod }) => `mfi(${timePeriod})` },
  { output: 'CCI.outReal', call: ({ timePeriod }) => `cci(${timePeriod})` },
  // Its cmo is smoothed as the rsi, and so the same as it.
  { output: 'CMO.outReal', call: ({ timePeriod }) => `2 * rsi(close, ${timePeriod}) - 100` },
  { output: 'WILLR.outReal', call: ({ timePeriod }) => `williams_r(${timePeriod})` },
  { output: 'SAR.outReal', call: ({ acceleration, maximum }) => `psar(${acceleration}, ${maximum})` },
  { output: 'AROON.outAroonDown', call: ({ timePeriod }) => `aroon(${timePeriod}).down` },
  { output: 'AROON.outAroonUp', call: ({ timePeriod }) => `aroon(${timePeriod}).up` },
  { output: 'LINEARREG.outReal', call: ({ timePeriod }) => `linreg(close, ${timePeriod})` },
  { output: 'LINEARREG_SLOPE.outReal', call: ({ timePeriod }) => `slope(close, ${timePeriod})` },
  { output: 'MAMA.outMAMA', call: ({ fastLimit, slowLimit }) => `mama(close, ${fastLimit}, ${slowLimit}).mama` },
  { output: 'MAMA.outFAMA', call: ({ fastLimit, slowLimit }) => `mama(close, ${fastLimit}, ${slowLimit}).fama` },
  { output: 'HT_TRENDLINE.outReal', call: () => 'ht_trendline(close)' },
  { output: 'HT_DCPERIOD.outReal', call: () => 'ht_dcperiod(close)' },
  { output: 'HT_TRENDMODE.outInteger', call: () => 'if ht_trendmode(close) then 1 else 0' },
  { output: 'HT_SINE.outSine', call: () => 'ht_sine(close).sine' },
  { output: 'HT_SINE.outLeadSine', call: () => 'ht_sine(close).lead' },
  { output: 'HT_SINE.outSine', call: () => 'sin(ht_dcphase(close) * pi / 180)' },
  { output: 'LINEARREG_ANGLE.outReal', call: ({ timePeriod }) => `linreg_angle(close, ${timePeriod})` },
  { output: 'STDDEV.outReal', call: ({ timePeriod, nbDev }) => `stdev(close, ${timePeriod}) * ${nbDev}` },
  { output: 'VAR.outReal', call: ({ timePeriod }) => `variance(close, ${timePeriod})` },
  {
    output: 'CORREL.outReal',
    call: ({ timePeriod }) => `corr(high, low, ${timePeriod})`,
    noValue: 0,
    why: 'it gives 0 below 1e-8',
  },
  { output: 'BETA.outReal', call: ({ timePeriod }) => `beta(roc(low), roc(high), ${timePeriod})` },
];

function macd(member: string) {
  return ({ fastPeriod, slowPeriod, signalPeriod }: Params): string =>
    `macd(close, ${fastPeriod}, ${slowPeriod}, ${signalPeriod}).${member}`;
}

function stoch(member: string) {
  return ({ fastK_Period: k, slowK_Period: smooth, slowD_Period: d }: Params): string => `stoch(${k}, ${smooth}, ${d}).${member}`;
}

/** Ours looks at as many bars of the rsi as the rsi is long. */
function stochRsi(member: string) {
  return ({ timePeriod, fastK_Period: k, fastD_Period: d }: Params): string | null =>
    timePeriod === k ? `stoch_rsi(close, ${timePeriod}, 1, ${d}).${member}` : null;
}
