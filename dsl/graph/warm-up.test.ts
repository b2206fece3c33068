import { describe, expect, test } from 'vitest';
import type { Chart } from '#core/model/chart-column.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { NodeId } from './node.ts';
import { runConstants } from './run-constants.ts';
import { unforgetting, type WarmUpKind, warmUpBars } from './warm-up.ts';

const HOUR = 3_600_000;
const FOUR_HOURS: Chart = { market: null, timeframe: '4h', stepMs: 4 * HOUR };
const OTHER: Chart = { market: 'ETH/USDT', timeframe: '1h', stepMs: HOUR };
const MINUTES: Chart = { market: 'ETH/USDT', timeframe: '15m', stepMs: HOUR / 4 };
const MONTHS: Chart = { market: null, timeframe: '1mo', stepMs: 2_629_746_000 };

type Build = (b: GraphBuilder) => NodeId;

function built(build: Build, params: readonly number[] = []) {
  const builder = new GraphBuilder({ market: null, timeframe: '1h', stepMs: HOUR });
  const root = build(builder);
  const graph = builder.finish();
  const constants = runConstants(graph, Float64Array.from(params), new Float64Array(10));
  return { graph, constants, root };
}

function bars(build: Build, kind: WarmUpKind = 'settled', params: readonly number[] = []): number {
  const { graph, constants, root } = built(build, params);
  return warmUpBars(graph, constants, [root], kind);
}

const close = (b: GraphBuilder, chart = 0): NodeId => b.column('close', chart);
const ema = (b: GraphBuilder, x: NodeId, a: number, n: number): NodeId => b.stateful('recursive', [x, b.constant(a), b.constant(n)]);
/** Bars until rate^k is below a share, by counting. */
function barsUntil(rate: number, share: number): number {
  let weight = 1;
  for (let k = 0; ; k += 1, weight *= rate) if (weight < share) return k;
}
/** A seed is settled when it weighs a millionth, what a loop starts from when half a millionth. */
const seedOf = (rate: number): number => barsUntil(rate, 1e-6);
const forgets = (rate: number): number => barsUntil(rate, 5e-7);

/** `self + a * (x - self)`, from x. */
function follower(b: GraphBuilder, a: NodeId, x: NodeId): NodeId {
  const { self, loop } = b.self(false);
  return b.loop(loop, self, b.numeric('add', self, b.numeric('mul', a, b.numeric('sub', x, self))), x);
}

