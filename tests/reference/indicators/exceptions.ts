/**
 * Why an output of a reference is not compared: it is another function (then `call` is ours, and differs), we have no such function (then no function is
 * called `lacks`), or it is nothing that a function gives (a step of a sum, what changes when later bars come).
 */
export type ReferenceException = { readonly why: string } & (
  | { readonly call: string }
  | { readonly lacks: string }
  | { readonly isNoFunction: true }
);

type Exceptions = Readonly<Record<string, Readonly<Record<string, ReferenceException>>>>;

const other = (call: string, why: string): ReferenceException => ({ call, why });
const lacking = (lacks: string): ReferenceException => ({ lacks, why: `there is no ${lacks}` });
const none = (why: string): ReferenceException => ({ isNoFunction: true, why });
const each = (outputs: string, exception: ReferenceException): Readonly<Record<string, ReferenceException>> =>
  Object.fromEntries(outputs.split(' ').map((output) => [output, exception]));

const AHEAD = 'it looks at later bars';
const LINES = 'lines between turning points, which look at later bars; those of Skender are compared in structure.test.ts';
const ROWS = 'a row is a brick, not a bar; bricks are compared in structure.test.ts';
const STEP = 'a step of its computation';

/** Files whose results are no series of outputs. */
export const OTHER_FILES: readonly (readonly [file: string, why: string])[] = [
  [
    'tulip/candles.json',
    "Tulip's patterns: their limits of bodies and wicks are its own, in averages of 10 candles; ours are TA-Lib's, which are compared",
  ],
  [
    'ttr/hurst_pracma.json',
    'five estimates over all bars at once, by the sizes of blocks that pracma takes; hurst of a window is compared with Skender',
  ],
  ['ttr/CONVENTIONS.md', 'no results'],
];

export const EXCEPTIONS: Readonly<Record<string, Exceptions>> = {
  'TA-Lib': {
    '': {},
  },
  TradingView: {},
  StockCharts: {},
  'R TTR': {
    '': {
      zlema_20: other('zlema(20)', 'its lag is not rounded to a bar, and it starts with the first value'),
      alma_9: other('alma(9)', 'its peak is rounded to a bar'),
      sar_002_02: other('psar()', 'it starts at once, from a level of its own, and gives the level of the next bar'),
      dpo_10: other('dpo(10)', AHEAD),
      ...each('tdi_20.tdi tdi_20.di', lacking('tdi')),
      ...each('zigzag_10pct zigzag_3pct', none(LINES)),
      'volatility_20_gk.yz': lacking('garman_klass_yz'),
    },
  },
  Skender: {
    'atr-stop': each('buyStop sellStop', none('atrStop, which is compared, by its side')),
    crsi: {
      streak: none(STEP),
      rsiStreak: none(STEP),
    },
    doji: each('price match', none('a mark on a candle by a limit in percent, not by the candles before it')),
    marubozu: each('price match', none('a mark on a candle by a share of its body, not by the candles before it')),
    dpo: { dpo: other('dpo(14)', AHEAD), sma: none(AHEAD) },
    htl: { smoothPrice: none(STEP) },
    ichimoku: { chikouSpan: none(`${AHEAD}: the close of 26 bars later`) },
    pivots: each('highPoint lowPoint highLine lowLine highTrend lowTrend', none(AHEAD)),
    renko: each('open high low close volume', none(ROWS)),
    'renko-atr': each('open high low close volume', none(ROWS)),
    slope: {
      intercept: none('where the line meets the first bar of the data'),
      line: none('the last line only, which every later bar moves'),
    },
    'sma-analysis': { mape: lacking('mape') },
    stc: { stc: other('stc(10, 23, 50)', 'it smooths the stochastics by averages of 3 bars') },
    'stdev-channels': each('centerline upperChannel lowerChannel', none('lines of the last bars only, which every later bar moves')),
    ulcer: {
      ulcerIndex: other(
        'ulcer(14) * 100',
        'each fall is from the highest since the begin of the window, ours from the highest of length bars',
      ),
      ui: other('ulcer(14) * 100', 'each fall is from the highest since the begin of the window, ours from the highest of length bars'),
    },
    'vol-stop': each('upperBand lowerBand', none('sar, which is compared, by its side')),
    supertrend: each('upperBand lowerBand', none('superTrend, which is compared, by its side')),
    'zigzag-close': each('zigZag retraceHigh retraceLow', none(LINES)),
  },
  Tulip: {
    ...Object.fromEntries('decay edecay'.split(' ').map((name) => [name, { [name]: lacking(name) }])),
    exp: { exp: none('exp takes a number, and the test gives a price') },
    sqrt: { sqrt: none('a price has no root, and the test gives a price') },
    ao: { ao: none('the test has no values') },
    mass: { mass: none('the test has no values') },
    fisher: each(
      'fisher fisher_signal',
      none('the plugin plugins/indicator/fisher is compared with Skender; 15 bars do not forget where it starts'),
    ),
    kama: { kama: other('kama(5)', 'it starts with the close of the first full window, ours with the one before') },
    kvo: { kvo: other('klinger(2, 5).line', 'its force is |2 * range / sum - 1|') },
    msw: each('msw_sine msw_lead', lacking('msw')),
    vidya: { vidya: other('vidya(5, 2)', 'its speed is a quotient of deviations') },
  },
};
