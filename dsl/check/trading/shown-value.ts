import type { Span } from '../../diagnostics/diagnostic.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import { typeWords } from '../type.ts';
import { isNumeric, isPoison, type Value } from '../value.ts';

/** Whether a value can be drawn or printed: a number, a condition or a time. Reports what cannot; false then. `who`: "a plot draws". */
export function isShown(checker: ExpressionChecker, value: Value, span: Span, who: string): boolean {
  if (isPoison(value)) return false;
  const { kind } = value.type;
  if (isNumeric(value) || kind === 'condition' || kind === 'time' || kind === 'timeOfDay') return true;
  checker.error('E0301', span, `${who} one value, found ${typeWords(value.type)}`, checker.memberHint(value));
  return false;
}
