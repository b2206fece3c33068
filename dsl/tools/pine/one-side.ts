import type { Side } from './orders.ts';
import { isZero, type Said } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';

/**
 * A condition as a rule of one side sees it, where the size of the position has no sign any more. `held`: the rule acts while that side is open. `entering`: it acts while
 * that side is not open, so that the position is none or one of the other side.
 */
export function onSide(said: Said, side: Side, mode: 'held' | 'entering', say: SaidBuilder): Said {
  const done = new Map<Said, Said>();
  const isOpen = say.word('position.open', { kind: 'condition', usesAccount: true });
  const size = say.word('position.size', { kind: 'number', unit: { quote: 0, base: 1, bars: 0 }, usesAccount: true });
  const direction = side === 'long' ? 1 : -1;

  /** `position sign 0`. */
  const compared = (sign: string): Said => {
    const above = side === 'long' ? sign : MIRRORED[sign]!;
    if (mode === 'held') return say.truth(above === '>' || above === '>=' || above === '!=');
    // None, or one of the other side: never above 0, seen from this side.
    if (above === '>') return say.no;
    if (above === '<=') return say.yes;
    return above === '==' || above === '>=' ? say.not(isOpen) : isOpen;
  };

  const go = (value: Said): Said => {
    if (!value.isSided && (mode === 'entering' || !value.usesAccount || value.op === 'ref')) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const result = rewritten(value);
    done.set(value, result);
    return result;
  };

  const rewritten = (value: Said): Said => {
    if (value.op === 'position') {
      if (mode === 'entering') return say.unsaid({ line: 0, column: 0 });
      return direction > 0 ? size : say.minus(size);
    }
    if (value.op === 'ref') return go(value.definition.value!);
    if (value === isOpen) return mode === 'held' ? say.yes : value;
    const [left, right] = value.args as [Said, Said];
    if (value.op === 'binary' && COMPARED.has(value.sign)) {
      if (left.op === 'position' && isZero(right)) return compared(value.sign);
      if (right?.op === 'position' && isZero(left)) return compared(MIRRORED[value.sign]!);
    }
    return say.rebuilt(value, value.args.map(go));
  };

  return go(said);
}

const MIRRORED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' };
const COMPARED: ReadonlySet<string> = new Set(Object.keys(MIRRORED));
