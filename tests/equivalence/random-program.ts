import fc from 'fast-check';
import { ACCOUNT, type AccountRegister, SIZE } from '#core/model/strategy-abi.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { columnsOf } from '#dsl/graph/columns.ts';
import { GraphBuilder } from '#dsl/graph/graph-builder.ts';
import { COMPARE_OPS, type NodeId, NUMERIC_OPS } from '#dsl/graph/node.ts';
import { arityOf } from '#dsl/graph/arithmetic.ts';
import { Choices } from './choices.ts';
import { AT_MARKET, type EntryRule, type ExitRule, type LevelDistance, type Program, type TradeBlock } from '#dsl/program.ts';

const PARAMS = [
  { name: 'n', value: 3, default: 3, min: 1, max: 9, step: 1, kind: 'number' },
  { name: 'k', value: 2, default: 2, min: 0, max: 5, step: 1, kind: 'number' },
  { name: 'x', value: 1.5, default: 1.5, min: 0.5, max: 2.5, step: null, kind: 'number' },
] as const;

/** What has been made so far on one chart. */
interface Pool {
  readonly numbers: NodeId[];
  readonly conditions: NodeId[];
}

/** Charts of random programs: the traded one, longer bars of its market, another market. */
const CHARTS = [
  { market: null, timeframe: '1h', stepMs: 3_600_000 },
  { market: null, timeframe: '4h', stepMs: 14_400_000 },
  { market: 'ETH/USDT', timeframe: '1h', stepMs: 3_600_000 },
] as const;

/** Nodes of a graph that grows bottom-up: numbers, conditions, and lengths; on some graphs also on other charts. */
class RandomGraph {
  readonly builder = new GraphBuilder(CHARTS[0]);
  readonly #choices: Choices;
  readonly #pools: readonly Pool[];
  readonly #lengths: NodeId[];

  /** @param isAlone only candles of the traded chart */
  constructor(choices: Choices, isAlone: boolean) {
    this.#choices = choices;
    const b = this.builder;
    const registers = Object.keys(ACCOUNT) as AccountRegister[];
    this.#lengths = [b.constant(1), b.constant(2), b.constant(5), b.param(0), b.numeric('add', b.param(0), b.constant(2))];
    const charts = choices.chance(40) && !isAlone ? CHARTS : CHARTS.slice(0, 1);
    this.#pools = charts.map((chart) => this.#leaves(b.chart(chart), isAlone));
    this.#pools[0]!.numbers.push(...registers.map((register) => b.account(register)));
    for (let k = 0; k < 14; k++) this.#grow(0);
    for (let k = 0; charts.length > 1 && k < 12; k++) this.#grow(1 + choices.below(2));
    for (let k = 0; charts.length > 1 && k < 6; k++) this.#sample();
    if (charts.length > 1) for (let k = 0; k < 6; k++) this.#grow(0);
  }

