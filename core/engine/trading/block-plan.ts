import { SIZE } from '#core/model/strategy-abi.ts';
import type { PlannedAmount, PlannedBlock, PlannedLevel, TradePlan, ValuePlace } from '#core/model/trade-plan.ts';

/** A level whose value was taken at the signal: `at` = its place among the frozen values. */
export interface FrozenLevel {
  readonly kind: PlannedLevel['kind'];
  readonly at: number;
  /** Where the value of this bar stands. */
  readonly place: ValuePlace;
}

/** `price`: quote per share; `shares`: base units; `none`: money, shares of something, counts. */
export type FrozenUnit = 'price' | 'shares' | 'none';

/** A block with the places of the values that are taken at the signal and stay. */
export interface BlockPlan {
  readonly planned: PlannedBlock;
  /** Places in the row of values, in the order of the frozen values. */
  readonly frozen: readonly ValuePlace[];
  /** What a split makes of each of them. */
  readonly frozenUnits: readonly FrozenUnit[];
  readonly stops: readonly (FrozenLevel & { readonly moving: boolean; readonly closing: boolean; readonly limit: FrozenLevel | null })[];
  readonly takes: readonly { readonly share: number | null; readonly level: FrozenLevel }[];
  readonly trail: {
    readonly distance: FrozenLevel;
    readonly after: FrozenLevel | null;
    readonly step: FrozenLevel | null;
    readonly from: ValuePlace | null;
    readonly closing: boolean;
    readonly moving: boolean;
  } | null;
  readonly breakeven: { readonly after: FrozenLevel; readonly plus: FrozenLevel | null } | null;
  /** Places among the frozen values; -1 = not part of the block. */
  readonly size: number;
  readonly max: number;
  readonly min: number;
  /** Number of trades that a Kelly share looks back on. */
  readonly kellyTrades: number;
}

const isInPrice = (kind: PlannedLevel['kind']): boolean => kind === 'price' || kind === 'distance';

export function blockPlans({ blocks }: TradePlan): readonly BlockPlan[] {
  return blocks.map((planned) => {
    const frozen: ValuePlace[] = [];
    const frozenUnits: FrozenUnit[] = [];
    // One number may stand in the file as a price and as a quantity: a split changes the two in different ways.
    const at = (place: ValuePlace, unit: FrozenUnit): number => {
      const known = frozen.findIndex((other, index) => other === place && frozenUnits[index] === unit);
      if (known >= 0) return known;
      frozenUnits.push(unit);
      return frozen.push(place) - 1;
    };
    const level = ({ kind, value }: PlannedLevel): FrozenLevel => ({
      kind,
      at: at(value, isInPrice(kind) ? 'price' : 'none'),
      place: value,
    });
    const amount = ({ kind, value }: PlannedAmount): number => at(value, kind === SIZE.quantity ? 'shares' : 'none');
    const maybe = (of: PlannedLevel | null): FrozenLevel | null => (of === null ? null : level(of));
    const { trail, breakeven } = planned;
    return {
      planned,
      frozen,
      frozenUnits,
      size: amount(planned.size),
      max: planned.max === null ? -1 : amount(planned.max),
      min: planned.min === null ? -1 : amount(planned.min),
      kellyTrades: planned.kellyTrades === null ? -1 : at(planned.kellyTrades, 'none'),
      stops: planned.stops.map((stop) => ({ ...level(stop), moving: stop.moving, closing: stop.closing, limit: maybe(stop.limit) })),
      takes: planned.takes.map(({ share, at: of }) => ({ share, level: level(of) })),
      trail:
        trail === null
          ? null
          : {
              distance: level(trail.distance),
              after: maybe(trail.after),
              step: maybe(trail.step),
              from: trail.from,
              closing: trail.closing,
              moving: trail.moving,
            },
      breakeven: breakeven === null ? null : { after: level(breakeven.after), plus: maybe(breakeven.plus) },
    };
  });
}

/** Block of a position whose rules are gone: it keeps the stop that it has. */
export const BARE_BLOCK: BlockPlan = {
  planned: {
    size: { kind: SIZE.none, value: 0 },
    kellyTrades: null,
    max: null,
    min: null,
    stops: [],
    takes: [],
    trail: null,
    breakeven: null,
    timeouts: [],
    cooldowns: [],
    adds: [],
    cancels: [],
  },
  frozen: [],
  frozenUnits: [],
  stops: [],
  takes: [],
  trail: null,
  breakeven: null,
  size: -1,
  max: -1,
  min: -1,
  kellyTrades: -1,
};
