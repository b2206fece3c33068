import { SIZE } from '#core/model/strategy-abi.ts';
import { columnsOf, FUNDING_COLUMN } from '#dsl/graph/columns.ts';
import type { GraphNode, NodeId } from '#dsl/graph/node.ts';
import type {
  AddRule,
  EntryRule,
  ExitRule,
  LevelDistance,
  OrderRule,
  Program,
  RiskGuard,
  RiskLimit,
  TakeRule,
  TextTemplate,
  TradeBlock,
} from '#dsl/program.ts';
import { AT_MARKET } from '#dsl/program.ts';
import type { Choices } from './choices.ts';

const SPAN = { start: 0, end: 0 };
const PERIODS = [null, 'bar', 'hour', 'day', 'week', 'month'] as const;

/** Nodes put behind those of a finished graph. */
class Extension {
  readonly nodes: GraphNode[];

  constructor(nodes: readonly GraphNode[]) {
    this.nodes = [...nodes];
  }

  constant(value: number): NodeId {
    return this.nodes.push({ op: 'const', value, args: [], rate: 'const', isCondition: false, usesAccount: false, chart: 0 }) - 1;
  }

  bar(name: 'high' | 'low' | 'close'): NodeId {
    const column = { kind: 'bar', name } as const;
    return this.nodes.push({ op: 'column', column, args: [], rate: 'series', isCondition: false, usesAccount: false, chart: 0 }) - 1;
  }

  calendar(name: 'year' | 'month' | 'day' | 'minute_of_day'): NodeId {
    const column = { kind: 'calendar', name } as const;
    return this.nodes.push({ op: 'column', column, args: [], rate: 'series', isCondition: false, usesAccount: false, chart: 0 }) - 1;
  }

  times(a: NodeId, factor: number): NodeId {
    const args = [a, this.constant(factor)];
    return this.nodes.push({ op: 'mul', args, rate: 'series', isCondition: false, usesAccount: false, chart: 0 }) - 1;
  }
}

