import type { IndicatorInput, IndicatorParam, ScriptManifest } from '#dsl/plugin/indicator-manifest.ts';
import { indicatorName } from '#dsl/plugin/indicator-manifest.ts';

/** Values of the params by name, in their units. */
export type ParamValues = ReadonlyMap<string, number>;

/** Series of each kind, for inputs that are not called after one of the market. */
const SERIES: Readonly<Record<IndicatorInput['kind'], string>> = {
  price: 'close',
  quantity: 'volume',
  money: 'close * volume',
  number: 'close / open',
  percent: '(close - open) / open',
  duration: '1h',
  bars: '10 bars',
  condition: 'close > open',
};
const USUAL: ReadonlySet<string> = new Set(['open', 'high', 'low', 'close', 'volume', 'source']);

/** Params to try an indicator with: the defaults, then all at their least, then all at their most; each once. */
export function paramsToTry({ params }: ScriptManifest): readonly ParamValues[] {
  const all = (['default', 'min', 'max'] as const).map((which) => new Map(params.map((param) => [param.name, param[which]])));
  const keys = all.map((values) => [...values.values()].join());
  return all.filter((_, place) => keys.indexOf(keys[place]!) === place);
}

/** `fisher(length: 10)`, with inputs where they are needed. */
export function callText(manifest: ScriptManifest, values: ParamValues): string {
  const inputs = manifest.inputs.filter(({ name }) => !USUAL.has(name)).map(({ name, kind }) => `${name}: ${SERIES[kind]}`);
  const params = manifest.params.map(({ name, kind }) => `${name}: ${amountText(kind, values.get(name)!)}`);
  return `${indicatorName(manifest)}(${[...inputs, ...params].join(', ')})`;
}

/** Each output of a call. */
export function outputTexts(manifest: ScriptManifest, values: ParamValues): readonly string[] {
  return manifest.outputs.map(({ name }) => `${callText(manifest, values)}.${name}`);
}

/** A value as the language writes it. */
function amountText(kind: IndicatorParam['kind'], value: number): string {
  if (kind === 'percent') return `${Number((value * 100).toPrecision(15))}%`;
  return kind === 'duration' ? `${value}ms` : String(value);
}
