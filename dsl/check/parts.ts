import type { Expression } from '../ast/expression.ts';
import { childrenOf } from './children.ts';

/** Parts of a program after writing out every function (language.md section 2), and how deep what was written out nests. */
export const MAX_PARTS = 20_000;
/** A statement has at most 1,000 words, so no text nests deeper; what functions write out may not either. */
export const MAX_DEPTH = 1000;

export interface Cost {
  readonly parts: number;
  readonly depth: number;
}

/** Cost of what a name followed by brackets (or a unit word) writes out; null for anything that is not a function of the language. */
export type CostOf = (callee: string) => Cost | null;

/** Counts without writing anything out, so 40 functions that double each other cost nothing to refuse. */
export function costOf(expression: Expression, costOfCall: CostOf): Cost {
  let parts = 1;
  let depth = 0;
  for (const child of childrenOf(expression)) {
    const cost = costOf(child, costOfCall);
    parts += cost.parts;
    depth = Math.max(depth, cost.depth);
  }
  const called = calledName(expression);
  const inside = called === null ? null : costOfCall(called);
  if (inside !== null) {
    // A call counts its function's parts and its arguments', not itself.
    parts += inside.parts - (expression.kind === 'Call' ? 1 : 0);
    depth = Math.max(depth, inside.depth);
  }
  return { parts, depth: depth + 1 };
}

function calledName(expression: Expression): string | null {
  if (expression.kind === 'Call') return expression.callee.text;
  if (expression.kind === 'UnitAmount' && expression.unit === 'atr') return 'atr';
  return expression.kind === 'Name' ? expression.text : null;
}
