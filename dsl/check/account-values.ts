import type { AccountRegister } from '#core/model/strategy-abi.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { accountType, heldType } from './account-units.ts';
import type { MarketUnits } from './context.ts';
import { scalarType, type Type } from './type.ts';
import type { Value } from './value.ts';

/** Units of the chart's market. */
export type ChartUnits = Pick<MarketUnits, 'quote' | 'isInverse'>;

/** Builds the value of a built-in name on a chart. */
export type ValueMaker = (builder: GraphBuilder, units: ChartUnits, chart: number) => Value;

const register =
  (name: AccountRegister, type: (units: ChartUnits) => Type): ValueMaker =>
  (builder, units) => ({ type: type(units), node: builder.account(name) });

const price = ({ quote }: ChartUnits): Type => scalarType('price', quote);
const plain = (): Type => scalarType('number');

const side = (b: GraphBuilder): number => b.numeric('sign', b.account('qty'));
const gain = (b: GraphBuilder): number => b.numeric('sub', b.column('close'), b.account('avgPrice'));

/** Account values that stand alone. */
export const ACCOUNT_VALUES: ReadonlyMap<string, ValueMaker> = new Map<string, ValueMaker>([
  ['equity', register('equity', accountType)],
  ['cash', register('cash', accountType)],
  ['last_fill', register('lastFill', price)],
  [
    'drawdown',
    (b) => {
      const peak = b.account('peakEquity');
      return { type: scalarType('percent'), node: b.numeric('div', b.numeric('sub', peak, b.account('equity')), peak) };
    },
  ],
]);

/** `position.*`: of the open position of this market, na while flat (`size`, `value` and `pnl` are 0 then). */
const POSITION = new Map<string, ValueMaker>([
  ['open', (b) => ({ type: { kind: 'condition' }, node: b.compare('ne', b.account('qty'), b.constant(0)) })],
  ['size', (b, units) => ({ type: heldType(units), node: b.numeric('abs', b.account('qty')) })],
  [
    'value',
    (b, units) => {
      const held = b.numeric('abs', b.account('qty'));
      return { type: accountType(units), node: b.numeric(units.isInverse ? 'div' : 'mul', held, b.column('close')) };
    },
  ],
  [
    'profit',
    (b) => {
      const change = b.numeric('sub', b.numeric('div', b.column('close'), b.account('avgPrice')), b.constant(1));
      return { type: scalarType('percent'), node: b.numeric('mul', side(b), change) };
    },
  ],
  [
    'pnl',
    (b, units) => {
      const moved = b.numeric('mul', b.account('qty'), gain(b));
      // Of an inverse contract qty * (1 / entry - 1 / close).
      const open = units.isInverse ? b.numeric('div', moved, b.numeric('mul', b.account('avgPrice'), b.column('close'))) : moved;
      return { type: accountType(units), node: b.select(b.compare('eq', b.account('qty'), b.constant(0)), b.constant(0), open) };
    },
  ],
  ['r', (b) => ({ type: scalarType('number'), node: b.numeric('div', b.numeric('mul', side(b), gain(b)), b.account('riskDistance')) })],
  [
    'adds',
    (b) => {
      const isOpen = b.compare('ne', b.account('qty'), b.constant(0));
      return { type: scalarType('number'), node: b.select(isOpen, b.account('adds'), b.constant(Number.NaN)) };
    },
  ],
  ['bars', (b) => ({ type: scalarType('bars'), node: b.numeric('sub', b.barIndex(), b.account('entryBar')) })],
]);

const ENTRY = new Map<string, ValueMaker>([
  ['price', register('avgPrice', price)],
  ['time', register('entryTime', () => ({ kind: 'time' }))],
]);

const TRADES = new Map<string, ValueMaker>([
  ['count', register('trades', plain)],
  ['wins', register('wins', plain)],
  ['losses', register('losses', plain)],
  ['losing_streak', register('losingStreak', plain)],
  ['win_rate', (b) => ({ type: scalarType('percent'), node: b.numeric('div', b.account('wins'), b.account('trades')) })],
]);

/** Account values behind a dot. */
export const ACCOUNT_GROUPS: ReadonlyMap<string, ReadonlyMap<string, ValueMaker>> = new Map([
  ['position', POSITION],
  ['entry', ENTRY],
  ['trades', TRADES],
]);
