import { SIZE } from '#core/model/strategy-abi.ts';
import type { EntryRule, LevelDistance } from '../program.ts';
import type { ProgramCode } from './program-code.ts';

/** What an entry rule orders, as names of locals or literals; `null` = not part of this rule. */
export interface EntryTexts {
  /** Declares the locals that the other texts name. */
  readonly setup: string;
  readonly side: string;
  readonly sizeKind: string;
  readonly sizeAmount: string;
  readonly maxKind: string;
  readonly maxAmount: string;
  readonly minKind: string;
  readonly minAmount: string;
  readonly stopDistance: string | null;
  readonly stopPercent: string | null;
  readonly stopPrice: string | null;
  readonly trailDistance: string | null;
  readonly trailPercent: string | null;
  readonly afterDistance: string | null;
  readonly afterPercent: string | null;
  readonly afterR: string | null;
  readonly trailHasBase: string;
  readonly takeDistance: string | null;
  readonly takePercent: string | null;
  readonly takeR: string | null;
}

/** `usable` of the interpreter: a length, distance or level that the broker can use, else -1. */
export const USABLE_FUNCTION = 'function usable(x){return x>0&&x<1/0?x:-1;}';

export function entryTexts(code: ProgramCode, entry: EntryRule): EntryTexts {
  const { block } = entry;
  const use = (id: number): string => code.expressions.use(id);
  const amount = (part: typeof block.max): string => (part === null ? '0' : use(part.value));
  const kind = (part: typeof block.max): string => String(part === null ? SIZE.none : part.kind);
  const setup: string[] = [];
  const level = (name: string, parts: readonly LevelDistance[], isCloserWhenHigher: boolean): string | null => {
    if (parts.length === 0) return null;
    const [first, ...others] = parts.map((part) => `usable(${use(part.value)})`);
    setup.push(`let ${name}=${first};`);
    for (const other of others) setup.push(`{const y=${other};if(y<0||(${name}>0&&y${isCloserWhenHigher ? '>' : '<'}${name}))${name}=y;}`);
    return name;
  };
  const stops = (of: LevelDistance['kind']): readonly LevelDistance[] => block.stops.filter((stop) => stop.kind === of);
  const { trail } = block;
  const trailOf = (isPercent: boolean): readonly LevelDistance[] =>
    trail !== null && (trail.distance.kind === 'percent') === isPercent ? [trail.distance] : [];
  const afterOf = (of: LevelDistance['kind']): readonly LevelDistance[] => (trail?.after?.kind === of ? [trail.after] : []);
  const takes = (of: LevelDistance['kind']): readonly LevelDistance[] => block.takes.flatMap(({ at }) => (at.kind === of ? [at] : []));
  const texts = {
    side: String(entry.side),
    sizeKind: kind(block.size),
    sizeAmount: amount(block.size),
    maxKind: kind(block.max),
    maxAmount: amount(block.max),
    minKind: kind(block.min),
    minAmount: amount(block.min),
    stopDistance: level('stopDistance', stops('distance'), false),
    stopPercent: level('stopPercent', stops('percent'), false),
    stopPrice: level('stopPrice', stops('price'), entry.side > 0),
    trailDistance: level('trailDistance', trailOf(false), false),
    trailPercent: level('trailPercent', trailOf(true), false),
    afterDistance: level('afterDistance', afterOf('distance'), false),
    afterPercent: level('afterPercent', afterOf('percent'), false),
    afterR: level('afterR', afterOf('r'), false),
    trailHasBase: trail !== null && trail.from !== null ? '1' : '0',
    takeDistance: level('takeDistance', takes('distance'), false),
    takePercent: level('takePercent', takes('percent'), false),
    takeR: level('takeR', takes('r'), false),
  };
  return { setup: setup.join(''), ...texts };
}
