import type { WaitingOrder } from '#core/engine/trading/waiting-orders.ts';
import { indexOfPlace } from './bar-place.ts';
import { marketOf, nowhere } from './check-fills.ts';
import { fillText } from './fill-line.ts';
import type { MarketTrace, RunTrace } from './run-trace.ts';
import { isAsWritten, shownNumber, type WrittenNumber } from './sentence-fault.ts';
import type { Located } from './test-file.ts';
import { placeOf, type TestFailure } from './test-failure.ts';
import type { ValueCheck, ValueLine } from './value-line.ts';

/** The values of expressions on a market, by source. */
export type ValuesOf = (trace: MarketTrace) => ReadonlyMap<string, Float64Array>;

/** What holds at the close of bars against what a test wants. */
export function checkValues(trace: RunTrace, lines: readonly Located<ValueLine>[], valuesOf: ValuesOf): readonly TestFailure[] {
  return lines.flatMap(({ line, asks }) => {
    const { place, text, check } = asks;
    const own = marketOf(trace, place.market);
    const index = own === null ? -1 : indexOfPlace(place, own.data.columns.time);
    const expected = `${place.text}: ${text}`;
    if (own === null || index < 0) return [nowhere(trace, line, expected, place.market)];
    const found = foundOf(check, own, index, valuesOf);
    if (found === null) return [];
    return [
      {
        line,
        expected,
        found,
        hint: hintOf(check, trace, index, found),
        at: placeOf(own, index, (fill) => fillText(fill, trace.markets.length > 1)),
      },
    ];
  });
}

/** What is there instead; null = it is as it should be. */
function foundOf(check: ValueCheck, trace: MarketTrace, index: number, valuesOf: ValuesOf): string | null {
  const [qty, stop] = [trace.qty[index]!, trace.stop[index]!];
  switch (check.kind) {
    case 'none':
      if (check.what === 'position') return qty === 0 ? null : `the position is ${shownNumber(qty)}`;
      if (check.what === 'stop') return Number.isNaN(stop) ? null : `the stop is ${shownNumber(stop)}`;
      return ordersOf(trace, index).length === 0 ? null : ordersOf(trace, index).map(orderText).join(', ');
    case 'account': {
      const value = check.what === 'position' ? qty : stop;
      if (Number.isNaN(value)) return `there is no ${check.what}`;
      return isAsWritten(check.value, value) ? null : `the ${check.what} is ${shownNumber(value)}`;
    }
    case 'order': {
      const orders = ordersOf(trace, index);
      if (orders.some((order) => isOrder(check, order))) return null;
      return orders.length === 0 ? 'no order waits' : orders.map(orderText).join(', ');
    }
    case 'expression': {
      const value = valuesOf(trace).get(check.source)![index]!;
      if (check.value === 'na') return Number.isNaN(value) ? null : `${check.source} is ${shownNumber(value)}`;
      if (typeof check.value === 'boolean') {
        if (value === (check.value ? 1 : 0)) return null;
        return Number.isNaN(value)
          ? 'it is na: not known to be true'
          : value === 1 || value === 0
            ? `it is ${value === 1}`
            : `it is ${shownNumber(value)}`;
      }
      return isAsWritten(check.value, value) ? null : `${check.source} is ${shownNumber(value)}`;
    }
    default:
      return check satisfies never;
  }
}

/** Orders of rules: the stop and the targets of a position are told apart. */
const ordersOf = ({ orders }: MarketTrace, index: number): readonly WaitingOrder[] =>
  (orders[index] ?? []).filter(({ purpose }) => purpose !== 'protection');

function isOrder({ side, qty, type, price }: Extract<ValueCheck, { kind: 'order' }>, order: WaitingOrder): boolean {
  const isRight = (wanted: WrittenNumber | null, value: number | null): boolean =>
    wanted === null || (value !== null && isAsWritten(wanted, value));
  const isType = type === null || order.type === type || (type === 'stop' && order.type === 'stop_limit');
  return order.side === side && isType && isRight(qty, order.qty) && isRight(price, order.price);
}

function orderText({ side, qty, type, price }: WaitingOrder): string {
  const amount = qty === null ? '' : ` ${shownNumber(qty)}`;
  return `order ${side}${amount} at ${type.replace('_', '-')}${price === null ? '' : ` ${shownNumber(price)}`}`;
}

function hintOf(check: ValueCheck, { prepared }: RunTrace, index: number, found: string): string | null {
  if (check.kind !== 'expression' || !found.includes('na')) return null;
  const { warmUpBars } = prepared;
  return index < warmUpBars ? `bar ${index + 1} lies in the warm-up of ${warmUpBars} bars` : null;
}
