import { fail, ok, type Result } from '#core/model/result.ts';
import { amountText, type ParamDomainValues, readOverride } from '#dsl/check/param-override.ts';
import { scalarType, type Type } from '#dsl/check/type.ts';
import type { ProgramParam } from '#dsl/program.ts';

/** Values that a param takes in a sweep. */
export interface ParamAxis {
  readonly name: string;
  /** Place among the params of the program. */
  readonly index: number;
  readonly values: Float64Array;
  /** Each as `--set` takes it. */
  readonly texts: readonly string[];
  /** The file gives it no range: its values have to be known before it is compiled. */
  readonly isUnbounded: boolean;
}

/** A range without a step is cut into so many parts. */
const PARTS = 10;
const MOST_VALUES = 100_000;

const typeOf = ({ kind }: ProgramParam): Type =>
  kind === 'condition' ? { kind: 'condition' } : scalarType(kind as Parameters<typeof scalarType>[0]);

const isUnbounded = ({ min, max, choices, kind }: ProgramParam): boolean => min === max && choices === undefined && kind !== 'condition';

/** Whether a sweep that names no params goes over this one. */
export const hasDomain = (param: ProgramParam): boolean => !isUnbounded(param);

/** The values that a param declares: those of its list, or of its range by its steps. */
export function declaredAxis(param: ProgramParam, index: number): Result<ParamAxis, string> {
  const { min, max, step, choices, log } = param;
  if (param.kind === 'condition') return axisOf(param, index, ['false', 'true']);
  const type = typeOf(param);
  if (choices !== undefined)
    return axisOf(
      param,
      index,
      choices.map((value) => amountText(value, type)),
    );
  if (step !== null)
    return axisOf(
      param,
      index,
      steps(min, max, step).map((value) => amountText(value, type)),
    );
  const at = (part: number): number => (log === true ? min * (max / min) ** (part / PARTS) : min + ((max - min) * part) / PARTS);
  return axisOf(
    param,
    index,
    Array.from({ length: PARTS + 1 }, (_, part) => amountText(part === PARTS ? max : at(part), type)),
  );
}

/** The values of `2..50:2`, `2..50` (by the steps of the param), `10,20,30`. The error is a line for people. */
export function writtenAxis(param: ProgramParam, index: number, text: string): Result<ParamAxis, string> {
  const range = /^(.+?)\.\.(.+?)(?::(.+))?$/.exec(text.trim());
  if (range === null)
    return axisOf(
      param,
      index,
      text.split(',').map((part) => part.trim()),
    );
  const type = typeOf(param);
  const free = { type, range: null, choices: null };
  const ends = { ...free, range: rangeOf(param, null) };
  const [low, high, step] = range
    .slice(1)
    .map((part, place) => (part === undefined ? undefined : readOverride(part, place < 2 ? ends : free)));
  for (const end of [low, high, step]) if (end !== undefined && !end.ok) return fail(end.error);
  const [from, to] = [low!.ok ? low!.value : 0, high!.ok ? high!.value : 0];
  const by =
    step?.ok === true ? step.value : (param.step ?? (isUnbounded(param) && Number.isInteger(from) && Number.isInteger(to) ? 1 : null));
  if (by === null) return fail(`it has no step of its own: write ${text}:STEP`);
  if (!(by > 0)) return fail('the step is not above zero');
  if (from > to) return fail('the range is empty: its lower end is above the upper one');
  if ((to - from) / by >= MOST_VALUES) return fail(`these are more than ${MOST_VALUES} values`);
  return axisOf(
    param,
    index,
    steps(from, to, by).map((value) => amountText(value, type)),
  );
}

/** From `low` to `high`, which counts although sums of steps are rounded. */
function steps(low: number, high: number, step: number): readonly number[] {
  const count = Math.min(MOST_VALUES, Math.floor((high - low) / step + 1e-9) + 1);
  return Array.from({ length: count }, (_, k) => low + k * step);
}

function axisOf(param: ProgramParam, index: number, texts: readonly string[]): Result<ParamAxis, string> {
  const { step, choices } = param;
  const range = rangeOf(param, step);
  const values = new Set<number>();
  for (const text of texts) {
    const read = readOverride(text, { type: typeOf(param), range, choices: choices ?? null });
    if (!read.ok) return fail(read.error);
    if (values.has(read.value)) return fail(`${text} is there twice`);
    values.add(read.value);
  }
  return ok({ name: param.name, index, values: Float64Array.from(values), texts, isUnbounded: isUnbounded(param) });
}

function rangeOf(param: ProgramParam, step: number | null): ParamDomainValues['range'] {
  const { min, max, choices, kind } = param;
  return isUnbounded(param) || choices !== undefined || kind === 'condition' ? null : { low: min, high: max, step };
}
