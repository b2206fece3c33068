/** Open, high, low, close. */
export type Candle = readonly [open: number, high: number, low: number, close: number];

/** Body 10, range 20: what is long has a body above 10, a doji one of at most 2, next to no shadow is one below 2, and equal closes differ by at most 1. */
export const LEAD: readonly Candle[] = Array.from({ length: 14 }, () => [100, 115, 95, 110]);

export interface RareCase {
  /** TA-Lib's name. */
  readonly pattern: string;
  /** Behind the LEAD. */
  readonly candles: readonly Candle[];
  /** TA-Lib's number on the last one. */
  readonly value: number;
  /** What a candle in its place takes the pattern away, and why. */
  readonly misses: readonly (readonly [place: number, candle: Candle, why: string])[];
}

/**
 * Candles made for patterns that real data seldom have: each line can be held against the definition, and TA-Lib 0.8.1 (the Python package, by hand, not in the
 * tests) gives the same numbers for them and zeros for the misses.
 */
export const RARE_CASES: readonly RareCase[] = [
  {
    pattern: 'CDL2CROWS',
    candles: [
      [100, 132, 98, 130],
      [140, 142, 133, 135],
      [138, 139, 118, 120],
    ],
    value: -100,
    misses: [
      [0, [121, 132, 98, 130], 'the first body is not long'],
      [1, [140, 142, 128, 129], 'there is no gap'],
      [2, [141, 142, 118, 120], 'the last one opens above the second body'],
      [2, [138, 139, 118, 131], 'the last one closes above the first body'],
    ],
  },
  {
    pattern: 'CDLUPSIDEGAP2CROWS',
    candles: [
      [100, 132, 98, 130],
      [138, 139, 134, 135],
      [140, 141, 131, 132],
    ],
    value: -100,
    misses: [
      [1, [150, 151, 134, 135], 'the second body is not short'],
      [2, [137, 141, 131, 132], 'the last one opens within the second'],
      [2, [140, 141, 128, 129], 'the last one closes the gap'],
    ],
  },
  {
    pattern: 'CDL3STARSINSOUTH',
    candles: [
      [150, 152, 100, 130],
      [140, 142, 110, 128],
      [120, 120, 115, 115],
    ],
    value: 100,
    misses: [
      [0, [150, 152, 115, 130], 'the lower shadow is not longer than the body'],
      [1, [140, 142, 99, 128], 'the second low is lower'],
      [1, [129, 142, 110, 126], 'the second does not open above the first close'],
      [2, [120, 123, 115, 115], 'the last one has a shadow'],
      [2, [120, 120, 109, 109], 'the last one is not within the range of the second'],
    ],
  },
  {
    pattern: 'CDLCONCEALBABYSWALL',
    candles: [
      [150, 150, 130, 130],
      [128, 128, 110, 110],
      [108, 112, 98, 100],
      [113, 114, 90, 92],
    ],
    value: 100,
    misses: [
      [0, [150, 153, 130, 130], 'the first has a shadow'],
      [2, [111, 114, 98, 100], 'there is no gap'],
      [2, [108, 109, 98, 100], 'the third does not reach back'],
      [3, [113, 114, 99, 101], 'the last does not engulf the third'],
    ],
  },
  {
    pattern: 'CDLABANDONEDBABY',
    candles: [
      [150, 151, 119, 120],
      [115, 116, 114, 115],
      [118, 140, 117, 138],
    ],
    value: 100,
    misses: [
      [1, [115, 120, 114, 115], 'shadows overlap'],
      [1, [115, 118, 110, 111], 'the second is no doji'],
      [2, [118, 130, 117, 128], 'the last does not close far enough into the first body'],
    ],
  },
  {
    pattern: 'CDLABANDONEDBABY',
    candles: [
      [120, 151, 119, 150],
      [155, 156, 154, 155],
      [152, 153, 130, 132],
    ],
    value: -100,
    misses: [[2, [155, 156, 130, 132], 'shadows overlap']],
  },
  {
    pattern: 'CDLBREAKAWAY',
    candles: [
      [150, 151, 129, 130],
      [125, 126, 119, 120],
      [121, 124, 115, 117],
      [116, 118, 110, 112],
      [113, 129, 112, 127],
    ],
    value: 100,
    misses: [
      [1, [131, 132, 119, 120], 'there is no gap'],
      [2, [121, 127, 115, 117], 'the third high is higher'],
      [3, [112, 118, 110, 116], 'the fourth has the other colour'],
      [4, [113, 132, 112, 131], 'it closes the gap'],
      [4, [113, 129, 112, 124], 'it does not close in the gap'],
    ],
  },
  {
    pattern: 'CDLBREAKAWAY',
    candles: [
      [130, 151, 129, 150],
      [155, 161, 154, 160],
      [159, 165, 156, 163],
      [164, 170, 162, 168],
      [167, 168, 151, 153],
    ],
    value: -100,
    misses: [[3, [164, 170, 155, 168], 'the fourth low is lower']],
  },
  {
    pattern: 'CDLKICKING',
    candles: [
      [150, 150, 130, 130],
      [155, 180, 155, 180],
    ],
    value: 100,
    misses: [
      [0, [150, 156, 130, 130], 'the first has a shadow'],
      [1, [149, 180, 149, 180], 'there is no gap'],
      [1, [155, 165, 155, 165], 'the second body is not long'],
    ],
  },
  {
    pattern: 'CDLKICKING',
    candles: [
      [130, 150, 130, 150],
      [125, 125, 95, 95],
    ],
    value: -100,
    misses: [[1, [125, 125, 90, 95], 'the second has a shadow']],
  },
  {
    pattern: 'CDLKICKINGBYLENGTH',
    candles: [
      [150, 150, 130, 130],
      [155, 180, 155, 180],
    ],
    value: 100,
    misses: [[1, [149, 180, 149, 180], 'there is no gap']],
  },
  {
    // The black one is the longer one.
    pattern: 'CDLKICKINGBYLENGTH',
    candles: [
      [150, 150, 130, 130],
      [155, 167, 155, 167],
    ],
    value: -100,
    misses: [[1, [155, 171, 155, 167], 'the second has a shadow']],
  },
  {
    pattern: 'CDLMATHOLD',
    candles: [
      [100, 131, 99, 130],
      [136, 137, 132, 133],
      [132, 133, 127, 128],
      [129, 130, 124, 125],
      [126, 141, 125, 140],
    ],
    value: 100,
    misses: [
      [1, [136, 137, 128, 129], 'there is no gap'],
      [3, [129, 130, 113, 114], 'it sinks too far into the first body'],
      [3, [133, 134, 124, 125], 'the fourth is above the third'],
      [4, [124, 141, 123, 140], 'the last opens below the close before'],
      [4, [126, 137, 125, 136], 'the last does not close above the highs'],
    ],
  },
  {
    pattern: 'CDLONNECK',
    candles: [
      [150, 151, 129, 130],
      [125, 130, 124, 129],
    ],
    value: -100,
    misses: [
      [0, [135, 136, 129, 130], 'the first body is not long'],
      [1, [129, 130, 124, 129], 'it does not open below the low'],
      [1, [125, 132, 124, 131], 'it closes above the low'],
      [1, [125, 130, 124, 127], 'it closes below the low'],
    ],
  },
];
