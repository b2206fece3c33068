import fc from 'fast-check';
import { SIZE } from '#core/model/strategy-abi.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { columnsOf } from '#dsl/graph/columns.ts';
import { Choices } from './choices.ts';
import { withTrading } from './random-trading.ts';
import { type GraphKind, RandomGraph } from './random-graph.ts';
import { AT_MARKET, type EntryRule, type ExitRule, type LevelDistance, type Program, type TradeBlock } from '#dsl/program.ts';

const PARAMS = [
  { name: 'n', value: 3, default: 3, min: 1, max: 9, step: 1, kind: 'number' },
  { name: 'k', value: 2, default: 2, min: 0, max: 5, step: 1, kind: 'number' },
  { name: 'x', value: 1.5, default: 1.5, min: 0.5, max: 2.5, step: null, kind: 'number' },
] as const;

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
  const targets = [distance, percent, ...(stops.length === 0 ? [] : [(): LevelDistance => ({ kind: 'r', value: b.constant(1.5) })])];
  const takes = choices.chance(40) ? [{ share: choices.pick([null, 1]), at: choices.pick(targets)(), span: SPAN }] : [];
  return {
    size: choices.pick(sizes),
    kellyTrades: null,
    max: choices.pick(most),
    min: choices.pick(least),
    stops: stops.map((stop) => ({ ...stop, moving: false, closing: false, limit: null, span: SPAN })),
    takes,
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

function programOf(numbers: readonly number[], kind: GraphKind = {}): Program {
  const choices = new Choices(numbers);
  const graph = new RandomGraph(choices, kind);
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
    clock: null,
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
    exposure: { leverage: Infinity, lossPerTrade: Infinity, enforcedLeverage: Infinity },
    unforgetting: [],
    priceLiterals: [],
  };
}

const anyNumbers = fc.noBias(fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 80, size: 'max' }));

/** Programs with random trading statements of every kind that the engine runs. */
export const anyPlannedProgram: fc.Arbitrary<Program> = anyNumbers.map((numbers) =>
  withTrading(programOf(numbers), new Choices(numbers.toReversed())),
);

export const anyProgram: fc.Arbitrary<Program> = anyNumbers.map((numbers) => programOf(numbers));

/** Programs that read nothing but the candles of the traded chart. */
export const anyPlainProgram: fc.Arbitrary<Program> = anyNumbers.map((numbers) => programOf(numbers, { isAlone: true }));

/** Programs with what code is written specially for, and with other values of their params. */
export const anyWideProgram: fc.Arbitrary<Program> = fc
  .tuple(anyNumbers, fc.boolean(), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 }), fc.constantFrom(0.5, 1.5, 2.5))
  .map(([numbers, isAlone, ...values]) => withValues(programOf(numbers, { isAlone, isWide: true }), values));

/** The same with trading statements of every kind. */
export const anyWidePlannedProgram: fc.Arbitrary<Program> = fc
  .tuple(anyWideProgram, anyNumbers)
  .map(([program, numbers]) => withTrading(program, new Choices(numbers)));

const withValues = (program: Program, values: readonly number[]): Program => ({
  ...program,
  params: program.params.map((param, place) => ({ ...param, value: values[place]! })),
});

type Move = readonly [number, number, number, number, number];

/** Bars of a random walk with gaps at the open and missing bars, some from before 1970 on, where a block of time ends (see rebuilding.ts); prices on a grid of 0.01. */
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
    columns.time[i] =
      (i === 0 ? (up % 4 === 0 ? -180_000_000 : 1_700_000_000_000) : columns.time[i - 1]!) + 3_600_000 * (skipped === 9 ? 3 : 1);
    columns.open[i] = open / 100;
    columns.close[i] = close / 100;
    columns.high[i] = (Math.max(open, close) + up) / 100;
    columns.low[i] = Math.max(Math.min(open, close) - down, 100) / 100;
    columns.volume[i] = move * move;
    last = close;
  }
  return columns;
}
