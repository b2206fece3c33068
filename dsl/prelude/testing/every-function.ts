import { calledValues, type CalledValue, withInputs } from './function-calls.ts';
import { FAMILIES } from './prelude-functions.ts';

/** Every value that the functions of the prelude give, found from the modules' sources. */
export const EVERY_VALUE: readonly CalledValue[] = calledValues(FAMILIES.flatMap(({ functions }) => functions));

/** They with this source and condition. */
export function callTexts(source: string, condition: string): readonly string[] {
  return EVERY_VALUE.map(({ text }) => withInputs(text, source, condition));
}
