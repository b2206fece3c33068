import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerOf } from '#core/engine/ledger.ts';
import { bookingsOf, fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import { ORDER_TYPE } from '#core/engine/trading/order-slot.ts';
import { openTradingRegisters, ORDER, registerLayout } from '#core/engine/trading/registers.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import { barAt, columnList, type Columns, sliceColumns } from '#core/model/columns.ts';
import { ACCOUNT, LOG, LOG_FIELDS, type RunConventions, SIZE } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { isPlain } from '#dsl/emit/is-plain.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import { AT_MARKET, type Program } from '#dsl/program.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import { furtherColumns } from './further-columns.ts';
import { anyCostModels, anyFees, type CostModels, plannedSettings } from './planned-settings.ts';
import { anyInner, sameInner, sliceInner } from './random-inner.ts';
import { anyColumns, anyPlannedProgram } from './random-program.ts';
import { CAPITAL, fundingRates, runInterpreted } from './three-forms.ts';

/** Of what bars are made of; null = nothing is known. */
const anySeed = fc.option(fc.nat());
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) };

interface Outcome {
  /** For each log the place of its market. */
  readonly data: readonly number[];
  readonly logs: readonly (readonly number[])[];
  readonly equity: readonly number[];
  readonly registers: readonly (readonly number[])[];
}

/** A program on several markets by the interpreter, bar by bar. */
function runMarkets(
  program: Program,
  markets: readonly Columns[],
  conventions: RunConventions = DEFAULT_CONVENTIONS,
  firstBar = 0,
  inners: readonly InnerBars[] = [],
  { costs = {}, planOf = (plan) => plan }: { readonly costs?: CostModels; readonly planOf?: (plan: TradePlan) => TradePlan } = {},
): Outcome {
  const plan = planOf(tradePlanOf(program).plan);
  const params = Float64Array.from(program.params, (param) => param.value);
  const settings = markets.map(({ close }) =>
    plannedSettings(program, close.length, { conventions: { ...DEFAULT_CONVENTIONS, ...conventions }, firstBar, ...costs }),
  );
  const further = markets.map((columns) => furtherColumns(columns, program));
  const rates = markets.map((columns, at) => fundingRates(program, columns, further[at]!));
  const interpreters = settings.map((array) => new RowInterpreter(program, params, array));
  const registers = (): Float64Array => openTradingRegisters(plan, CAPITAL);
  // A basket has the first two markets for its legs, which come behind those that are traded.
  const data = [...markets.keys(), ...(plan.baskets === undefined ? [] : [0, 1])];
  const legs = data.slice(markets.length).map((_, at) => markets.length + at);
  const free = plannedSettings(program, Infinity, { feeRate: 0.0015, makerRate: 0, slippageRate: 0 });
  const engine = new PortfolioEngine(
    [plan],
    conventions,
    data.map((at, slot) => ({ settings: settings[at]!, registers: registers(), isLeg: slot >= markets.length, inner: inners[at] })),
    legs.length === 0 ? [] : [{ basket: 0, rulesOf: 0, legs, slack: 0.0005, settings: free, registers: registers() }],
  );
  const next = markets.map(() => 0);
  const logs = data.map((): number[] => []);
  const equity: number[] = [];
  for (const now of Float64Array.from(new Set(markets.flatMap(({ time }) => [...time]))).toSorted()) {
    const indexes = markets.map(({ time }, at) => (time[next[at]!] === now ? next[at]!++ : null));
    engine.open(
      data.map((at) => {
        const index = indexes[at]!;
        if (index === null) return null;
        return { ...barAt(markets[at]!, index), fundingRate: rates[at]?.[index] ?? Number.NaN };
      }),
    );
    engine.decide(
      indexes.flatMap((index, market) => {
        if (index === null) return [];
        const columns = columnList(markets[market]!, further[market]!.arrays);
        return [{ market, row: interpreters[market]!.decide(index, columns, engine.row(market)) }];
      }),
    );
    for (const [at, log] of logs.entries()) log.push(...engine.engines[at]!.drainLog());
    equity.push(engine.equity);
  }
  return { data, logs, equity, registers: data.map((_, slot) => [...engine.registers(slot)]) };
}

test('an account with one market is what the engine makes of it, to the last bit', () => {
  const anyConventions = fc.record({
    sizeAt: fc.constantFrom('order' as const, 'fill' as const),
    fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
    limitFill: fc.constantFrom('through' as const, 'touch' as const),
    opposite: fc.constantFrom('ignore' as const, 'reverse' as const),
  });
  fc.assert(
    fc.property(anyPlannedProgram, anyColumns, anyConventions, fc.nat(10), anySeed, (program, columns, conventions, firstBar, seed) => {
      const inner = seed === null ? null : anyInner(columns, seed);
      fc.pre(!isPlain(program, conventions) || inner !== null);
      const params = Float64Array.from(program.params, (param) => param.value);
      const settings = plannedSettings(program, columns.close.length, {
        conventions: { ...DEFAULT_CONVENTIONS, ...conventions },
        firstBar,
      });
      const alone = runInterpreted(program, columns, params, settings, conventions, CAPITAL, furtherColumns(columns, program), inner);
      const inners = inner === null ? [] : [inner];
      const { logs, equity, registers } = runMarkets(program, [columns], conventions, firstBar, inners);
      expect(logs).toEqual([alone.log]);
      expect(equity).toEqual(alone.equity);
      expect(registers).toEqual([alone.registers]);
    }),
    runs,
  );
});

