/** Bounds of a value, both reached or approached. */
export type Range = readonly [low: number, high: number];

/** One family of functions, in the language itself. A `def` without `export` serves other functions of the prelude only. */
export interface PreludeModule {
  readonly source: string;
  /**
   * What the checker may take for granted of a function's value (`rsi`) or of one member of its group (`stoch.k`), whatever the data: rounding included,
   * so a definition clamps where rounding could go beyond.
   */
  readonly ranges: Readonly<Record<string, Range>>;
}