  #leaves(chart: number, isAlone: boolean): Pool {
    const b = this.builder;
    const host = (name: 'hour' | 'weekday'): NodeId => b.columnOf({ kind: 'calendar', name }, chart);
    return {
      numbers: [
        ...(['open', 'high', 'low', 'close', 'close', 'volume'] as const).map((column) => b.column(column, chart)),
        ...(isAlone ? [] : [host('hour'), b.columnOf({ kind: 'data', name: 'funding_rate' }, chart)]),
        b.constant(0),
        b.constant(100),
        b.constant(-1.5),
        b.param(2),
        b.unit('tick'),
        b.barIndex(chart),
      ],
      conditions: [
        b.compare('gt', b.column('close', chart), b.column('open', chart)),
        ...(isAlone ? [] : [b.columnOf({ kind: 'session', session: 0, name: 'active' }, chart, true)]),
        b.truth(1),
        b.truth(Number.NaN),
      ],
    };
  }

  number(): NodeId {
    return this.#choices.pick(this.#pools[0]!.numbers.slice(-12));
  }

  /** Something like a price: rules that never fire test little. */
  price(): NodeId {
    const b = this.builder;
    const base = b.column(this.#choices.pick(['open', 'high', 'low', 'close']));
    return this.#choices.chance(50)
      ? b.stateful('recursive', [base, b.constant(0.3), b.param(0)])
      : b.numeric('div', b.stateful('sum', [base, b.param(0)]), b.param(0));
  }

  condition(): NodeId {
    const b = this.builder;
    if (this.#choices.chance(40)) return this.#choices.pick(this.#pools[0]!.conditions.slice(-10));
    const [fast, slow] = [this.price(), this.price()];
    const above = b.compare(this.#choices.pick(['gt', 'lt', 'ge']), fast, slow);
    return this.#choices.chance(50) ? above : b.logic('and', above, b.logic('not', b.delay(above, b.constant(1))));
  }

  /** A value of one chart as another one sees it. */
  #sample(): void {
    const c = this.#choices;
    const [from, to] = c.pick([
      [1, 0],
      [2, 0],
      [1, 0],
      [2, 0],
      [1, 2],
      [2, 1],
    ] as const);
    const maxAgeMs = c.pick([null, 7_200_000]);
    const kind = c.pick(['numbers', 'conditions'] as const);
    this.#pools[to]![kind].push(this.builder.sample(c.pick(this.#pools[from]![kind].slice(-8)), to, maxAgeMs));
  }

  /** A series that reads its own past. */
  #loop(chart: number): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const { numbers } = this.#pools[chart]!;
    const { self, loop } = b.self(false, chart);
    const step = b.numeric('mul', b.constant(0.5), b.numeric('sub', c.pick(numbers), self));
    const value = c.pick([
      b.numeric('add', self, step),
      b.select(c.pick(this.#pools[chart]!.conditions), b.constant(0), b.numeric('add', self, b.constant(1))),
    ]);
    return b.loop(loop, self, value, c.pick(numbers));
  }

  #grow(chart: number): void {
    const b = this.builder;
    const c = this.#choices;
    const pool = this.#pools[chart]!;
    const number = (): NodeId => c.pick(pool.numbers);
    const condition = (): NodeId => c.pick(pool.conditions);
    const length = (): NodeId => c.pick(this.#lengths);
    const delay = (): NodeId => c.pick([b.constant(0), b.constant(1), b.constant(4), b.param(1)]);
    switch (c.below(14)) {
      case 0:
      case 1:
      case 2: {
        const op = c.pick(NUMERIC_OPS);
        pool.numbers.push(arityOf(op) === 2 ? b.numeric(op, number(), number()) : b.numeric(op, number()));
        return;
      }
      case 3:
        pool.numbers.push(b.delay(number(), delay()));
        return;
      case 4:
        pool.numbers.push(b.stateful(c.pick(['sum', 'variance', 'highest', 'lowest']), [number(), length()], chart));
        return;
      case 5:
        pool.numbers.push(b.stateful('recursive', [number(), c.pick([b.constant(0.1), b.constant(0.5)]), length()], chart));
        return;
      case 6:
        pool.numbers.push(b.select(condition(), number(), number()));
        return;
      case 7:
        pool.conditions.push(b.compare(c.pick(COMPARE_OPS), number(), number()));
        return;
      case 8:
        pool.conditions.push(b.logic(c.pick(['and', 'or']), condition(), condition()));
        return;
      case 9:
        pool.numbers.push(
          b.stateful(c.pick(['highestAge', 'lowestAge', 'weightedSum', 'meanDeviation', 'percentRank']), [number(), length()], chart),
        );
        return;
      case 10:
        pool.numbers.push(
          c.pick([
            b.stateful('covariance', [number(), number(), length()], chart),
            b.stateful(
              'percentile',
              [number(), length(), c.pick([b.constant(0), b.constant(50), b.constant(100), b.constant(33), number()].slice(0, 4))],
              chart,
            ),
            b.stateful('parabolic', [number(), number(), b.constant(0.02), b.constant(0.2)], chart),
            b.stateful('bellMean', [number(), length(), b.constant(0.85), b.constant(6)], chart),
            b.stateful('sum', [condition(), length()], chart),
          ]),
        );
        return;
      case 11:
        pool.numbers.push(this.#loop(chart));
        return;
      case 12:
        pool.conditions.push(b.stateful(c.pick(['allOf', 'anyOf']), [condition(), length()], chart));
        return;
      default:
        pool.conditions.push(
          c.pick([
            b.logic('not', condition()),
            b.logic('isNa', number()),
            b.logic('isNa', condition()),
            b.delay(condition(), delay()),
            b.select(condition(), condition(), condition()),
          ]),
        );
    }
  }
}

function randomBlock(graph: RandomGraph, choices: Choices, side: 1 | -1): TradeBlock {
  const b = graph.builder;
  const atr = b.stateful('recursive', [b.numeric('sub', b.column('high'), b.column('low')), b.constant(0.2), b.param(0)]);
  const distance = (): LevelDistance => ({
    kind: 'distance',
    value: choices.chance(90) ? b.numeric('mul', b.param(2), atr) : graph.number(),
  });
  const percent = (): LevelDistance => ({ kind: 'percent', value: b.constant(choices.pick([0.01, 0.02, 0.05])) });
  const level = (): LevelDistance => ({
    kind: 'price',
    value: choices.chance(90) ? b.numeric('mul', b.column('close'), b.constant(1 - side * 0.02)) : graph.number(),
  });
  const stops = Array.from({ length: choices.below(4) }, () => choices.pick([distance, percent, level])());
  const after = choices.pick([null, null, { kind: 'r', value: b.constant(0.5) }, distance(), percent()] as const);
  const from = choices.chance(30) ? b.stateful(side > 0 ? 'highest' : 'lowest', [b.column(side > 0 ? 'high' : 'low'), b.param(0)]) : null;
  const trail = choices.chance(50) ? { ...PLAIN_TRAIL, distance: choices.pick([distance, percent])(), after, from } : null;
  const sizes = [
    { kind: SIZE.quantity, value: b.constant(0.5) },
    { kind: SIZE.money, value: choices.chance(80) ? b.constant(1000) : graph.number() },
    { kind: SIZE.equityShare, value: b.constant(choices.pick([0.1, 1, 1.5])) },
    { kind: SIZE.cashShare, value: b.constant(0.3) },
    { kind: SIZE.riskEquityShare, value: b.constant(0.01) },
    { kind: SIZE.riskMoney, value: b.constant(50) },
    { kind: SIZE.riskCashShare, value: b.constant(0.02) },
  ];
  const most = [null, null, { kind: SIZE.equityShare, value: b.constant(0.4) }, { kind: SIZE.quantity, value: b.constant(3) }];
  const least = [null, null, null, { kind: SIZE.money, value: b.constant(200) }];
  return {
    size: choices.pick(sizes),
    kellyTrades: null,
    max: choices.pick(most),
    min: choices.pick(least),
    stops: stops.map((stop) => ({ ...stop, moving: false, closing: false, limit: null, span: SPAN })),
    takes: [],
    trail,
    breakeven: null,
    timeouts: [],
    cooldowns: [],
    adds: [],
    cancels: [],
  };
}

const SPAN = { start: 0, end: 0 };
const PLAIN_TRAIL = { step: null, closing: false, moving: false, span: SPAN };
const PLAIN_RULE = { order: AT_MARKET, reason: null, setup: null, basket: null, span: SPAN };

function programOf(numbers: readonly number[], isAlone: boolean): Program {
  const choices = new Choices(numbers);
  const graph = new RandomGraph(choices, isAlone);
  const b = graph.builder;
  const sides = choices.pick([[1], [-1], [1, -1], [-1, 1]] as const);
  const blocks = new Map(sides.map((side) => [side, randomBlock(graph, choices, side)]));
  const entries: EntryRule[] = Array.from({ length: 1 + choices.below(3) }, () => {
    const side = choices.pick(sides);
    return {
      side,
      when: graph.condition(),
      confidence: choices.chance(80) ? b.constant(1) : graph.number(),
      block: blocks.get(side)!,
      oco: null,
      ...PLAIN_RULE,
    };
  });
  const exits: ExitRule[] = Array.from({ length: choices.below(4) }, () => ({
    side: choices.pick(sides),
    when: graph.condition(),
    fraction: b.constant(choices.pick([1, 1, 0.5, 0.25])),
    ...PLAIN_RULE,
  }));
  const built = b.finish();
  return {
    name: 'random',
    markets: ['BTC/USDT'],
    timeframe: '1h',
    stepMs: 3_600_000,
    sides,
    params: PARAMS,
    author: null,
    version: null,
    tags: [],
    account: { span: null, capital: null, leverage: null, margin: null },
    costs: { span: null, maker: null, taker: null, slippage: null, funding: null, borrow: null },
    graph: built,
    columns: columnsOf(built),
    sessions: [],
    models: [],
    plugins: [],
    setups: [],
    entries,
    exits,
    baskets: [],
    ranks: [],
    universe: null,
    limits: [],
    guards: [],
    notifications: [],
    plots: [],
    marks: [],
    objective: null,
    exposure: { leverage: Infinity, lossPerTrade: Infinity },
  };
}

const anyNumbers = fc.noBias(fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 80, size: 'max' }));

export const anyProgram: fc.Arbitrary<Program> = anyNumbers.map((numbers) => programOf(numbers, false));

/** Programs that read nothing but the candles of the traded chart. */
export const anyPlainProgram: fc.Arbitrary<Program> = anyNumbers.map((numbers) => programOf(numbers, true));

type Move = readonly [number, number, number, number, number];

/** Bars of a random walk with gaps at the open and missing bars; prices on a grid of 0.01. */
export const anyColumns: fc.Arbitrary<Columns> = fc
  .noBias(
    fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.nat(200), fc.nat(200), fc.integer({ min: -60, max: 60 }), fc.nat(9)), {
      minLength: 1,
      maxLength: 160,
      size: 'max',
    }),
  )
  .map(candlesOf);

function candlesOf(moves: readonly Move[]): Columns {
  const columns = sharedColumns(moves.length);
  let last = 10_000;
  for (const [i, [move, up, down, gap, skipped]] of moves.entries()) {
    const open = Math.max(last + gap, 500);
    const close = Math.max(open + move, 500);
    columns.time[i] = (i === 0 ? 1_700_000_000_000 : columns.time[i - 1]!) + 3_600_000 * (skipped === 9 ? 3 : 1);
    columns.open[i] = open / 100;
    columns.close[i] = close / 100;
    columns.high[i] = (Math.max(open, close) + up) / 100;
    columns.low[i] = Math.max(Math.min(open, close) - down, 100) / 100;
    columns.volume[i] = move * move;
    last = close;
  }
  return columns;
}
