import { isInverse } from '#core/model/market.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Program, SourceSpan } from '../program.ts';

/** Something of edition 1 that a program has and that this version understands but does not do. */
export interface NotRunYet {
  /** As it is named to people: `"basket"`, `a longer chart`. */
  readonly construct: string;
  /** Where it stands first. */
  readonly span: SourceSpan;
}

/** What this version does not do of a program, each construct once, in the order of the text; empty: all of it runs. */
export function notRunYet({ baskets, entries, universe }: Program): readonly NotRunYet[] {
  return [
    ...baskets
      .filter(({ legs }) => legs.some(({ market }) => isInverse(market)))
      .map(({ span }) => ({ construct: '"basket" of inverse perpetuals', span })),
    ...(universe === null ? [] : baskets.slice(0, 1).map(({ span }) => ({ construct: '"basket" beside a universe', span }))),
    ...entries
      .filter(({ basket, block }) => basket !== null && block.adds.some(({ trigger }) => trigger.kind === 'every'))
      .slice(0, 1)
      .map(({ span }) => ({ construct: '"add ... every" of a basket', span })),
  ];
}

/** Why a program is refused where it should run, as findings. */
export function notRunFindings(program: Program): readonly Diagnostic[] {
  return notRunYet(program).map(({ construct, span }) => {
    const message = `${construct} is part of edition 1, but this version does not run it yet`;
    return diagnostic('E0801', span, message, 'remove it, or wait for a later version');
  });
}
