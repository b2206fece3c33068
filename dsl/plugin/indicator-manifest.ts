import type { TypeName } from '../ast/nodes.ts';
import type { Formula } from './formula.ts';

/** Kinds of the language that a series can have in a manifest. */
export const SERIES_KINDS = ['number', 'percent', 'price', 'quantity', 'money', 'duration', 'bars', 'condition'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** Kinds of a param: numbers in the units of the language's insides (2% is 0.02, durations in ms). */
export const PARAM_KINDS = [
  'length',
  'number',
  'percent',
  'price',
  'quantity',
  'money',
  'duration',
  'bars',
] as const satisfies readonly TypeName[];

export interface IndicatorInput {
  readonly name: string;
  readonly kind: SeriesKind;
}

export interface IndicatorParam {
  readonly name: string;
  readonly kind: (typeof PARAM_KINDS)[number];
  readonly default: number;
  /** Inclusive. */
  readonly min: number;
  readonly max: number;
}

export interface IndicatorOutput {
  readonly name: string;
  readonly kind: SeriesKind;
  /** What its values never leave, inclusive. */
  readonly min: number;
  readonly max: number;
}

/** What every indicator plugin says of itself. */
export interface PluginIdentity {
  /** `@acme/fisher`. */
  readonly name: string;
  readonly version: string;
  /** Name of the file with its code, in the same folder. */
  readonly entry: string;
  /** One line. */
  readonly summary: string | null;
  readonly license: string | null;
}

/** A module of functions of the language, which says the rest itself. */
export interface ModuleManifest extends PluginIdentity {
  readonly form: 'module';
}

/** A step function in JavaScript, typed by its manifest. */
export interface ScriptManifest extends PluginIdentity {
  readonly form: 'script';
  readonly inputs: readonly IndicatorInput[];
  readonly params: readonly IndicatorParam[];
  readonly outputs: readonly IndicatorOutput[];
  /** Doubles of state. */
  readonly state: Formula;
  /** Bars before the first on which the outputs may be acted on. */
  readonly lookback: Formula;
}

export type IndicatorManifest = ModuleManifest | ScriptManifest;

/** The name of a script's indicator in the language: `my_fisher` of `@acme/my-fisher`. */
export function indicatorName({ name }: PluginIdentity): string {
  return name.slice(name.indexOf('/') + 1).replaceAll('-', '_');
}
