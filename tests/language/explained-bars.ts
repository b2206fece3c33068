import { generateMarket, MARKET_KINDS } from '#core/data/market-generator.ts';
import { createHash } from 'node:crypto';
import { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import { ACCOUNT as A, SETTING as K } from '#core/model/strategy-abi.ts';
import { LIMIT, NAN_WHEN_FLAT, ORDER as O, POSITION as P, registerLayout, ZERO_WHEN_FLAT } from '#core/engine/trading/registers.ts';
import { columnList } from '#core/model/columns.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { engineBars } from '#core/runtime/engine-bars.ts';
import type { Cause, RuleExplanation } from '#core/runtime/explain/explain-document.ts';
import { furtherColumns, otherMarkets } from '#core/runtime/further-columns.ts';
import type { MarketData, MarketSeries } from '#core/runtime/market-data.ts';
import { portfolioSlots } from '#core/runtime/portfolio/portfolio-slots.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import { prepareText } from '#core/runtime/prepare-text.ts';
import type { PreparedStrategy, PrepareRequest } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import type { Program } from '#dsl/program.ts';
import { corpusInputs } from './corpus.ts';

/**
 * Runs bars of strategies with something another way, by means that have nothing in common with those that `strat explain` names causes by: the text of the file is
 * changed, or the registers, and everything is run from the first bar on, rows by the interpreter.
 */

const compiler = createCompiler();
const START = Date.UTC(2015, 0, 1);
const DATA: readonly MarketColumn[] = ['quote_volume', 'funding_rate', 'open_interest', 'spread'];

export function prepared(source: string, request: PrepareRequest = {}): PreparedStrategy {
  const predictions = { time: Float64Array.of(START), up: Float64Array.of(0.6), down: Float64Array.of(0.3), value: Float64Array.of(0) };
  const sources = {
    modules: { source: corpusInputs.modules!, used: () => [] },
    models: { source: corpusInputs.models!, predictionsOf: () => predictions, used: () => [] },
  };
  // Averages need not have settled for what is tried here, and bars are run over and over.
  const conventions = { warmup: 'first' } as const;
  const result = prepareText(compiler, source, 'x.strat', sources, { conventions, ...request });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Generated candles of all that a program trades and reads. */
export function marketsOf(program: Program, bars: number, seed: number): readonly MarketData[] {
  const timeframe = parseTimeframe(program.timeframe)!;
  const series = (market: string): MarketSeries => {
    const place = Number.parseInt(createHash('md5').update(market).digest('hex').slice(0, 4), 16);
    const candles = (own: number): ReturnType<typeof generateMarket> =>
      generateMarket({
        seed: 100_000 * own + 1000 * seed + place,
        bars,
        stepMs: program.stepMs,
        startTime: START,
        startPrice: 100,
        tick: 1e-6,
        kind: MARKET_KINDS[seed % MARKET_KINDS.length]!,
      });
    const shares = (own: number): Float64Array => candles(own).close.map((value) => value / 100_000);
    const further = new Map(
      DATA.map((name, at) => [name, name === 'quote_volume' ? candles(1).close.map((x) => x * 1e6) : shares(at + 1)]),
    );
    return { market, timeframe, columns: candles(0), further, file: market, sha256: '', warnings: [] };
  };
  const traded = program.universe === null ? program.markets : ['A/USDT', 'B/USDT', 'C/USDT', 'D/USDT', 'E/USDT', 'F/USDT'];
  const others = otherMarkets(program).map(series);
  return traded.map((market) => ({ ...series(market), fromIndex: 0, others }));
}

/** Something of a bar that is to be another way, in registers or rows. */
export interface Change {
  readonly atClose?: (registers: Float64Array, plan: TradePlan, index: number) => void;
  readonly row?: (row: Float64Array, plan: TradePlan) => void;
  readonly plan?: (plan: TradePlan) => TradePlan;
  readonly settings?: (settings: Float64Array) => void;
}

/** What a market's rules have ordered after bar `at`, and what the next bar filled. */
export interface Decided {
  readonly registers: Float64Array;
  readonly plan: TradePlan;
}

/**
 * Runs a strategy on its markets up to a bar (all have one at every step), changed there for one of them.
 * @param others what the other markets go by: of the same shape, so that its rows have the same places
 */
export function runTo(
  own: PreparedStrategy,
  markets: readonly MarketData[],
  at: number,
  market: number,
  changes: readonly Change[],
  others: PreparedStrategy = own,
): Decided {
  const plan = changes.reduce((now, change) => change.plan?.(now) ?? now, own.compiled.plan);
  const strategy: StrategyOnMarkets = { label: 'x', prepared: own, markets };
  const { slots, baskets } = portfolioSlots([strategy]);
  const changed = slots.map(({ engine }, slot) => {
    if (slot !== market) return engine;
    const settings = engine.settings.slice();
    for (const change of changes) change.settings?.(settings);
    return { ...engine, settings };
  });
  let engine = new PortfolioEngine([own.compiled.plan], own.settings.conventions, changed, baskets);
  const interpreters = slots.map(
    ({ engine: { settings } }, slot) => new RowInterpreter(slot === market ? own.program : others.program, own.params, settings),
  );
  const lists = slots.map(({ data }) => columnList(data.columns, furtherColumns(own, data).columns));
  const barOf = slots.map(({ data }) => engineBars(own, data));
  for (let index = 0; index <= at; index++) {
    if (index === at && plan !== own.compiled.plan) engine = engine.fork({ plans: [plan] });
    engine.open(barOf.map((bar) => bar(index)));
    const rows = slots.map((_, slot) => interpreters[slot]!.decide(index, lists[slot]!, engine.row(slot)));
    if (index === at) {
      for (const change of changes) {
        if (change.atClose !== undefined) engine.amend({ market }, (registers) => change.atClose!(registers, plan, index));
        change.row?.(rows[market]!, plan);
      }
    }
    engine.decide(rows.map((row, slot) => ({ market: slot, row })));
    for (const slot of slots.keys()) engine.drain(slot);
  }
  return { registers: engine.registers(market).slice(), plan };
}

/** What a rule has waiting after a bar, as a text: the same text, the same outcome. */
export function stateOf({ registers: r, plan }: Decided, program: Program, rule: Pick<RuleExplanation, 'kind' | 'span'>): string {
  const layout = registerLayout(plan);
  const slot = (at: number): string => [O.type, O.side, O.qty, O.price, O.limit, O.lastBar].map((field) => r[at + field]).join(' ');
  const leaving = `${r[P.exitKind]} ${r[P.exitKind] === 0 ? '' : `${r[P.exitRule]} ${r[P.exitFraction]}`}`;
  const isThis = ({ span }: { readonly span: { readonly start: number } }): boolean => span.start === rule.span.start;
  if (rule.kind === 'enter') return slot(layout.entries[program.entries.findIndex(isThis)]!);
  if (rule.kind === 'exit') {
    const at = program.exits.findIndex(isThis);
    return program.exits[at]!.order.type === 'market' ? leaving : slot(layout.exits[at]!);
  }
  if (rule.kind === 'timeout') return leaving;
  const blocks = plan.blocks.map((_, block) => program.entries[plan.entries.findIndex((entry) => entry.block === block)]!.block);
  const block = blocks.findIndex((one) => [...one.adds, ...one.cancels].some(isThis));
  if (rule.kind === 'add') return slot(layout.adds[block]![blocks[block]!.adds.findIndex(isThis)]!);
  return plan.entries.map((entry, at) => (entry.block === block ? slot(layout.entries[at]!) : '')).join(';');
}

/** An edit of the text: what stands at a span is this at one bar, and as it was at all others. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly value: boolean;
}

/** A bar that no run comes to. */
export const NEVER = 1e9;

/** A text with conditions forced at one bar. */
export function forcedAt(source: string, edits: readonly Edit[], bar: number): string {
  let text = source;
  for (const { start, end, value } of edits.toSorted((a, b) => b.start - a.start)) {
    const was = text.slice(start, end);
    text = `${text.slice(0, start)}((${was}) ${value ? `or bar_index == ${bar}` : `and bar_index != ${bar}`})${text.slice(end)}`;
  }
  return text;
}

/** Where the condition of a statement stands. */
function conditionOf(source: string, start: number): { readonly start: number; readonly end: number } {
  let found: { readonly start: number; readonly end: number } | null = null;
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const part = node as {
      readonly span?: { readonly start: number };
      readonly condition?: { readonly span: { start: number; end: number } } | null;
    };
    if (part.span?.start === start && part.condition !== undefined && part.condition !== null) found ??= part.condition.span;
    for (const one of Object.values(node)) look(one);
  };
  look(parse(source).file?.statements);
  if (found === null) throw new Error(`no condition at ${start}`);
  return found;
}

/** How causes are taken away: edits of the text, and changes of the engine's state. */
export function removalOf(
  source: string,
  own: PreparedStrategy,
  causes: readonly Cause[],
  rule: RuleExplanation,
  at: number,
  isSupport: boolean,
): { readonly edits: readonly Edit[]; readonly changes: readonly Change[] } {
  const edits: Edit[] = [];
  const changes: Change[] = [];
  const { program } = own;
  for (const cause of causes) {
    switch (cause.kind) {
      case 'condition':
        edits.push({ ...cause.span!, value: isSupport ? !cause.wanted! : cause.wanted! });
        break;
      case 'rule':
        for (const place of program.exits.keys())
          if (rule.kind === 'timeout') changes.push({ row: (row, plan) => void (row[plan.exits[place]!.when] = 0) });
        if (rule.kind !== 'timeout') edits.push({ ...conditionOf(source, cause.span!.start), value: false });
        break;
      case 'guard':
        edits.push({ ...conditionOf(source, cause.span!.start), value: false });
        break;
      case 'warmUp':
        changes.push({ settings: (settings) => void (settings[K.firstBar] = at) });
        break;
      case 'position':
        changes.push({
          atClose: (r) => {
            r[A.cash] = r[A.equity]!;
            r[A.qty] = 0;
            for (const field of NAN_WHEN_FLAT) r[field] = Number.NaN;
            for (const field of ZERO_WHEN_FLAT) r[field] = 0;
            r[P.exitKind] = 0;
          },
        });
        break;
      case 'cooldown':
        changes.push({ atClose: (r) => void (r[P.endedBar] = Number.NaN) });
        break;
      case 'pause':
        changes.push({ atClose: (r) => void (r[P.pausedUntil] = 0) });
        break;
      case 'limit': {
        const place = program.limits.findIndex(({ span }) => span.start === cause.span!.start);
        const { name } = program.limits[place]!;
        changes.push({
          atClose: (r, plan) => {
            const limit = registerLayout(plan).limits[place]!;
            r[limit + LIMIT.base] = name === 'trades' || name === 'orders' ? -1e9 : name === 'losing_streak' ? r[A.losses]! : r[A.equity]!;
            if (name === 'trades' || name === 'orders') r[limit + LIMIT.last] = -1e9;
          },
          // What is compared with a count or an amount of the moment has no memory to change.
          ...(['position', 'exposure', 'leverage', 'positions'].includes(name)
            ? { row: (row: Float64Array, plan: TradePlan) => void (row[plan.limits[place]!.value.value] = 1e12) }
            : {}),
        });
        break;
      }
      case 'adds':
        changes.push({ atClose: (r) => void (r[A.adds] = 0) });
        break;
      case 'age':
        changes.push({ atClose: (r) => void (r[A.entryBar] = r[A.entryBar]! - 1e6) });
        break;
      case 'exposure':
        changes.push({ plan: (plan) => ({ ...plan, maxLeverage: null }) });
        break;
      case 'minimum':
        changes.push({ settings: (settings) => void (settings[K.minNotional] = settings[K.lot] = settings[K.lotInverse] = 0) });
        break;
      case 'cash':
        changes.push({ atClose: (r) => void (r[A.cash] = r[A.equity] = 1e9) });
        break;
      case 'member':
        changes.push({
          atClose: (r) => void (r[P.isMember] = r[P.weight] = 1),
          row: (row, { universe }) => {
            for (const filter of universe!.filters) row[filter] = 1;
            if (universe!.rankBy !== null) row[universe!.rankBy] = universe!.isDescending ? 1e18 : -1e18;
            if (universe!.weight.value !== null && !(row[universe!.weight.value]! > 0)) row[universe!.weight.value] = 1;
          },
        });
        break;
      case 'invalid':
        changes.push({
          row: (row, plan) => {
            const { block, order, side } = plan.entries[program.entries.findIndex(({ span }) => span.start === rule.span.start)]!;
            for (const price of [order.price, order.limit]) if (price !== null && Number.isNaN(row[price])) row[price] = 100;
            const { size, max, stops, takes, trail, breakeven } = plan.blocks[block]!;
            for (const amount of [size, max]) if (amount !== null && !(row[amount.value]! > 0)) row[amount.value] = 0.05;
            const far = side > 0 ? 1e-3 : 1e9;
            for (const stop of stops) row[stop.value] = stop.kind === 'price' ? far : stop.kind === 'percent' ? 0.02 : 1;
            const levels = [
              ...stops.map(({ limit }) => limit),
              ...takes.map(({ at: level }) => level),
              trail?.distance,
              trail?.after,
              trail?.step,
            ];
            for (const level of [...levels, breakeven?.after, breakeven?.plus])
              if (level !== null && level !== undefined && Number.isNaN(row[level.value])) row[level.value] = 0.5;
          },
        });
        break;
      case 'postOnly':
        changes.push({
          plan: (plan) => ({ ...plan, entries: plan.entries.map((entry) => ({ ...entry, order: { ...entry.order, postOnly: false } })) }),
        });
        break;
      case 'order':
        changes.push({ atClose: (r) => void (r[P.exitKind] = 0) });
        break;
      default:
        throw new Error(`nothing is known of ${cause.kind}: ${cause.text}`);
    }
  }
  return { edits, changes };
}
