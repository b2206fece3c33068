import type { Definition } from './scope.ts';
import { isScalar, type Type } from './type.ts';
import type { Value } from './value.ts';

/**
 * Calls of the prelude written out so far: a function with equal arguments on one chart is one value, so that its loops (a series that reads its own past) are shared, and
 * what is called often is written out once.
 */
export class CallMemo {
  readonly #known = new Map<Definition, Map<string, Value>>();

  value(definition: Definition, chart: number, args: readonly Value[], make: () => Value): Value {
    const key = keyOf(chart, args);
    if (key === null) return make();
    const calls = this.#known.get(definition) ?? new Map<string, Value>();
    this.#known.set(definition, calls);
    const known = calls.get(key);
    if (known !== undefined) return known;
    const value = make();
    if (value.type.kind !== 'poison') calls.set(key, value);
    return value;
  }
}

/** Equal for arguments that a function cannot tell apart; null when an argument is no single value. */
function keyOf(chart: number, args: readonly Value[]): string | null {
  const parts: (string | number)[] = [chart];
  for (const { type, node, share } of args) {
    if (type.kind === 'group' || type.kind === 'list' || type.kind === 'regime' || share !== undefined) return null;
    parts.push(node, typeKey(type));
  }
  return parts.join(' ');
}

function typeKey(type: Type): string {
  if (!isScalar(type)) return type.kind;
  const { base, quote, time, bars } = type.dimension;
  return `${type.kind} ${type.currency} ${base} ${quote} ${time} ${bars}`;
}
