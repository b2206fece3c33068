import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { tradesOf } from './trades.ts';

const BARS = 64;

interface Order {
  readonly kind: number;
  readonly bar: number;
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
}

/** Any sequence of entries, adds, partial and full exits in whole units, one a bar. */
const orders = fc
  .array(
    fc.record({
      isExit: fc.boolean(),
      side: fc.constantFrom(1, -1),
      size: fc.integer({ min: 1, max: 6 }),
      price: fc.integer({ min: 50, max: 150 }),
    }),
    {
      maxLength: BARS - 2,
    },
  )
  .map((steps) => {
    const list: Order[] = [];
    let held = 0;
    for (const [i, { isExit, side, size, price }] of steps.entries()) {
      if (isExit && held === 0) continue;
      const qty = isExit ? -Math.sign(held) * Math.min(size, Math.abs(held)) : (Math.sign(held) || side) * size;
      held += qty;
      list.push({ kind: isExit ? LOG_KIND.exit : LOG_KIND.entry, bar: i + 1, qty, price, fee: Math.abs(qty) * 0.5 });
    }
    return list;
  });

const columnsOf = (ranges: readonly (readonly [number, number])[]): ReturnType<typeof sharedColumns> => {
  const columns = sharedColumns(BARS);
  for (const [i, [low, range]] of ranges.entries()) {
    columns.time[i] = i * 1000;
    columns.low[i] = low;
    columns.high[i] = low + range;
  }
  return columns;
};
const columns = fc
  .array(fc.tuple(fc.integer({ min: 40, max: 140 }), fc.integer({ min: 0, max: 40 })), { minLength: BARS, maxLength: BARS })
  .map(columnsOf);

const logOf = (list: readonly Order[]): Float64Array =>
  Float64Array.from(list.flatMap(({ kind, bar, qty, price, fee }) => [kind, bar, qty, price, price, fee, 0]));

describe('tradesOf', () => {
  it('matches unit by unit what a queue of single units matches', () => {
    fc.assert(
      fc.property(orders, columns, (list, bars) => {
        const rows = tradesOf(logOf(list), bars, { market: 'X', setups: [null], reasonOf: () => null });
        let queue: { bar: number; price: number }[] = [];
        let at = 0;
        for (const order of list) {
          const size = Math.abs(order.qty);
          const units = Array.from({ length: size }, () => ({ bar: order.bar, price: order.price }));
          if (order.kind === LOG_KIND.entry) {
            queue = queue.concat(units);
            continue;
          }
          const taken = queue.splice(0, size);
          const row = rows[at]!;
          at += 1;
          const sign = order.qty < 0 ? 1 : -1;
          const profit = taken.reduce((sum, unit) => sum + sign * (order.price - unit.price), 0) - size;
          expect(row.qty).toBe(size);
          expect(row.bars).toBe(order.bar - taken[0]!.bar);
          expect(row.fees).toBeCloseTo(size, 9);
          expect(row.profit).toBeCloseTo(profit, 8);
          const lows = [...bars.low.subarray(taken[0]!.bar, order.bar), order.price];
          const highs = [...bars.high.subarray(taken[0]!.bar, order.bar), order.price];
          const fall = Math.max(0, (1 - Math.min(...lows) / row.entryPrice) * 100);
          const rise = Math.max(0, (Math.max(...highs) / row.entryPrice - 1) * 100);
          expect(row.mae).toBeCloseTo(sign > 0 ? fall : rise, 8);
          expect(row.mfe).toBeCloseTo(sign > 0 ? rise : fall, 8);
        }
        const open = queue.length > 0 ? [[queue.length, null, 'open']] : [];
        expect(rows.slice(at).map((row) => [row.qty, row.exitTime, row.exitReason])).toEqual(open);
      }),
    );
  });
});
