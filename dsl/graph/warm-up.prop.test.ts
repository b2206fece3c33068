import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chart } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, type ColumnName } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { columnsOf } from './columns.ts';
import { GraphEvaluator } from './evaluator.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Graph, NodeId } from './node.ts';
import { runConstants } from './run-constants.ts';
import { reach } from './reach.ts';
import { unforgetting, warmUpBars } from './warm-up.ts';

/**
 * What warm-up promises: at the first bar that may be traded, a value differs from that of a run with ten times the history by less than this share of the
 * largest input or output of the last 1,000 bars.
 */
const BOUND = 1e-6;
const LOOKED_AT = 1000;
const HOUR = 3_600_000;
const START = 1_700_000_000_000 - (1_700_000_000_000 % (4 * HOUR));
/** The traded market, longer bars of it, another market on longer bars and on the same. */
const CHARTS: readonly Chart[] = [
  { market: null, timeframe: '1h', stepMs: HOUR },
  { market: null, timeframe: '4h', stepMs: 4 * HOUR },
  { market: 'ETH/USDT', timeframe: '3h', stepMs: 3 * HOUR },
  { market: 'ETH/USDT', timeframe: '1h', stepMs: HOUR },
];

/** Random numbers that are the same for the same seed (Numerical Recipes' quick generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** A graph of everything that settles, and nothing that jumps where two values are nearly equal: such a jump has no bound. */
function settlingGraph(seed: number): { readonly graph: Graph; readonly root: NodeId } {
  const roll = dice(seed);
  const b = new GraphBuilder(CHARTS[0]!);
  const pick = <T>(items: readonly T[]): T => items[roll(items.length)]!;
  const number = (...values: readonly number[]): NodeId => b.constant(pick(values));
  const pools = CHARTS.slice(0, pick([1, 1, 3, 4])).map((chart) => {
    const place = b.chart(chart);
    const candles = (['open', 'high', 'low', 'close'] as const).map((name) => b.column(name, place));
    return { place, exact: [...candles, b.delay(pick(candles), number(1, 3))], numbers: [...candles] };
  });
  const grow = ({ place, exact, numbers }: (typeof pools)[number]): NodeId => {
    const x = pick(numbers.slice(-8));
    const y = pick(numbers);
    const n = number(1, 2, 3, 5);
    const condition = b.compare(pick(['gt', 'le']), pick(exact), pick(exact));
    const follower = (factor: NodeId): NodeId => {
      const { self, loop } = b.self(false, place);
      // Further back than one bar there is nothing at first.
      const before = b.delay(self, number(1, 2));
      const past = roll(4) === 0 ? b.select(b.logic('isNa', before), y, before) : self;
      const moved = b.numeric('add', b.numeric('mul', b.numeric('sub', b.constant(1), factor), past), b.numeric('mul', factor, x));
      return b.loop(loop, self, roll(3) === 0 ? b.numeric('max', moved, b.numeric('mul', past, b.constant(0.5))) : moved, y);
    };
    switch (roll(10)) {
      case 0:
        return b.numeric(pick(['add', 'sub', 'min', 'max']), x, y);
      case 1:
        return b.numeric(pick(['neg', 'abs']), x);
      case 2:
        return b.numeric('mul', x, roll(2) === 0 ? number(-1, 0.5, 2) : b.numeric('div', pick(exact), pick(exact)));
      case 3:
        return b.delay(x, n);
      case 4:
        return b.stateful(pick(['sum', 'variance', 'highest', 'lowest', 'weightedSum', 'meanDeviation']), [x, n], place);
      case 5:
        return b.stateful('recursive', [x, number(0.2, 0.5, 1.25), n], place);
      case 6:
        return pick([
          b.stateful('covariance', [x, y, n], place),
          b.stateful('percentile', [x, n, number(0, 30, 100)], place),
          b.stateful(pick(['highestAge', 'percentRank']), [pick(exact), number(3, 5)], place),
        ]);
      case 7:
        return follower(number(0.3, 0.6));
      case 8: {
        const share = b.numeric('min', b.numeric('max', b.numeric('sub', pick(exact), pick(exact)), b.constant(0)), b.constant(1));
        return follower(b.numeric('add', b.constant(0.25), b.numeric('mul', b.constant(0.5), share)));
      }
      default:
        return pick([
          b.select(condition, x, y),
          b.select(b.stateful(pick(['allOf', 'anyOf']), [condition, n], place), x, y),
          b.stateful('sum', [condition, n], place),
        ]);
    }
  };
  for (const pool of pools) for (let k = 0; k < 4; k++) pool.numbers.push(grow(pool));
  for (const pool of pools.slice(1)) pools[0]!.numbers.push(b.sample(pool.numbers.at(-1)!, 0, null));
  for (let k = 0; k < 3; k++) pools[0]!.numbers.push(grow(pools[0]!));
  return { graph: b.finish(), root: pools[0]!.numbers.at(-1)! };
}

type Bars = Record<ColumnName, number[]>;

