import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { NodeId } from '../graph/node.ts';
import type { ProgramParam } from '../program.ts';
import { longestLength, MAX_LENGTH } from './length-bounds.ts';

const PARAM: ProgramParam = { name: 'n', value: 12, default: 3, min: 2, max: 9, step: 1, kind: 'number' };

function longest(build: (b: GraphBuilder, n: NodeId) => NodeId): number {
  const b = new GraphBuilder({ market: null, timeframe: '1h', stepMs: 3_600_000 });
  const id = build(b, b.param(0));
  return longestLength(b.finish(), id, [PARAM]);
}

describe('the longest length', () => {
  test.each<[string, (b: GraphBuilder, n: NodeId) => NodeId, number]>([
    ['of a number is itself', (b) => b.constant(20), 20],
    ['of a param is the end of its range, or the value where that was set beyond', (_, n) => n, 12],
    ['of a sum', (b, n) => b.numeric('add', n, b.constant(5)), 17],
    ['of a difference', (b, n) => b.numeric('sub', b.constant(30), n), 28],
    ['of a quotient, rounded up', (b, n) => b.numeric('div', n, b.constant(5)), 3],
    ['is 1 at least', (b, n) => b.numeric('sub', n, b.constant(50)), 1],
    ['of what has no bound is the longest that there is', (b, n) => b.numeric('div', n, b.numeric('sub', n, b.constant(5))), MAX_LENGTH],
    ['of what is beyond that too', (b, n) => b.numeric('mul', n, b.constant(1e9)), MAX_LENGTH],
  ])('%s', (_, build, expected) => expect(longest(build)).toBe(expected));

  test('of parts that are used again and again takes no longer for it', () => {
    const build = (b: GraphBuilder, n: NodeId): NodeId => {
      let x = n;
      for (let k = 0; k < 200; k++) x = b.numeric('div', b.numeric('add', x, x), b.constant(2));
      return x;
    };
    expect(longest(build)).toBe(12);
  });
});
