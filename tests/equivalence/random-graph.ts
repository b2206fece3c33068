import { ACCOUNT, type AccountRegister } from '#core/model/strategy-abi.ts';
import { arityOf } from '#dsl/graph/arithmetic.ts';
import { GraphBuilder } from '#dsl/graph/graph-builder.ts';
import { COMPARE_OPS, MARKET_UNITS, type NodeId, NUMERIC_OPS } from '#dsl/graph/node.ts';
import { machineOf } from '#dsl/graph/machines/machines.ts';
import type { Choices } from './choices.ts';

/** What has been made so far on one chart. */
interface Pool {
  readonly numbers: NodeId[];
  readonly conditions: NodeId[];
}

/** Of a window of one input. */
const STATISTICS = [
  'nearestRank',
  'mode',
  'medianDeviation',
  'skewness',
  'kurtosis',
  'entropy',
  'rankCorrelation',
  'rescaledRange',
  'lastMean',
  'sineSum',
  'cosineSum',
] as const;

/** Charts of random programs: the traded one, longer bars of its market, another market. */
const CHARTS = [
  { market: null, timeframe: '1h', stepMs: 3_600_000 },
  { market: null, timeframe: '4h', stepMs: 14_400_000 },
  { market: 'ETH/USDT', timeframe: '1h', stepMs: 3_600_000 },
] as const;

/** Lengths about which code changes: windows in locals, doubled, scanned, swept; and one that few runs fill. */
const SELDOM_LENGTHS = [3, 4, 7, 30, 32, 33, 64, 65, 200] as const;

/** What random graphs are made of. */
export interface GraphKind {
  /** Only candles of the traded chart. */
  readonly isAlone?: boolean;
  /** With what code is written specially for: short and long windows, comparisons of means, quotients that never divide by zero, `if x is na`. */
  readonly isWide?: boolean;
}

/**
 * Nodes of a graph that grows bottom-up: numbers, conditions, and lengths; on some graphs also on other charts. Params: 0 a length, 1 a delay, 2 a number.
 */
export class RandomGraph {
  readonly builder = new GraphBuilder(CHARTS[0]);
  readonly #choices: Choices;
  readonly #pools: readonly Pool[];
  readonly #lengths: NodeId[];

  readonly #isWide: boolean;

