import { expect, test } from 'vitest';
import type { EngineEvent, Fill } from '#core/engine/log-rows.ts';
import { OrderNews } from './order-news.ts';

const order = (id: string, kind: EngineEvent['kind'], market = 'BTC/USDT') =>
  ({ type: 'order', id, market, time: 0, event: { type: 'event', kind, bar: 0, qty: null, price: 1, rule: 0 } }) as const;
const FILL: Fill = { type: 'fill', kind: 'entry', bar: 0, qty: 1, price: 1, refPrice: 1, fee: 0, rule: 0 };
const fill = (id: string) =>
  ({ type: 'fill', id, market: 'BTC/USDT', fill: FILL, reason: 'entry', closed: null, time: 0, equity: 1, position: 1 }) as const;

test('what is refused bar after bar is told once, until an order fills', () => {
  const news = new OrderNews();
  const told = [
    order('a', 'limited'),
    order('a', 'limited'),
    // Two things in turn are two things, each told once.
    order('a', 'droppedInvalid'),
    order('a', 'limited'),
    order('b', 'limited'),
    fill('b'),
    order('a', 'limited'),
    order('b', 'limited'),
    fill('a'),
    order('a', 'limited'),
    // What is told of one market is not told of another.
    order('a', 'limited', 'ETH/USDT'),
    fill('a'),
    order('a', 'limited', 'ETH/USDT'),
  ].map((event) => news.textOf(event) !== null);
  expect(told).toEqual([true, false, true, false, true, false, false, true, false, true, true, false, false]);
});
