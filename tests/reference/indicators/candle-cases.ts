/** Patterns of one direction: TA-Lib's name and ours. */
export const ONE_SIDED: Readonly<Record<string, string>> = {
  CDLDOJI: 'cdl_doji',
  CDLDRAGONFLYDOJI: 'cdl_dragonfly_doji',
  CDLGRAVESTONEDOJI: 'cdl_gravestone_doji',
  CDLLONGLEGGEDDOJI: 'cdl_long_legged_doji',
  CDLRICKSHAWMAN: 'cdl_rickshaw_man',
  CDLTAKURI: 'cdl_takuri',
  CDLHAMMER: 'cdl_hammer',
  CDLHANGINGMAN: 'cdl_hanging_man',
  CDLINVERTEDHAMMER: 'cdl_inverted_hammer',
  CDLSHOOTINGSTAR: 'cdl_shooting_star',
  CDLHOMINGPIGEON: 'cdl_homing_pigeon',
  CDLPIERCING: 'cdl_piercing',
  CDLDARKCLOUDCOVER: 'cdl_dark_cloud_cover',
  CDLINNECK: 'cdl_in_neck',
  CDLTHRUSTING: 'cdl_thrusting',
  CDLMATCHINGLOW: 'cdl_matching_low',
  CDL3WHITESOLDIERS: 'cdl_3white_soldiers',
  CDL3BLACKCROWS: 'cdl_3black_crows',
  CDLIDENTICAL3CROWS: 'cdl_identical_3crows',
  CDLADVANCEBLOCK: 'cdl_advance_block',
  CDLSTALLEDPATTERN: 'cdl_stalled',
  CDLMORNINGSTAR: 'cdl_morning_star',
  CDLEVENINGSTAR: 'cdl_evening_star',
  CDLMORNINGDOJISTAR: 'cdl_morning_doji_star',
  CDLEVENINGDOJISTAR: 'cdl_evening_doji_star',
  CDLUNIQUE3RIVER: 'cdl_unique_3river',
  CDLSTICKSANDWICH: 'cdl_stick_sandwich',
  CDLLADDERBOTTOM: 'cdl_ladder_bottom',
};

/** Patterns of two directions, .up where TA-Lib says 100 and .down where it says -100. */
export const TWO_SIDED: Readonly<Record<string, string>> = {
  CDLMARUBOZU: 'cdl_marubozu',
  CDLCLOSINGMARUBOZU: 'cdl_closing_marubozu',
  CDLBELTHOLD: 'cdl_belt_hold',
  CDLLONGLINE: 'cdl_long_line',
  CDLSHORTLINE: 'cdl_short_line',
  CDLSPINNINGTOP: 'cdl_spinning_top',
  CDLHIGHWAVE: 'cdl_high_wave',
  CDLENGULFING: 'cdl_engulfing',
  CDLHARAMI: 'cdl_harami',
  CDLHARAMICROSS: 'cdl_harami_cross',
  CDLDOJISTAR: 'cdl_doji_star',
  CDLCOUNTERATTACK: 'cdl_counterattack',
  CDLSEPARATINGLINES: 'cdl_separating_lines',
  CDL3INSIDE: 'cdl_3inside',
  CDL3OUTSIDE: 'cdl_3outside',
  CDL3LINESTRIKE: 'cdl_3line_strike',
  CDLTRISTAR: 'cdl_tristar',
  CDLGAPSIDESIDEWHITE: 'cdl_gap_side_side_white',
  CDLTASUKIGAP: 'cdl_tasuki_gap',
  CDLXSIDEGAP3METHODS: 'cdl_gap_3methods',
  CDLRISEFALL3METHODS: 'cdl_3methods',
  CDLHIKKAKE: 'cdl_hikkake',
  CDLHIKKAKEMOD: 'cdl_hikkake_mod',
};

/** Those of one direction that the reference files have no hits for: rare-candles.test.ts has candles made for them. */
export const RARE_ONE_SIDED: Readonly<Record<string, string>> = {
  CDL2CROWS: 'cdl_2crows',
  CDLUPSIDEGAP2CROWS: 'cdl_upside_gap_2crows',
  CDL3STARSINSOUTH: 'cdl_3stars_in_south',
  CDLCONCEALBABYSWALL: 'cdl_conceal_baby_swallow',
  CDLMATHOLD: 'cdl_mat_hold',
  CDLONNECK: 'cdl_on_neck',
};

/** And those of two. */
export const RARE_TWO_SIDED: Readonly<Record<string, string>> = {
  CDLABANDONEDBABY: 'cdl_abandoned_baby',
  CDLBREAKAWAY: 'cdl_breakaway',
  CDLKICKING: 'cdl_kicking',
  CDLKICKINGBYLENGTH: 'cdl_kicking_by_length',
};

/** What TA-Lib's numbers are called here. */
const DIRECTIONS: readonly (readonly [value: number, member: string])[] = [
  [100, 'up'],
  [-100, 'down'],
];

/** Conditions of a pattern, each with the numbers of TA-Lib on whose bars it holds; those of the confirmed hikkake are 200 and -200. */
export function candleCases(pattern: string): readonly { readonly call: string; readonly values: readonly number[] }[] {
  const one = ONE_SIDED[pattern] ?? RARE_ONE_SIDED[pattern];
  if (one !== undefined) return [{ call: `${one}()`, values: [100, -100] }];
  const two = TWO_SIDED[pattern] ?? RARE_TWO_SIDED[pattern];
  if (two === undefined) return [];
  const confirmed = pattern === 'CDLHIKKAKE' ? DIRECTIONS.map(([value, member]) => [2 * value, `${member}_confirmed`] as const) : [];
  return [...DIRECTIONS, ...confirmed].map(([value, member]) => ({ call: `${two}().${member}`, values: [value] }));
}