/** With a universe whose filters, ranks and weights are series of the program. */
const anyUniverseProgram = fc
  .tuple(anyPlannedProgram, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }))
  .map(([program, picks]): Program => {
    const ids = [...program.graph.nodes.keys()].filter(
      (id) => !program.graph.nodes[id]!.usesAccount && program.graph.nodes[id]!.chart === 0,
    );
    const pick = (place: number, isCondition: boolean): number => {
      const fit = ids.filter((id) => program.graph.nodes[id]!.isCondition === isCondition);
      return fit[picks[place]! % fit.length]!;
    };
    const hasConditions = ids.some((id) => program.graph.nodes[id]!.isCondition);
    const hold = ids.find((id) => program.graph.nodes[id]!.op === 'const') ?? null;
    return {
      ...program,
      universe: {
        span: { start: 0, end: 0 },
        quote: 'USDT',
        list: null,
        exclude: [],
        filters: hasConditions && picks[0]! % 2 === 0 ? [pick(1, true)] : [],
        rankBy: pick(2, false),
        descending: picks[3]! % 2 === 0,
        hold: picks[4]! % 3 === 0 ? hold : null,
        weight: { mode: (['equal', 'by', 'inverse'] as const)[picks[5]! % 3]!, value: pick(6, false) },
        rebalanceMs: picks[7]! % 2 === 0 ? null : 5 * 3_600_000,
        refreshMs: picks[7]! % 3 === 0 ? 11 * 3_600_000 : null,
      },
    };
  });

/** What a basket can have of a block: levels in percent, and money for a size. */
function basketBlock(block: Program['entries'][number]['block']): Program['entries'][number]['block'] {
  const isPercent = ({ kind }: { readonly kind: string }): boolean => kind === 'percent';
  const { trail, breakeven, size } = block;
  return {
    ...block,
    size: { ...size, kind: SIZE.equityShare },
    max: null,
    min: null,
    kellyTrades: null,
    adds: block.adds.filter(({ trigger }) => trigger.kind === 'when'),
    stops: block.stops.filter((stop) => isPercent(stop) && stop.limit === null),
    takes: block.takes.filter(({ at }) => isPercent(at)),
    trail: trail !== null && isPercent(trail.distance) && trail.after === null && trail.from === null && trail.step === null ? trail : null,
    breakeven: breakeven !== null && isPercent(breakeven.after) && breakeven.plus === null ? breakeven : null,
  };
}

/** With a basket of two markets that some of its market orders trade. */
const anyBasketProgram = fc.tuple(anyPlannedProgram, fc.nat()).map(([program, pick]): Program => {
  const ids = [...program.graph.nodes.keys()].filter((id) => program.graph.nodes[id]!.chart === 0 && !program.graph.nodes[id]!.isCondition);
  const weight = ids[pick % ids.length]!;
  return {
    ...program,
    baskets: [
      {
        name: 'pair',
        span: { start: 0, end: 0 },
        legs: [
          { market: 'A/USDT', weight },
          { market: 'B/USDT', weight: ids[0]! },
        ],
      },
    ],
    entries: program.entries.map((entry, at) =>
      (pick >> at) % 3 > 0 ? { ...entry, order: AT_MARKET, block: basketBlock(entry.block), basket: 0 } : entry,
    ),
    exits: program.exits.map((exit, at) => ((pick >> at) % 3 > 0 ? { ...exit, order: AT_MARKET, basket: 0 } : exit)),
  };
});

/** Two to four markets, half of them with bars at the same moments. */
const anyMarkets = fc
  .tuple(fc.array(anyColumns, { minLength: 2, maxLength: 4 }), fc.boolean())
  .map(([markets, isAligned]): readonly Columns[] => {
    if (!isAligned) return markets;
    const rows = Math.min(...markets.map(({ time }) => time.length));
    const { time } = sliceColumns(markets[0]!, 0, rows);
    return markets.map((columns) => ({ ...sliceColumns(columns, 0, rows), time }));
  });

/** What the bars are made of; legs of baskets know nothing of it. */
const innersOf = ({ baskets }: Program, markets: readonly Columns[], seed: number | null): readonly InnerBars[] =>
  seed === null || baskets.length > 0 ? [] : markets.map((columns, at) => anyInner(columns, seed + at));

test('bars of several markets that are made of themselves give what they give alone', () => {
  fc.assert(
    fc.property(fc.oneof(anyPlannedProgram, anyUniverseProgram), anyMarkets, (program, markets) => {
      expect(runMarkets(program, markets, DEFAULT_CONVENTIONS, 0, markets.map(sameInner))).toEqual(runMarkets(program, markets));
    }),
    runs,
  );
});

