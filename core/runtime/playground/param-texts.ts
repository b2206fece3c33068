import { amountText } from '#dsl/check/param-override.ts';
import { scalarType } from '#dsl/check/type.ts';
import type { ProgramParam } from '#dsl/program.ts';

/** A param that the user moved. */
export interface MovedParam {
  readonly name: string;
  readonly value: number;
}

/**
 * The values as `--set` takes them. Of what has been renamed or narrowed since it was moved nothing is left.
 * @param params of the strategy as it is now
 */
export function movedTexts(params: readonly ProgramParam[], moved: readonly MovedParam[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { name, value } of moved) {
    const param = params.find((one) => one.name === name);
    if (param === undefined || !(value >= param.min && value <= param.max)) continue;
    if (param.choices?.includes(value) === false) continue;
    texts.set(name, valueText(param, value));
  }
  return texts;
}

/** A value of a param as `--set` takes it. */
export function valueText({ kind }: Pick<ProgramParam, 'kind'>, value: number): string {
  if (kind === 'condition') return String(value === 1);
  return amountText(value, scalarType(kind === 'percent' || kind === 'duration' ? kind : 'number'));
}
