import { typeWords } from '../type.ts';
import type { Value } from '../value.ts';

/** What stands where another kind was asked for: a number has no unit, which is what most mistakes are about. */
export function foundWords(value: Value): string {
  return value.type.kind === 'number' ? 'a plain number' : typeWords(value.type);
}