/** The program with random orders, levels, adds, pauses and limits; conditions are taken from its own rules, so that they are true now and then. */
export function withTrading(program: Program, choices: Choices): Program {
  const graph = new Extension(program.graph.nodes);
  const constant = (value: number): NodeId => graph.constant(value);
  const conditions = [...program.entries, ...program.exits].map(({ when }) => when);
  const condition = (): NodeId => choices.pick(conditions);
  const maybe = <T>(percent: number, make: () => T): T | null => (choices.chance(percent) ? make() : null);
  const several = <T>(most: number, make: () => T): readonly T[] => Array.from({ length: choices.below(most + 1) }, make);
  const percent = (): LevelDistance => ({ kind: 'percent', value: constant(choices.pick([0.005, 0.01, 0.03])) });
  const distance = (): LevelDistance => ({ kind: 'distance', value: graph.times(graph.bar('close'), choices.pick([0.004, 0.02])) });
  const inR = (): LevelDistance => ({ kind: 'r', value: constant(choices.pick([0.5, 1, 2])) });
  const gain = (): LevelDistance => choices.pick([percent, distance, inR])();
  const bars = (): NodeId => constant(choices.pick([1, 2, 5]));

  const isTimed = choices.chance(50);
  const order = (side: number): OrderRule => {
    const type = choices.pick(['market', 'market', 'limit', 'stop', 'stopLimit'] as const);
    if (type === 'market') return AT_MARKET;
    const away = choices.pick([0.002, 0.01]) * (type === 'limit' ? -1 : 1) * side;
    return {
      type,
      price: graph.times(graph.bar(choices.pick(['high', 'low', 'close'])), 1 + away),
      limit: type === 'stopLimit' ? graph.times(graph.bar('close'), 1 + away + 0.003 * side) : null,
      postOnly: type === 'limit' && choices.chance(50),
      timeInForce: type === 'limit' ? choices.pick(['good', 'good', 'ioc', 'fok'] as const) : 'good',
      goodForBars: maybe(50, bars),
      goodUntilMinutes: isTimed && choices.chance(30) ? choices.pick([0, 9 * 60, 17 * 60 + 30]) : null,
      elseMarketAfterBars: maybe(20, bars),
    };
  };
  const take = (side: number) => (): TakeRule => ({
    share: maybe(70, () => choices.pick([0.3, 0.5, 1])),
    at: choices.chance(20) ? { kind: 'price', value: graph.times(graph.bar('close'), 1 + side * 0.01) } : gain(),
    span: SPAN,
  });
  const add = (): AddRule => ({
    amount: choices.chance(70)
      ? { kind: 'share', value: constant(choices.pick([0.5, 1])) }
      : { kind: 'amount', amount: { kind: SIZE.equityShare, value: constant(0.1) } },
    trigger: choices.chance(50)
      ? { kind: 'when', when: condition() }
      : { kind: 'every', distance: choices.pick([percent, distance])(), direction: choices.pick(['against', 'in_favor'] as const) },
    maxTimes: constant(choices.pick([1, 3])),
    scale: constant(choices.pick([1, 1.4])),
    order: AT_MARKET,
    span: SPAN,
  });

  const leverage = choices.pick([null, null, 3, 100]);
  const margin = leverage === null ? null : choices.pick([null, 'isolated', 'cross'] as const);
  const isFunded = choices.chance(40);
  const hasKelly = choices.chance(15);
  const block = ({ block: plain, side }: EntryRule): TradeBlock => ({
    ...plain,
    ...(leverage !== null && choices.chance(50)
      ? { size: { kind: SIZE.equityShare, value: constant(leverage) }, max: null, min: null }
      : {}),
    ...(hasKelly
      ? {
          size: { kind: SIZE.kellyShare, value: constant(0.5) },
          kellyTrades: constant(3),
          min: { kind: SIZE.equityShare, value: constant(0.05) },
        }
      : {}),
    stops: plain.stops.map((stop) => ({
      ...stop,
      moving: choices.chance(30),
      closing: choices.chance(30),
      limit: maybe(30, percent),
    })),
    takes: several(3, take(side)),
    trail:
      plain.trail === null
        ? null
        : {
            ...plain.trail,
            distance: choices.chance(20) ? inR() : plain.trail.distance,
            step: maybe(30, percent),
            closing: choices.chance(20),
            moving: choices.chance(30),
          },
    breakeven: maybe(40, () => ({ after: gain(), plus: maybe(50, percent), span: SPAN })),
    timeouts: several(1, () => ({ bars: bars(), when: maybe(50, condition), span: SPAN })),
    cooldowns: several(1, () => ({ bars: bars(), after: choices.pick([null, 'loss', 'win', 'stop', 'exit'] as const), span: SPAN })),
    adds: several(2, add),
    cancels: several(1, () => ({ when: condition(), span: SPAN })),
  });
  const blocks = new Map<TradeBlock, TradeBlock>();
  const blockOf = (entry: EntryRule): TradeBlock => {
    const known = blocks.get(entry.block) ?? block(entry);
    blocks.set(entry.block, known);
    return known;
  };
  const setup = choices.chance(30);
  const group = choices.chance(30) ? 0 : null;
  const entries = program.entries.map((entry, place) => ({
    ...entry,
    block: blockOf(entry),
    order: order(entry.side),
    setup: setup && place === 0 ? 0 : null,
    oco: group,
  }));
  const exits: readonly ExitRule[] = program.exits.map((exit) => ({
    ...exit,
    order: order(-exit.side),
    setup: setup && choices.chance(50) ? 0 : null,
  }));
  const limits: readonly RiskLimit[] = several(2, () => {
    const name = choices.pick(['position', 'leverage', 'orders', 'trades', 'loss', 'drawdown', 'losing_streak'] as const);
    const number = (value: number): RiskLimit['value'] => ({ kind: 'number', value: constant(value) });
    const values: Readonly<Record<typeof name, RiskLimit['value']>> = {
      position: { kind: SIZE.equityShare, value: constant(0.3) },
      leverage: number(0.5),
      orders: number(20),
      trades: number(10),
      loss: choices.chance(50) ? { kind: SIZE.money, value: constant(20) } : { kind: SIZE.equityShare, value: constant(0.002) },
      drawdown: number(0.01),
      losing_streak: number(2),
    };
    const action = (): RiskLimit['actions'][number] =>
      choices.pick([{ kind: 'pause', bars: bars() }, { kind: 'flatten' }, { kind: 'notify' }] as const);
    return { name, value: values[name], per: isTimed ? choices.pick(PERIODS) : null, actions: several(2, action), span: SPAN };
  });
  const guards: readonly RiskGuard[] = several(1, () => ({
    action: choices.pick(['block', 'flatten'] as const),
    side: choices.pick([null, 1, -1] as const),
    when: condition(),
    span: SPAN,
  }));
  const clock = isTimed
    ? {
        year: graph.calendar('year'),
        month: graph.calendar('month'),
        day: graph.calendar('day'),
        minuteOfDay: graph.calendar('minute_of_day'),
      }
    : null;
  const exposure = { leverage: Infinity, lossPerTrade: Infinity, enforcedLeverage: choices.pick([Infinity, leverage ?? 0.8]) };
  const reason = (): TextTemplate | null =>
    maybe(40, () => ({
      source: '{...}',
      parts: several(3, () => ({
        kind: 'value',
        value: choices.pick([condition, () => graph.bar('low')])(),
        unit: 'number',
        digits: null,
      })),
    }));
  const reasoned = <T>(rules: readonly T[]): readonly (T & { readonly reason: TextTemplate | null })[] =>
    rules.map((rule) => ({ ...rule, reason: reason() }));
  return {
    ...program,
    graph: { ...program.graph, nodes: graph.nodes },
    columns: columnsOf(graph, isFunded ? [FUNDING_COLUMN] : []),
    account: { ...program.account, leverage, margin },
    costs: { ...program.costs, funding: isFunded },
    clock,
    setups: setup ? [{ name: 's', side: entries[0]!.side, span: SPAN }] : [],
    entries: reasoned(entries),
    exits: reasoned(exits),
    limits,
    guards,
    exposure,
  };
}