describe('warm-up', () => {
  test.each<[string, Build, number]>([
    ['a window waits for its first full one', (b) => b.stateful('percentile', [close(b), b.constant(20), b.constant(50)]), 19],
    ['a window of two inputs too', (b) => b.stateful('covariance', [close(b), b.column('volume'), b.constant(8)]), 7],
    ['windows of windows add up', (b) => b.stateful('sum', [b.delay(close(b), b.constant(5)), b.constant(10)]), 14],
    ['a condition over bars', (b) => b.stateful('allOf', [b.compare('gt', close(b), b.column('open')), b.constant(3)]), 2],
    ['a recursive average until its seed weighs a millionth', (b) => ema(b, close(b), 0.1, 19), 18 + seedOf(0.9)],
    ['a factor above 1 swings, and forgets as well', (b) => ema(b, close(b), 1.5, 3), 2 + seedOf(0.5)],
    [
      'the parabolic needs two bars',
      (b) => b.stateful('parabolic', [b.column('high'), b.column('low'), b.constant(0.02), b.constant(0.2)]),
      1,
    ],
    ['a follower as the average that it is', (b) => follower(b, b.constant(0.1), close(b)), forgets(0.9)],
    ['and after what it follows', (b) => follower(b, b.constant(0.1), b.stateful('sum', [close(b), b.constant(10)])), 9 + forgets(0.9)],
    [
      'a count of bars does not forget: it is defined',
      (b) => {
        const { self, loop } = b.self(false);
        return b.loop(loop, self, b.numeric('add', self, b.constant(1)), b.delay(close(b), b.constant(7)));
      },
      7,
    ],
  ])('%s', (_, build, expected) => expect(bars(build)).toBe(expected));

  test('a loop two bars back forgets half as fast', () => {
    const build: Build = (b) => {
      const { self, loop } = b.self(false);
      const before = b.delay(self, b.constant(1));
      return b.loop(loop, self, b.numeric('add', b.numeric('mul', b.constant(0.5), before), close(b)), close(b));
    };
    // 1 bar for the delay, then 2 bars for every halving.
    expect(bars(build)).toBe(1 + 2 * forgets(0.5));
  });

  test('a series as factor counts with its slowest value', () => {
    const build: Build = (b) => {
      const share = b.numeric('min', b.numeric('max', b.numeric('div', close(b), b.column('open')), b.constant(0)), b.constant(1));
      return follower(b, b.numeric('add', b.constant(0.2), b.numeric('mul', share, b.constant(0.5))), close(b));
    };
    expect(bars(build)).toBe(forgets(0.8));
  });

  test('the past of a loop is known a bar after the loop, also to nodes outside of it', () => {
    const { graph, constants, root } = built((b) => {
      const { self, loop } = b.self(false);
      const value = b.numeric('mul', b.constant(0.5), self);
      b.loop(loop, self, value, close(b));
      return b.numeric('sub', value, self);
    });
    expect(warmUpBars(graph, constants, [root], 'settled')).toBe(forgets(0.5) + 1);
  });

  test.each<[string, Build, number, number]>([
    ['a bar of a longer chart is four bars, and the first may have begun', (b) => b.sample(close(b, b.chart(FOUR_HOURS)), 0, null), 3, 6],
    [
      'a window on it as many as its bars',
      (b) => b.sample(b.stateful('sum', [close(b, b.chart(FOUR_HOURS)), b.constant(5)]), 0, null),
      19,
      22,
    ],
    ['another market costs nothing', (b) => b.sample(b.stateful('sum', [close(b, b.chart(OTHER)), b.constant(5)]), 0, null), 4, 4],
    ['a shorter chart less', (b) => b.sample(b.stateful('sum', [close(b, b.chart(MINUTES)), b.constant(6)]), 0, null), 1, 1],
    ['and what reads the sample adds to it', (b) => b.delay(b.sample(close(b, b.chart(FOUR_HOURS)), 0, null), b.constant(2)), 5, 8],
    ['months count as the longest', (b) => b.sample(close(b, b.chart(MONTHS)), 0, null), 31 * 24 - 1, 2 * 31 * 24 - 2],
  ])('%s', (_, build, first, settled) => {
    expect(bars(build, 'first')).toBe(first);
    expect(bars(build, 'settled')).toBe(settled);
  });

  test('first: nothing is waited for but values', () => {
    expect(bars((b) => ema(b, close(b), 0.1, 19), 'first')).toBe(18);
    expect(bars((b) => follower(b, b.constant(0.1), close(b)), 'first')).toBe(0);
  });

  test('a length and a factor are those of the params', () => {
    const build: Build = (b) => follower(b, b.param(1), b.stateful('sum', [close(b), b.param(0)]));
    expect(bars(build, 'settled', [30, 0.5])).toBe(29 + forgets(0.5));
    expect(bars(build, 'settled', [3, 0.25])).toBe(2 + forgets(0.75));
  });

  test('a graph may be as deep as it likes', () => {
    const build: Build = (b) => {
      let x = close(b);
      for (let k = 0; k < 20_000; k++) x = b.numeric('add', x, b.param(0));
      return follower(b, b.constant(0.5), x);
    };
    expect(bars(build, 'settled', [1])).toBe(forgets(0.5));
  });
});

