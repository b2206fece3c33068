import type { Text, TextInsert } from '../../ast/nodes.ts';
import type { TextTemplate, TextValue } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import { isShown } from './shown-value.ts';
import type { Scope } from '../scope.ts';

/** What every message can say about itself, whatever names the file has. */
const SYMBOL = 'symbol';

/** Texts with the values of names in them: messages, reasons, marks. */
export class TextChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  /** null after an error, and where there is no text. */
  template(text: Text | null, scope: Scope): TextTemplate | null {
    if (text === null) return null;
    const parts: TextTemplate['parts'][number][] = [];
    let isGood = true;
    for (const part of text.parts) {
      if (typeof part === 'string') parts.push({ kind: 'text', text: part });
      else if (part.name === SYMBOL) parts.push({ kind: 'symbol' });
      else {
        const value = this.#value(part, scope);
        if (value === null) isGood = false;
        else parts.push(value);
      }
    }
    return isGood ? { source: text.value, parts } : null;
  }

  #value({ name, digits, span }: TextInsert, scope: Scope): TextValue | null {
    const value = this.#checker.check({ kind: 'Name', span, text: name }, scope);
    if (value.type.kind === 'regime') return { kind: 'value', value: value.node, unit: 'regime', digits, states: value.type.states };
    return isShown(this.#checker, value, span, 'a text shows') ? { kind: 'value', value: value.node, unit: value.type.kind, digits } : null;
  }
}