function randomBars(count: number, seed: number): Bars {
  const roll = dice(seed);
  const bars: Bars = { time: [], open: [], high: [], low: [], close: [], volume: [] };
  let last = 100;
  for (let i = 0; i < count; i++) {
    const open = last;
    last = Math.min(Math.max(last * (1 + (roll(2001) - 1000) / 50_000), 20), 500);
    bars.time.push(START + i * HOUR);
    bars.open.push(open);
    bars.close.push(last);
    bars.high.push(Math.max(open, last) * (1 + roll(100) / 10_000));
    bars.low.push(Math.min(open, last) * (1 - roll(100) / 10_000));
    bars.volume.push(roll(1000));
  }
  return bars;
}

/** Bars of `stepMs` from bar `from` on; the first is what is left of it. */
function longerBars(bars: Bars, stepMs: number, from: number): Bars {
  const longer: Bars = { time: [], open: [], high: [], low: [], close: [], volume: [] };
  for (let i = from; i < bars.time.length; i++) {
    const time = Math.floor(bars.time[i]! / stepMs) * stepMs;
    const at = longer.time.length - 1;
    if (longer.time[at] === time) {
      longer.high[at] = Math.max(longer.high[at]!, bars.high[i]!);
      longer.low[at] = Math.min(longer.low[at]!, bars.low[i]!);
      longer.close[at] = bars.close[i]!;
      longer.volume[at] = longer.volume[at]! + bars.volume[i]!;
    } else for (const name of COLUMN_NAMES) longer[name].push(name === 'time' ? time : bars[name][i]!);
  }
  return longer;
}

/** Values of all nodes at each of the last bars, in a run whose data begin at bar `from`. */
function valuesFrom(graph: Graph, markets: readonly Bars[], from: number): readonly Float64Array[] {
  const columns = columnsOf(graph);
  const charts = graph.charts.map(({ market, stepMs }) => longerBars(markets[market === null ? 0 : 1]!, stepMs, from));
  const arrays = columns.map(({ chart, column }) => {
    const bars = charts[chart]!;
    return Float64Array.from(column.kind === 'bar' ? bars[column.name] : bars.time.map((time) => time + graph.charts[chart]!.stepMs));
  });
  const table = [...COLUMN_NAMES.map((name) => Float64Array.from(charts[0]![name])), ...arrays];
  const evaluator = new GraphEvaluator({ graph, columns, plugins: [] }, new Float64Array(), new Float64Array(SETTING_FIELDS));
  const account = new Float64Array(ACCOUNT_FIELDS);
  const kept: Float64Array[] = [];
  const rows = charts[0]!.time.length;
  for (let bar = 0; bar < rows; bar++) {
    evaluator.step(bar, table, account);
    if (bar >= rows - LOOKED_AT) kept.push(evaluator.values.slice());
  }
  return kept;
}

/** Difference at the first tradable bar as a share of the largest input (columns, and what loops start from) or output. */
function leftOver(graph: Graph, root: NodeId, warmUp: number, offset: number, seed: number): number {
  const history = 10 * (warmUp + 1) + 40 + offset;
  const markets = [randomBars(history, seed), randomBars(history, seed + 1)];
  const long = valuesFrom(graph, markets, 0);
  const short = valuesFrom(graph, markets, history - 1 - warmUp);
  const inputs = [...reach(graph, [root])].flatMap((id) => {
    const node = graph.nodes[id]!;
    return node.op === 'column' ? [id] : node.op === 'loop' ? [node.args[1]!] : [];
  });
  const largest = Math.max(...long.flatMap((values) => [...inputs, root].map((id) => Math.abs(values[id]!)).filter((x) => x > 0)));
  return Math.abs(long.at(-1)![root]! - short.at(-1)![root]!) / largest;
}

test('at the first tradable bar a value is that of a run with ten times the history', () => {
  let loops = 0;
  let samples = 0;
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(12), (seed, offset) => {
      const { graph, root } = settlingGraph(seed);
      const constants = runConstants(graph, new Float64Array(), new Float64Array(SETTING_FIELDS));
      expect(unforgetting(graph, constants)).toEqual([]);
      const used = [...reach(graph, [root])].map((id) => graph.nodes[id]!.op);
      loops += used.filter((op) => op === 'loop').length;
      samples += used.filter((op) => op === 'sample').length;
      expect(leftOver(graph, root, warmUpBars(graph, constants, [root], 'settled'), offset, seed)).toBeLessThan(BOUND);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect(Math.min(loops, samples)).toBeGreaterThan(10);
});

test('a warm-up that stops early is found out', () => {
  const b = new GraphBuilder(CHARTS[0]!);
  const root = b.stateful('recursive', [b.column('close'), b.constant(0.1), b.constant(19)]);
  const graph = b.finish();
  const constants = runConstants(graph, new Float64Array(), new Float64Array(SETTING_FIELDS));
  expect(leftOver(graph, root, warmUpBars(graph, constants, [root], 'settled'), 0, 7)).toBeLessThan(BOUND);
  expect(leftOver(graph, root, warmUpBars(graph, constants, [root], 'first') + 20, 0, 7)).toBeGreaterThan(BOUND);
});
