import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOrder } from './start-order.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const graph = fc
  .array(fc.tuple(fc.constantFrom(...IDS), fc.subarray([...IDS, 'outside'], { maxLength: 3 })), { maxLength: 7 })
  .map((entries) => new Map(entries));

/** By brute force: whether one plugin leads back to itself. */
function reaches(requirements: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [...(requirements.get(from) ?? [])];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...(requirements.get(id) ?? []));
  }
  return false;
}

test('every plugin comes behind those that it requires, and none is lost', () => {
  fc.assert(
    fc.property(graph, (requirements) => {
      const { order, circles } = startOrder(requirements);
      const inCircle = new Set(circles.flat());
      expect([...order, ...inCircle].toSorted()).toEqual([...requirements.keys()].toSorted());
      for (const [at, id] of order.entries()) for (const other of requirements.get(id) ?? []) expect(order.indexOf(other)).toBeLessThan(at);
    }),
  );
});

test('a plugin in a circle is one that leads back to itself', () => {
  fc.assert(
    fc.property(graph, (requirements) => {
      for (const circle of startOrder(requirements).circles) {
        for (const id of circle) expect(reaches(requirements, id, id)).toBe(true);
        for (const [at, id] of circle.entries()) expect(requirements.get(id)).toContain(circle[(at + 1) % circle.length]);
      }
    }),
  );
});

test('there is a circle exactly when something leads back to itself', () => {
  fc.assert(
    fc.property(graph, (requirements) => {
      const isCircular = [...requirements.keys()].some((id) => reaches(requirements, id, id));
      expect(startOrder(requirements).circles.length > 0).toBe(isCircular);
    }),
  );
});

test('plugins without requirements keep the order given', () => {
  expect(
    startOrder(
      new Map([
        ['c', []],
        ['a', []],
        ['b', ['c']],
      ]),
    ),
  ).toEqual({ order: ['c', 'a', 'b'], circles: [] });
});
