import { type EngineEvent, eventsOf, type Fill, logRows, PROTECTION_FILLS } from '#core/engine/log-rows.ts';
import type { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import { POSITION as P } from '#core/engine/trading/registers.ts';
import { waitingOrders } from '#core/engine/trading/waiting-orders.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { barHolding } from '#core/model/bar-holding.ts';
import { barAt } from '#core/model/columns.ts';
import { ACCOUNT as A, SETTING as K } from '#core/model/strategy-abi.ts';
import { nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import type { NamedRule } from '../bot/order-gate.ts';
import type { AccountCurrency } from '../currency/account-currency.ts';
import { eventText } from '../order-event-texts.ts';
import { minuteText } from '../report/number-text.ts';
import { mergedTimes, type PortfolioStep, portfolioRun, type RunLimits } from '../portfolio/portfolio-run.ts';
import { portfolioSlots, type PortfolioSlots } from '../portfolio/portfolio-slots.ts';
import type { StrategyOnMarkets } from '../portfolio/strategy-on-markets.ts';
import { STRAT_VERSION } from '../version.ts';
import type { Cause, ExplainDocument, LevelExplanation, MarketExplanation, RuleExplanation, ShownFill } from './explain-document.ts';
import { orderText, RuleExplainer, sideOf } from './explain-rules.ts';
import { type FileRules, fileRules } from './file-rules.ts';
import { Probe, type ProbeTarget, type SeenStep } from './probe.ts';
import { ShownValues } from './shown-values.ts';

export interface ExplainRequest {
  /** Prepared with `watchValues: explainedExpressions`. */
  readonly strategies: readonly StrategyOnMarkets[];
  /** Any time within the bar, ms. */
  readonly at: number;
  /** Markets by name; null = all. */
  readonly only: readonly string[] | null;
  /** Risk rules of a config. */
  readonly rules: readonly NamedRule[];
  /** Left out: in the currency of its markets. */
  readonly currency?: AccountCurrency;
  readonly limits: RunLimits;
}

/**
 * Runs strategies up to a bar, asks the engine there why it did what it did, and says it.
 * @throws StratError USAGE when no market asked for has a bar then, SANDBOX_*
 */
export async function explain({ strategies, at, only, rules, currency, limits }: ExplainRequest): Promise<ExplainDocument> {
  const { timeframe } = strategies[0]!.markets[0]!;
  const series = strategies.flatMap(({ markets }) => markets);
  const time = mergedTimes(series.map(({ columns }) => columns));
  const step = stepAt(time, at, timeframe);
  const seen = new Map<number, SeenStep>();
  let engine: PortfolioEngine | null = null;
  const { logs } = await portfolioRun(
    strategies,
    rules,
    {
      ...limits,
      watch: {
        until: Math.min(step + 1, time.length - 1),
        before: (now, standing) => {
          if (now === step) engine = standing.fork();
        },
        after: (one) => {
          if (one.step >= step - 1) seen.set(one.step, copied(one));
        },
      },
    },
    currency,
  );
  if (engine === null) throw new StratError('INTERNAL', { reason: `the run did not come to step ${step}` });
  const slots = portfolioSlots(strategies);
  const probe = probeOf(strategies, slots, engine, seen, step);
  const world: World = {
    strategies,
    slots,
    time: time[step]!,
    timeframe,
    seen: seen.get(step)!,
    logs,
    probe,
    rules: strategies.map(({ prepared }, strategy) => fileRules(prepared, probe.plans[strategy]!.plan)),
  };
  const targets = targetsOf(world, only);
  return {
    schema: 'strat.explain/1',
    engine: STRAT_VERSION,
    strategies: strategies.map(({ prepared: { program, source, params } }) => ({
      name: source.name,
      file: source.file,
      sha256: source.sha256,
      params: Object.fromEntries(program.params.map(({ name }, place) => [name, params[place]!])),
    })),
    at: new Date(time[step]!).toISOString(),
    markets: targets.map((target) => explainTarget(world, target, seen.get(step - 1) ?? null)),
  };
}

interface World {
  readonly strategies: readonly StrategyOnMarkets[];
  readonly slots: PortfolioSlots;
  /** Open time of the bar, ms. */
  readonly time: number;
  readonly timeframe: Timeframe;
  readonly seen: SeenStep;
  /** Of the run, by slot. */
  readonly logs: readonly Float64Array[];
  readonly probe: Probe;
  /** By strategy. */
  readonly rules: readonly FileRules[];
}

/** The step whose bar holds a moment. */
function stepAt(time: Float64Array, at: number, timeframe: Timeframe): number {
  const step = barHolding(time, timeframe, at);
  if (step >= 0) return step;
  const [first, last] = [time[0]!, time.at(-1)!];
  const utc = (ms: number): string => minuteText(new Date(ms).toISOString());
  if (at < first || at >= nextOpen(timeframe, last)) {
    const reason = `There is no bar at ${utc(at)}: the bars open from ${utc(first)} to ${utc(last)} UTC`;
    throw new StratError('USAGE', { reason, hint: 'Give --at a time between these' });
  }
  const next = time.findIndex((open) => open > at);
  const reason = `There is no bar at ${utc(at)}: the one before opens at ${utc(time[next - 1]!)}, the next one at ${utc(time[next]!)} UTC`;
  throw new StratError('USAGE', { reason, hint: 'Give --at one of these' });
}

/** What a driver hands out may be written over by the next step. */
function copied({ step, bars, rates, decisions }: PortfolioStep): SeenStep {
  return { step, bars, rates, decisions: decisions.map((decision) => ({ ...decision, row: decision.row?.slice() ?? null })) };
}

function probeOf(
  strategies: readonly StrategyOnMarkets[],
  { slots, baskets }: PortfolioSlots,
  engine: PortfolioEngine,
  seen: ReadonlyMap<number, SeenStep>,
  step: number,
): Probe {
  const plans = strategies.map(({ prepared }) => prepared.compiled.plan);
  // The engine has slots of its own: the same in the same order.
  const settingsOf = ({ market, basket }: ProbeTarget): readonly Float64Array[] =>
    basket === null
      ? [engine.settingsOf({ market })]
      : [
          engine.settingsOf({ market }),
          engine.settingsOf({ basket }),
          ...baskets[basket]!.legs.map((leg) => engine.settingsOf({ market: leg })),
        ];
  return new Probe(plans, engine, seen.get(step)!, seen.get(step + 1) ?? null, (market) => slots[market]!.strategy, settingsOf);
}

/** @throws StratError USAGE when none of the markets is there */
function targetsOf({ strategies, slots: { slots, traded, baskets } }: World, only: readonly string[] | null): readonly ProbeTarget[] {
  const wants = (market: string): boolean => only === null || only.includes(market);
  const hasOwnRules = (strategy: number): boolean => {
    const { entries } = strategies[strategy]!.prepared.program;
    return entries.some(({ basket }) => basket === null);
  };
  const targets = [
    ...slots
      .slice(0, traded)
      .flatMap(({ strategy, data }, market) =>
        wants(data.market) && hasOwnRules(strategy) ? [{ strategy, market, basket: null, basketInPlan: null }] : [],
      ),
    ...baskets.flatMap(({ strategy = 0, rulesOf, basket: inPlan }, basket) => {
      const { name, legs } = strategies[strategy]!.prepared.program.baskets[inPlan]!;
      return wants(name) || legs.some(({ market }) => wants(market)) ? [{ strategy, market: rulesOf, basket, basketInPlan: inPlan }] : [];
    }),
  ];
  if (targets.length > 0) return targets;
  const known = [...new Set(slots.slice(0, traded).map(({ data }) => data.market))];
  const reason = `None of the run's markets is ${only?.join(' or ')}`;
  throw new StratError('USAGE', { reason, hint: `They are ${known.join(', ')}` });
}

function explainTarget(world: World, target: ProbeTarget, last: SeenStep | null): MarketExplanation {
  const { strategies, slots, probe, seen, timeframe, time } = world;
  const { label, prepared } = strategies[target.strategy]!;
  const { data } = slots.slots[target.market]!;
  const basket = target.basketInPlan === null ? null : prepared.program.baskets[target.basketInPlan]!.name;
  const named = { strategy: label, market: data.market, basket };
  const row = probe.rowOf(target.market);
  const bar = seen.bars[target.market] ?? null;
  if (row === null || bar === null) return { ...named, ...NO_BAR };
  const index = data.columns.time.indexOf(time);
  const { plan, rowOf } = probe.plans[target.strategy]!;
  const settings = slots.slots[target.market]!.engine.settings;
  const firstBar = settings[K.firstBar]!;
  const rules = world.rules[target.strategy]!;
  const before = last?.decisions.find(({ market }) => market === target.market)?.row ?? null;
  const outcome = probe.run(target);
  const rowBefore = before === null ? null : rowOf(before);
  const account = outcome.before;
  const values = new ShownValues({ prepared, data, rules, index, row, rowBefore, settings, account });
  const explainer = new RuleExplainer({
    probe,
    target,
    outcome,
    rules,
    values,
    row,
    setups: prepared.program.setups.map(({ name }) => name),
    pausedBy: pausedBy(world, target.strategy),
    index,
    warmUpBars: firstBar > prepared.warmUpBars ? prepared.warmUpBars : firstBar,
    capital: prepared.settings.capital,
    close: bar.close,
    fillAt: prepared.settings.conventions.fillAt,
  });
  const all = explainer.all();
  const logged = logRows(outcome.log);
  const now = barAt(data.columns, index);
  const held = account[A.qty]!;
  const fills = logged.filter((one) => one.type === 'fill');
  const { causes, verdict } = verdictOf(all, held, fills);
  const next = outcome.nextLog === null ? null : logRows(outcome.nextLog);
  const textOf = (fill: Fill): string => fillText(fill, rules);
  return {
    ...named,
    bar: {
      index,
      time: new Date(now.time).toISOString(),
      closeTime: new Date(nextOpen(timeframe, now.time)).toISOString(),
      open: now.open,
      high: now.high,
      low: now.low,
      close: now.close,
      volume: now.volume,
      warmUpBars: prepared.warmUpBars,
    },
    position:
      held === 0
        ? null
        : {
            side: sideOf(held),
            qty: Math.abs(held),
            avgPrice: account[A.avgPrice]!,
            bars: index - account[A.entryBar]!,
            setup: setupOf(prepared.program, account),
          },
    cash: account[A.cash]!,
    equity: account[A.equity]!,
    resting: waitingOrders(plan, account)
      .filter(({ purpose }) => purpose !== 'protection' && purpose !== 'target')
      .map(orderText),
    fills: fills.map((fill) => ({ ...shownFill(fill), text: textOf(fill) })),
    events: logged.filter((one) => one.type === 'event').map(eventOf(rules)),
    verdict,
    isOrdered: all.some(({ status }) => status === 'fired'),
    causes,
    rules: all,
    levels: levelsOf(plan, account, now, fills, textOf),
    next:
      next === null
        ? null
        : {
            fills: next.filter((one) => one.type === 'fill').map((fill) => ({ ...shownFill(fill), text: textOf(fill) })),
            events: next.filter((one) => one.type === 'event').map(eventOf(rules)),
          },
  };
}

/** The limit of a strategy that paused or halted it last, up to the bar. */
function pausedBy({ strategies, slots: { slots }, logs, time }: World, strategy: number): number | null {
  const { limits } = strategies[strategy]!.prepared.program;
  const acted = slots.flatMap(({ strategy: of, data }, slot) =>
    of !== strategy
      ? []
      : eventsOf(logs[slot]!)
          .filter(
            ({ kind, rule }) =>
              kind === 'limitActed' && limits[rule]!.actions.some((action) => action.kind === 'pause' || action.kind === 'halt'),
          )
          .map(({ bar, rule }) => ({ time: data.columns.time[bar]!, rule })),
  );
  return (
    acted
      .filter((one) => one.time <= time)
      .toSorted((a, b) => a.time - b.time)
      .at(-1)?.rule ?? null
  );
}

const NO_BAR: Omit<MarketExplanation, 'strategy' | 'market' | 'basket'> = {
  bar: null,
  position: null,
  cash: null,
  equity: null,
  resting: [],
  fills: [],
  events: [],
  verdict: 'the market has no bar then',
  isOrdered: false,
  causes: [],
  rules: [],
  levels: [],
  next: null,
};

function setupOf({ entries, setups }: StrategyOnMarkets['prepared']['program'], r: Float64Array): string | null {
  const setup = entries[r[P.entryRule]! - 1]?.setup ?? null;
  return setup === null ? null : setups[setup]!.name;
}

function shownFill({ kind, qty, price }: Fill): Omit<ShownFill, 'text'> {
  return { kind, side: qty > 0 ? 'buy' : 'sell', qty: Math.abs(qty), price };
}

function fillText({ kind, rule }: Fill, { entries, exits }: FileRules): string {
  const own = kind === 'entry' ? entries[rule] : kind === 'exit' ? exits[rule] : undefined;
  return own === undefined ? kind : `${kind}, ordered at an earlier close by line ${own.line}: ${own.text}`;
}

const eventOf =
  ({ entries }: FileRules) =>
  (event: EngineEvent): string => {
    const own = event.kind === 'limitActed' ? undefined : entries[event.rule];
    return own === undefined ? eventText(event) : `${eventText(event)} (line ${own.line})`;
  };

/** What the bar was in one line, and the causes that go with it. */
function verdictOf(
  all: readonly RuleExplanation[],
  held: number,
  fills: readonly Fill[],
): { readonly verdict: string; readonly causes: readonly Cause[] } {
  const fired = all.filter(({ status }) => status === 'fired');
  const [first] = fired;
  const inside = [...new Set(fills.map(({ kind }) => kind))].join(' and ');
  const before = inside === '' ? '' : `filled in the bar: ${inside}; `;
  if (first !== undefined) {
    const words = fired.map((one) => `${one.kind}${one.side === null ? '' : ` ${one.side}`}${one.note === null ? '' : `: ${one.note}`}`);
    const unfilled = fired.find((one) => one.unfilled.length > 0);
    const verdict = `${before}ordered at the close: ${words.join('; ')}${unfilled === undefined ? '' : ', which came to nothing'}`;
    return { verdict, causes: unfilled?.unfilled ?? first.supporting };
  }
  // While something is held its exits are nearer than the next entry.
  const waiting = all.filter(({ status }) => status === 'blocked');
  const own = waiting.filter(({ kind }) => (held === 0) === (kind === 'enter' || kind === 'cancel'));
  const blocked = own.length > 0 ? own : waiting;
  const [nearest] = blocked.toSorted((a, b) => a.blocking.length - b.blocking.length);
  const state = `${before}nothing ordered at the close${held === 0 ? '' : `, still ${sideOf(held)}`}`;
  if (nearest === undefined) return { verdict: state, causes: [] };
  const what = `${nearest.kind}${nearest.side === null ? '' : ` ${nearest.side}`} on line ${nearest.line}`;
  const verdict = blocked.length === 1 ? `${state}: what kept back the ${what}` : `${state}: what kept back the nearest rule, the ${what}`;
  return { verdict, causes: nearest.blocking };
}

/** The levels that the position stood at during the bar, or stands at after it. */
function levelsOf(
  plan: Parameters<typeof waitingOrders>[0],
  r: Float64Array,
  { low, high }: { readonly low: number; readonly high: number },
  fills: readonly Fill[],
  textOf: (fill: Fill) => string,
): readonly LevelExplanation[] {
  const hit = fills
    .filter(({ kind }) => kind === 'take' || PROTECTION_FILLS.has(kind))
    .map((fill): LevelExplanation => ({
      kind: fill.kind === 'take' ? 'target' : 'stop',
      price: fill.refPrice,
      distance: 0,
      isHit: true,
      text: textOf(fill),
    }));
  const waiting = waitingOrders(plan, r).flatMap(({ purpose, side, price }): readonly LevelExplanation[] => {
    if (price === null || (purpose !== 'protection' && purpose !== 'target')) return [];
    const isStop = purpose === 'protection';
    // A long's stop is met from above, its target from below.
    const isBelow = (side === 'sell') === isStop;
    const nearest = isBelow ? low : high;
    const distance = isBelow ? nearest / price - 1 : 1 - nearest / price;
    return [{ kind: isStop ? 'stop' : 'target', price, distance, isHit: false, text: isStop ? 'stop in force' : 'target' }];
  });
  return [...hit, ...waiting];
}
