import type { Fee } from '#core/model/fee-text.ts';
import type { Slippage } from '#core/model/slippage-text.ts';
import type { FillLine } from './fill-line.ts';
import type { NeverRule } from './never-rule.ts';
import type { ValueLine } from './value-line.ts';

/** A file of tests, read and checked: docs/testing-strategies.md. */
export interface TestFile {
  /** As the user knows it. */
  readonly file: string;
  /** The strategy's, absolute or from the working directory as `file` is. */
  readonly strategy: string;
  readonly tests: readonly StrategyTest[];
}

/** How the strategy runs in a test. */
export interface TestSettings {
  readonly set: ReadonlyMap<string, string>;
  readonly capital: number;
  readonly fee: Fee;
  readonly slippage: Slippage;
  /** As written; null = that of the trade line. */
  readonly timeframe: string | null;
}

/** A line of the file with what it asks. */
export interface Located<T> {
  /** In the file, from 1. */
  readonly line: number;
  readonly asks: T;
}

/** A table of candles as text, and the line of the file that its first line stands in. */
export interface TableText {
  readonly text: string;
  readonly line: number;
}

/** The markets that a test runs on. */
export type TestMarkets =
  /** By market; '' = the one that is traded. */
  | { readonly kind: 'table'; readonly tables: ReadonlyMap<string, TableText>; readonly start: number }
  /** `PATH` or `MARKET=PATH`, from the working directory. */
  | { readonly kind: 'data'; readonly data: readonly string[]; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'generated'; readonly seeds: readonly number[]; readonly bars: number };

export interface StrategyTest {
  readonly name: string;
  /** In the file, from 1. */
  readonly line: number;
  readonly settings: TestSettings;
  readonly markets: TestMarkets;
  /** Everything that fills, in order; null = nothing is said. */
  readonly fills: readonly Located<FillLine>[] | null;
  readonly values: readonly Located<ValueLine>[];
  readonly never: readonly Located<NeverRule>[];
  /** Positions opened; null = nothing is said. */
  readonly trades: Located<number> | null;
}