/** A guard that never acts, as no row has a value there: a market with one looks at every bar. */
const watchful = (plan: TradePlan): TradePlan => ({ ...plan, guards: [...plan.guards, { action: 'block', side: null, when: 1e6 }] });

/** What an order left in its registers when it was filled or withdrawn says nothing. */
function withoutOldOrders(outcome: Outcome, plan: TradePlan): Outcome {
  const { entries, exits, adds, rebalance } = registerLayout(plan);
  const places = [...entries, ...exits, ...adds.flat(), ...(rebalance === null ? [] : [rebalance])];
  const registers = outcome.registers.map((own) => {
    const left = [...own];
    for (const at of places) if (left[at + ORDER.type] === ORDER_TYPE.none) left.fill(0, at, at + ORDER.frozen);
    return left;
  });
  return { ...outcome, registers };
}

/** Half without limits and guards, and most without models of costs, as both want to see every bar. */
const anyPassedOver = fc
  .tuple(fc.oneof(anyPlannedProgram, anyUniverseProgram, anyBasketProgram), fc.boolean())
  .map(([program, isLimited]): Program => (isLimited ? program : { ...program, limits: [], guards: [] }));

test('a market that nothing waits for is passed over without a trace', () => {
  const anyConventions = fc.record({
    fillAt: fc.constantFrom('nextOpen' as const, 'close' as const),
    opposite: fc.constantFrom('ignore' as const, 'reverse' as const),
  });
  const anyCosts = fc.oneof(fc.constant({}), fc.record({ fees: anyFees }), anyCostModels);
  fc.assert(
    fc.property(anyPassedOver, anyMarkets, anyConventions, anyCosts, (program, markets, kind, costs) => {
      const conventions = { ...DEFAULT_CONVENTIONS, ...kind };
      const [passed, seen] = [{ costs }, { costs, planOf: watchful }].map((given) =>
        runMarkets(program, markets, conventions, 0, [], given),
      );
      const { plan } = tradePlanOf(program);
      expect(withoutOldOrders(passed!, plan)).toEqual(withoutOldOrders(seen!, plan));
    }),
    runs,
  );
});

test('money is conserved over several markets, and their positions and the cash are the equity', () => {
  let [together, rebalanced, baskets] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.oneof(anyPlannedProgram, anyUniverseProgram, anyBasketProgram, anyBasketProgram),
      anyMarkets,
      anySeed,
      (program, markets, seed) => {
        const { data, logs, equity, registers } = runMarkets(program, markets, DEFAULT_CONVENTIONS, 0, innersOf(program, markets, seed));
        const bookings = logs.map((log) => bookingsOf(Float64Array.from(log)));
        const ledger = ledgerOf(bookings, CAPITAL);
        const cash = registers[0]![ACCOUNT.cash]!;
        expect(Math.abs(Number(ledger.cash) - cash)).toBeLessThanOrEqual(ledger.driftBound);
        const held = registers.map((own, at) => own[ACCOUNT.qty]! * markets[data[at]!]!.close.at(-1)!);
        const worth = held.reduce((sum, value) => sum + value, cash);
        expect(Math.abs(equity.at(-1)! - worth)).toBeLessThan(1e-9 * (CAPITAL + Math.abs(worth)));
        for (const own of registers) expect(own[ACCOUNT.cash]).toBe(cash);
        if (logs.filter((log) => fillsOf(Float64Array.from(log)).length > 0).length > 1) together += 1;
        if (logs.some((log) => fillsOf(Float64Array.from(log)).some(({ kind }) => kind === 'rebalance'))) rebalanced += 1;
        if (logs.slice(markets.length).some((log) => fillsOf(Float64Array.from(log)).length > 0)) baskets += 1;
      },
    ),
    runs,
  );
  expect(baskets).toBeGreaterThan(runs.numRuns / 40);
  expect(rebalanced).toBeGreaterThan(runs.numRuns / 100);
  expect(together).toBeGreaterThan(runs.numRuns / 5);
});

test('what several markets did does not depend on the bars that follow', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyPlannedProgram, anyUniverseProgram, anyBasketProgram),
      anyMarkets,
      fc.nat(100),
      anySeed,
      (program, markets, percent, seed) => {
        const times = Float64Array.from(new Set(markets.flatMap(({ time }) => [...time]))).toSorted();
        const kept = Math.ceil((times.length * percent) / 100);
        const end = times[kept] ?? Infinity;
        const counts = markets.map(({ time }) => time.filter((at) => at < end).length);
        const inners = innersOf(program, markets, seed);
        const whole = runMarkets(program, markets, DEFAULT_CONVENTIONS, 0, inners);
        const part = runMarkets(
          program,
          markets.map((columns, at) => sliceColumns(columns, 0, counts[at]!)),
          DEFAULT_CONVENTIONS,
          0,
          inners.map((inner, at) => sliceInner(inner, counts[at]!)),
        );
        const before = whole.logs.map((log, at) =>
          log.filter((_, place) => log[place - (place % LOG_FIELDS) + LOG.bar]! < counts[whole.data[at]!]!),
        );
        expect(part.logs).toEqual(before);
        expect(part.equity).toEqual(whole.equity.slice(0, kept));
      },
    ),
    runs,
  );
});