  constructor(choices: Choices, { isAlone = false, isWide = false }: GraphKind = {}) {
    this.#choices = choices;
    this.#isWide = isWide;
    const b = this.builder;
    const registers = Object.keys(ACCOUNT) as AccountRegister[];
    this.#lengths = [b.constant(1), b.constant(2), b.constant(5), b.param(0), b.numeric('add', b.param(0), b.constant(2))];
    if (isWide) for (let k = 0; k < 3; k++) this.#lengths.push(b.constant(choices.pick(SELDOM_LENGTHS)));
    const charts = choices.chance(40) && !isAlone ? CHARTS : CHARTS.slice(0, 1);
    this.#pools = charts.map((chart) => this.#leaves(b.chart(chart), isAlone));
    this.#pools[0]!.numbers.push(...registers.map((register) => b.account(register)));
    for (let k = 0; k < 14; k++) this.#grow(0);
    if (isWide) for (let k = 0; k < 6; k++) this.#pools[0]!.numbers.push(this.#idiom());
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
        b.unit(this.#choices.pick(MARKET_UNITS)),
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
    if (this.#isWide) return this.#widePrice(base);
    return this.#choices.chance(50)
      ? b.stateful('recursive', [base, b.constant(0.3), b.param(0)])
      : b.numeric('div', b.stateful('sum', [base, b.param(0)]), b.param(0));
  }

  condition(): NodeId {
    const b = this.builder;
    if (this.#choices.chance(40)) return this.#choices.pick(this.#pools[0]!.conditions.slice(-10));
    const [fast, slow] = [this.price(), this.price()];
    if (this.#isWide && this.#choices.chance(60)) return this.#crossing(fast, slow);
    const above = b.compare(this.#choices.pick(['gt', 'lt', 'ge']), fast, slow);
    return this.#choices.chance(50) ? above : b.logic('and', above, b.logic('not', b.delay(above, b.constant(1))));
  }

  #widePrice(base: NodeId): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const length = c.pick(this.#lengths);
    const half = b.numeric('div', b.numeric('add', b.column('high'), b.column('low')), b.constant(2));
    return c.pick([
      base,
      half,
      b.stateful(c.pick(['highest', 'lowest']), [base, length]),
      b.stateful('recursive', [c.pick([base, half]), b.constant(0.3), length]),
      b.numeric('div', b.stateful('sum', [c.pick([base, half]), length]), length),
      b.numeric('div', b.stateful('sum', [base, length]), length),
      b.numeric('div', this.#idiom(), b.constant(3)),
      b.numeric('add', base, b.numeric('sqrt', b.stateful('variance', [c.pick([base, half]), length]))),
    ]);
  }

  /** Two numbers compared, now and one bar before, as they stand or each the past of a number. */
  #crossing(fast: NodeId, slow: NodeId): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const one = b.constant(1);
    const [now, before] = c.pick([
      ['gt', 'le'],
      ['lt', 'ge'],
      ['ge', 'lt'],
    ] as const);
    const above = b.compare(now, fast, slow);
    return c.pick([
      above,
      b.logic('not', above),
      b.logic('and', above, b.compare(before, b.delay(fast, one), b.delay(slow, one))),
      b.logic('and', above, b.logic('not', b.compare(now, b.delay(fast, one), b.delay(slow, one)))),
      b.compare(now, b.delay(fast, one), slow),
      b.compare(c.pick(['eq', 'ne']), fast, slow),
      b.logic('or', b.compare(now, fast, b.constant(c.pick([0, 1, 100]))), b.compare(before, b.delay(fast, one), b.constant(100))),
    ]);
  }

  /** Numbers that code is written specially for: rises and falls, shares of a range, volume by the way of a price, what stands in for na. */
  #idiom(): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const bar = (): NodeId => b.column(c.pick(['open', 'high', 'low', 'close']));
    const length = (): NodeId => c.pick(this.#lengths);
    const zero = b.constant(0);
    const change = b.numeric('sub', b.column('close'), b.delay(b.column('close'), c.pick([b.constant(1), length()])));
    const [top, bottom] = [b.stateful('highest', [b.column('high'), length()]), b.stateful('lowest', [b.column('low'), length()])];
    const [x, y] = c.pick([
      [b.column('high'), b.column('low')],
      [top, bottom],
      [bar(), bar()],
    ] as const);
    const share = b.numeric('div', b.numeric('sub', bar(), y), b.numeric('sub', x, y));
    const volume = b.column('volume');
    const [p, q] = [bar(), b.delay(bar(), b.constant(1))];
    const signed = b.select(b.compare('gt', p, q), volume, b.select(b.compare('lt', p, q), b.numeric('neg', volume), zero));
    const mean = b.numeric('div', b.stateful('sum', [bar(), length()]), b.constant(5));
    return c.pick([
      b.numeric('max', change, zero),
      b.numeric('max', b.numeric('neg', change), zero),
      b.stateful('recursive', [b.numeric('max', change, zero), b.constant(0.2), length()]),
      b.select(b.compare('eq', x, y), zero, share),
      b.select(b.compare('eq', x, y), zero, b.numeric('mul', share, volume)),
      b.stateful('sum', [signed, length()]),
      b.stateful('recursive', [signed, b.constant(0.5), length()]),
      b.select(b.logic('isNa', mean), c.pick([b.numeric('div', bar(), volume), zero, bar()]), mean),
      b.select(b.logic('isNa', mean), b.numeric('div', p, b.numeric('sub', p, q)), bar()),
      b.numeric('min', mean, bar()),
      b.stateful('sum', [b.select(b.compare(c.pick(['gt', 'eq']), p, q), b.constant(1), zero), length()]),
      b.stateful('variance', [b.numeric('sub', x, y), length()]),
      b.stateful('covariance', [bar(), volume, length()]),
    ]);
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

  /** One of the values of a machine. */
  #machine(chart: number): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const number = (): NodeId => c.pick(this.#pools[chart]!.numbers);
    const column = (name: 'high' | 'low' | 'close'): NodeId => b.column(name, chart);
    const few = c.pick([b.constant(1), b.constant(3), b.param(0)]);
    const distance = c.pick([b.constant(0.5), b.param(2), number()]);
    const zigzag: readonly NodeId[] = c.chance(50)
      ? [column('high'), column('low'), b.constant(0), b.constant(0.01)]
      : [number(), number(), distance, b.param(2)];
    const [name, args] = c.pick([
      ['zigzag', zigzag],
      ['bricks', [column('close'), distance, c.pick([b.constant(0), b.constant(Number.NaN), b.param(2)])]],
      ['rangeBars', [number(), distance]],
      ['wilderStop', [number(), distance]],
      ['ratchetStop', [column('close'), distance]],
      ['levels', [number(), column('low'), column('high'), column('low'), column('close'), distance, few, b.constant(1)]],
    ] as const);
    const machine = b.machine(name, args, chart);
    return b.machineOutput(machine, c.below(machineOf(name).outputs.length));
  }

  /** A statistic of a window. */
  #statistic(chart: number, x: NodeId, length: NodeId): NodeId {
    const b = this.builder;
    const c = this.#choices;
    const op = c.pick(STATISTICS);
    switch (op) {
      case 'nearestRank':
        return b.stateful(op, [x, length, c.pick([b.constant(0), b.constant(50), b.param(2)])], chart);
      case 'entropy':
        return b.stateful(op, [x, length, b.constant(4)], chart);
      case 'rescaledRange':
        return b.stateful(op, [x, b.constant(20), b.constant(0)], chart);
      case 'lastMean':
      case 'sineSum':
      case 'cosineSum':
        return b.stateful(op, [x, c.pick([b.constant(2), c.pick(this.#pools[chart]!.numbers)]), b.constant(5)], chart);
      default:
        return b.stateful(op, [x, length], chart);
    }
  }

  /** A condition that is held until another one is true. */
  #latch(chart: number): NodeId {
    const b = this.builder;
    const { conditions } = this.#pools[chart]!;
    const pick = (): NodeId => this.#choices.pick(conditions);
    const { self, loop } = b.self(true, chart);
    return b.loop(loop, self, b.select(pick(), b.truth(1), b.logic('and', self, pick())), pick());
  }

  #grow(chart: number): void {
    const b = this.builder;
    const c = this.#choices;
    const pool = this.#pools[chart]!;
    // What came last more often, so that graphs get deep.
    const from = (made: readonly NodeId[]): NodeId => c.pick(c.chance(60) ? made.slice(-6) : made);
    const number = (): NodeId => from(pool.numbers);
    const condition = (): NodeId => from(pool.conditions);
    const length = (): NodeId => c.pick(this.#lengths);
    const delay = (): NodeId => c.pick([b.constant(0), b.constant(1), b.constant(4), b.param(1)]);
    switch (c.below(16)) {
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
          b.stateful(
            c.pick(['highestAge', 'lowestAge', 'highestFirstAge', 'lowestFirstAge', 'weightedSum', 'meanDeviation', 'percentRank']),
            [number(), length()],
            chart,
          ),
        );
        return;
      case 10:
        pool.numbers.push(
          c.pick([
            b.stateful('covariance', [number(), number(), length()], chart),
            b.stateful(
              'percentile',
              [number(), length(), c.pick([b.constant(0), b.constant(50), b.constant(100), b.constant(33), b.param(2)])],
              chart,
            ),
            b.stateful('parabolic', [b.column('high', chart), b.column('low', chart), b.constant(0.02), b.constant(0.2)], chart),
            b.stateful('parabolic', [number(), number(), b.param(2), b.constant(0.2)], chart),
            b.stateful('bellMean', [number(), length(), b.constant(0.85), b.constant(6)], chart),
            b.stateful('sum', [condition(), length()], chart),
          ]),
        );
        return;
      case 11:
        pool.numbers.push(this.#loop(chart));
        return;
      case 13:
        pool.numbers.push(this.#machine(chart));
        return;
      case 14:
        pool.numbers.push(this.#statistic(chart, number(), length()));
        return;
      case 12:
        pool.conditions.push(c.chance(60) ? b.stateful(c.pick(['allOf', 'anyOf']), [condition(), length()], chart) : this.#latch(chart));
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