describe('what never forgets its start', () => {
  const loopOf =
    (value: (b: GraphBuilder, self: NodeId) => NodeId, isCondition = false): Build =>
    (b) => {
      const { self, loop } = b.self(isCondition);
      return b.loop(loop, self, value(b, self), isCondition ? b.truth(0) : close(b));
    };
  const rises = (b: GraphBuilder): NodeId => b.compare('gt', close(b), b.column('open'));

  test.each<[string, Build]>([
    ['a total', loopOf((b, self) => b.numeric('add', self, close(b)))],
    ['a count that starts anew', loopOf((b, self) => b.select(rises(b), b.constant(0), b.numeric('add', self, b.constant(1))))],
    ['a value that is held', loopOf((b, self) => b.select(rises(b), close(b), self))],
    ['a latch', loopOf((b, self) => b.select(rises(b), b.truth(1), self), true)],
    ['a loop that decides by its own past', loopOf((b, self) => b.select(b.compare('gt', self, close(b)), b.constant(1), b.constant(0)))],
    ['a factor of 0', (b) => follower(b, b.constant(0), close(b))],
    ['a factor of 2', (b) => follower(b, b.constant(2), close(b))],
    ['a factor without bounds', (b) => follower(b, b.column('volume'), close(b))],
    ['a factor that is na', (b) => follower(b, b.param(0), close(b))],
    ['growth', loopOf((b, self) => b.numeric('mul', self, b.constant(1.01)))],
    ['a root, whose slope at 0 has no bound', loopOf((b, self) => b.numeric('sqrt', self))],
    ['an average that does not move', (b) => ema(b, close(b), 0, 5)],
    ['an average that swings ever wider', (b) => ema(b, close(b), 2.5, 5)],
    ['the parabolic', (b) => b.stateful('parabolic', [b.column('high'), b.column('low'), b.constant(0.02), b.constant(0.2)])],
  ])('%s', (_, build) => {
    const { graph, constants, root } = built(build, [Number.NaN]);
    expect(unforgetting(graph, constants)).toEqual([root]);
  });

  test.each<[string, Build]>([
    ['a follower', (b) => follower(b, b.constant(0.01), close(b))],
    [
      'a follower that waits while its factor is na',
      (b) => {
        const { self, loop } = b.self(false);
        const share = b.stateful('percentRank', [close(b), b.constant(5)]);
        const factor = b.numeric('add', b.constant(0.1), b.numeric('div', share, b.constant(200)));
        const moved = b.numeric('add', self, b.numeric('mul', factor, b.numeric('sub', close(b), self)));
        return b.loop(loop, self, b.select(b.logic('isNa', factor), self, moved), close(b));
      },
    ],
    [
      'the lower of two followers',
      loopOf((b, self) => b.numeric('min', b.numeric('mul', b.constant(0.5), self), b.numeric('div', self, b.constant(-3)))),
    ],
    [
      'the follower of a condition',
      loopOf((b, self) =>
        b.select(
          rises(b),
          b.numeric('mul', b.constant(0.9), self),
          b.numeric('neg', b.numeric('abs', b.numeric('mul', b.constant(0.5), self))),
        ),
      ),
    ],
    ['a loop that does not read its past', loopOf((b) => b.numeric('mul', close(b), b.constant(2)))],
    ['windows and averages', (b) => ema(b, b.stateful('highest', [close(b), b.constant(5)]), 0.5, 5)],
  ])('not so: %s', (_, build) => {
    const { graph, constants } = built(build);
    expect(unforgetting(graph, constants)).toEqual([]);
  });

  test('loops that read each other do not, and all of them are named', () => {
    const { graph, constants } = built((b) => {
      const up = b.self(false);
      const down = b.self(false);
      const half = (x: NodeId): NodeId => b.numeric('mul', b.constant(0.5), x);
      const a = b.loop(up.loop, up.self, half(down.self), close(b));
      return b.loop(down.loop, down.self, half(a), close(b));
    });
    expect(unforgetting(graph, constants).map((id) => graph.nodes[id]!.op)).toEqual(['loop', 'loop']);
  });
});
