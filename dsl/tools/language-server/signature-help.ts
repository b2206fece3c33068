import { callAt } from './call-at.ts';
import type { CheckedFile } from './checked-file.ts';
import { countBefore } from './cursor.ts';
import { type FunctionShape, functionAt, parameterText, signatureText } from './function-shape.ts';

export interface SignatureHelp {
  readonly text: string;
  readonly doc: string | null;
  readonly parameters: readonly string[];
  /** Place of the parameter that is being written; null when there is none. */
  readonly active: number | null;
}

/** The function whose brackets are open at an offset, and the parameter that is being written. */
export function signatureHelp(checked: CheckedFile, offset: number): SignatureHelp | null {
  const call = callAt(checked.tokens, countBefore(checked.tokens, offset));
  if (call === null) return null;
  const shape = functionAt(checked, call.callee.image, offset);
  if (shape === null) return null;
  return {
    text: signatureText(shape),
    doc: shape.doc,
    parameters: shape.parameters.map(parameterText),
    active: activeOf(shape, call.argument, call.named),
  };
}

function activeOf({ parameters }: FunctionShape, argument: number, named: string | null): number | null {
  const index = named === null ? argument : parameters.findIndex(({ name }) => name === named);
  return index >= 0 && index < parameters.length ? index : null;
}
