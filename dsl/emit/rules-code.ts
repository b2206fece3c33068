import type { EntryRule, Program } from '../program.ts';
import type { ProgramCode } from './program-code.ts';

/** Names of locals that the rules read and write. */
export interface RuleNames {
  /** Position in base units at this close. */
  readonly qty: string;
  /** 1 + index of the exit rule that fired, and its share. */
  readonly exitRule: string;
  readonly exitFraction: string;
}

/** What is known where rules stand: nothing is held, or a position of one side. */
export type KnownPosition = 'flat' | 1 | -1;

/**
 * Exits of the side that is open: the largest share wins, the first in file order among equals.
 * @param afterwards statements for when a rule fires
 */
export function exitsCode(code: ProgramCode, names: RuleNames, held?: 1 | -1, afterwards = ''): string {
  const sideCode = (side: 1 | -1): string =>
    code.program.exits
      .map((rule, index) => ({ rule, index }))
      .filter(({ rule }) => rule.side === side)
      .map(({ rule, index }) => {
        const fraction = code.expressions.use(rule.fraction);
        return `if(${code.expressions.isTrue(rule.when)}&&${fraction}>${names.exitFraction}){${names.exitRule}=${index + 1};${names.exitFraction}=${fraction};${afterwards}}`;
      })
      .join('');
  if (held !== undefined) return sideCode(held);
  const [long, short] = [sideCode(1), sideCode(-1)];
  if (long === '' && short === '') return '';
  return `if(${names.qty}>0){${long}}else if(${names.qty}<0){${short}}`;
}

/** The first entry in file order that is known to be true and free to act; `order` writes what it orders. */
export function entriesCode(
  code: ProgramCode,
  names: RuleNames,
  order: (entry: EntryRule, index: number) => string,
  known?: KnownPosition,
): string {
  const isLeaving = `${names.exitRule}!==0&&${names.exitFraction}>=1`;
  const isFree = (side: 1 | -1): string => {
    if (known === 'flat') return '';
    return known === undefined ? `(${names.qty}===0||(${isLeaving}&&${names.qty}${side > 0 ? '<' : '>'}0))&&` : `${isLeaving}&&`;
  };
  return code.program.entries
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => known === undefined || known === 'flat' || entry.side !== known)
    .map(({ entry, index }) => `if(${isFree(entry.side)}${code.expressions.isTrue(entry.when)}){${order(entry, index)}}`)
    .join('else ');
}

/** Price that the open position's trail is measured from, or null when no block says `from`. */
export function trailBaseText(program: Program, code: ProgramCode, qty: string): string | null {
  const baseOf = (side: 1 | -1): string => {
    const from = program.entries.find((entry) => entry.side === side)?.block.trail?.from ?? null;
    return from === null ? '(0/0)' : code.expressions.use(from);
  };
  if (program.entries.every((entry) => entry.block.trail === null || entry.block.trail.from === null)) return null;
  return `(${qty}>0?${baseOf(1)}:${baseOf(-1)})`;
}
