import type { Span } from '../diagnostics/diagnostic.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isScalar, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

const MAX_LENGTH = 10_000;
const MAX_HISTORY = 5000;

/**
 * Whether a value can be a length (1..10,000) or a number of bars back (0..5,000): a whole number, fixed before the run, over
 * the whole range of its params. Reports what is wrong; false then.
 */
export function isLength(checker: ExpressionChecker, value: Value, span: Span, use: 'length' | 'history'): boolean {
  if (isPoison(value)) return false;
  const what = use === 'length' ? 'a length' : 'the number of bars back';
  const refuse = (code: 'E0303' | 'E0307' | 'E0308' | 'E0401' | 'E0406', message: string, hint?: string): false => {
    checker.error(code, span, message, hint);
    return false;
  };
  const { statics } = checker.context;
  if (isScalar(value.type) && !statics.isStatic(value.node))
    return refuse('E0303', `${what} is fixed before the run, found a series`, 'use a number or a param');
  if (!isScalar(value.type) || (value.type.kind !== 'number' && value.type.kind !== 'ratio' && value.type.kind !== 'bars')) {
    return refuse('E0307', `${what} is a number of bars, found ${typeWords(value.type)}`, 'write a whole number, for example 20');
  }
  const { low, high, whole } = statics.intervalOf(value.node);
  if (use === 'history' && low < 0)
    return refuse('E0401', 'a negative number of bars back is the future', 'a strategy never sees later bars');
  if (use === 'history' && high > MAX_HISTORY) return refuse('E0406', `at most 5,000 bars back can be read, found ${high}`);
  if (use === 'length' && (low < 1 || high > MAX_LENGTH)) {
    return refuse('E0308', `a length is from 1 to 10,000, found ${low === high ? low : `${low} to ${high}`}`);
  }
  if (!whole) return refuse('E0308', `${what} is a whole number`, 'a param with a fraction can be rounded: round(...)');
  statics.markLength(value.node);
  return true;
}
