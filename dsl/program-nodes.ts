import type { NodeId } from './graph/node.ts';
import type * as P from './program.ts';

/**
 * Where a program holds nodes of its graph, said once for whoever has to translate or collect them. Every field of every part has to be named here, as
 * `node` or as `plain`: one that is forgotten does not compile.
 */
type At = (id: NodeId) => NodeId;
type Mapper<T> = (value: T, at: At) => T;

const node: Mapper<NodeId> = (id, at) => at(id);
const plain = <T>(value: T): T => value;

const maybe =
  <T>(map: Mapper<T>): Mapper<T | null> =>
  (value, at) =>
    value === null ? null : map(value, at);

const list =
  <T>(map: Mapper<T>): Mapper<readonly T[]> =>
  (values, at) =>
    values.map((value) => map(value, at));

type Fields<T> = { readonly [K in keyof T]-?: Mapper<T[K]> };

/** Maps each field by its own mapper. */
const record =
  <T extends object>(fields: Fields<T>): Mapper<T> =>
  (value, at) => {
    const mapped = { ...value };
    for (const key of Object.keys(value) as (keyof T)[]) mapped[key] = fields[key](value[key], at);
    return mapped;
  };

type Kind<T, K> = Extract<T, { readonly kind: K }>;
type Kinds<T extends { readonly kind: string }> = { readonly [K in T['kind']]: Mapper<Kind<T, K>> };

/** One of several forms, told apart by `kind`. */
const oneOf =
  <T extends { readonly kind: string }>(kinds: Kinds<T>): Mapper<T> =>
  (value, at) => {
    // The form that `kind` names is the one that its mapper takes, which the types cannot tell.
    const map = kinds[value.kind as T['kind']] as unknown as Mapper<T>;
    return map(value, at);
  };

/** Parts that several hold in common are mapped once for each translation, and stay in common. */
const shared = <T extends object>(map: Mapper<T>): Mapper<T> => {
  const done = new WeakMap<At, WeakMap<T, T>>();
  return (value, at) => {
    const known = done.get(at) ?? new WeakMap<T, T>();
    done.set(at, known);
    const mapped = known.get(value) ?? map(value, at);
    known.set(value, mapped);
    return mapped;
  };
};

const amount = record<P.SizeAmount>({ kind: plain, value: node });
const level = record<P.LevelDistance>({ kind: plain, value: node });

const order = record<P.OrderRule>({
  type: plain,
  price: maybe(node),
  limit: maybe(node),
  postOnly: plain,
  timeInForce: plain,
  goodForBars: maybe(node),
  goodUntilMinutes: plain,
  elseMarketAfterBars: maybe(node),
});

const text = record<P.TextTemplate>({
  source: plain,
  parts: list(
    oneOf<P.TextTemplate['parts'][number]>({
      text: plain,
      symbol: plain,
      value: record<P.TextValue>({ kind: plain, value: node, unit: plain, digits: plain, states: plain }),
    }),
  ),
});

const stop = record<P.StopRule>({ kind: plain, value: node, moving: plain, closing: plain, limit: maybe(level), span: plain });

const trail = record<P.TrailRule>({
  distance: level,
  after: maybe(level),
  from: maybe(node),
  step: maybe(level),
  closing: plain,
  moving: plain,
  span: plain,
});

const add = record<P.AddRule>({
  amount: oneOf<P.AddRule['amount']>({
    share: record<Kind<P.AddRule['amount'], 'share'>>({ kind: plain, value: node }),
    amount: record<Kind<P.AddRule['amount'], 'amount'>>({ kind: plain, amount }),
  }),
  trigger: oneOf<P.AddRule['trigger']>({
    when: record<Kind<P.AddRule['trigger'], 'when'>>({ kind: plain, when: node }),
    every: record<Kind<P.AddRule['trigger'], 'every'>>({ kind: plain, distance: level, direction: plain }),
  }),
  maxTimes: node,
  scale: node,
  order,
  span: plain,
});

const block = record<P.TradeBlock>({
  size: amount,
  kellyTrades: maybe(node),
  max: maybe(amount),
  min: maybe(amount),
  stops: list(stop),
  takes: list(record<P.TakeRule>({ share: plain, at: level, span: plain })),
  trail: maybe(trail),
  breakeven: maybe(record<P.BreakevenRule>({ after: level, plus: maybe(level), span: plain })),
  timeouts: list(record<P.TimeoutRule>({ bars: node, when: maybe(node), span: plain })),
  cooldowns: list(record<P.CooldownRule>({ bars: node, after: plain, span: plain })),
  adds: list(add),
  cancels: list(record<P.CancelRule>({ when: node, span: plain })),
});

const entry = record<P.EntryRule>({
  side: plain,
  when: node,
  confidence: node,
  order,
  reason: maybe(text),
  block: shared(block),
  setup: plain,
  basket: plain,
  oco: plain,
  span: plain,
});

const exit = record<P.ExitRule>({
  side: plain,
  when: node,
  fraction: node,
  order,
  reason: maybe(text),
  setup: plain,
  basket: plain,
  span: plain,
});

const limit = record<P.RiskLimit>({
  name: plain,
  value: record<P.RiskLimit['value']>({ kind: plain, value: node }),
  per: plain,
  actions: list(
    oneOf<P.RiskAction>({
      pause: record<Kind<P.RiskAction, 'pause'>>({ kind: plain, bars: node }),
      flatten: plain,
      halt: plain,
      notify: plain,
    }),
  ),
  span: plain,
});

const universe = record<P.Universe>({
  span: plain,
  quote: plain,
  list: plain,
  exclude: plain,
  filters: list(node),
  rankBy: maybe(node),
  descending: plain,
  hold: maybe(node),
  weight: record<P.Universe['weight']>({ mode: plain, value: maybe(node) }),
  rebalanceMs: plain,
  refreshMs: plain,
});

const program = record<P.Program>({
  name: plain,
  author: plain,
  version: plain,
  tags: plain,
  markets: plain,
  timeframe: plain,
  stepMs: plain,
  sides: plain,
  params: plain,
  account: plain,
  costs: plain,
  graph: plain,
  columns: plain,
  clock: maybe(record<P.TradingClock>({ year: node, month: node, day: node, minuteOfDay: node })),
  sessions: plain,
  models: list(
    record<P.ModelUse>({
      name: plain,
      path: plain,
      from: plain,
      features: list(record<P.ModelUse['features'][number]>({ name: plain, value: node })),
    }),
  ),
  plugins: plain,
  setups: plain,
  entries: list(entry),
  exits: list(exit),
  baskets: list(
    record<P.Basket>({
      name: plain,
      span: plain,
      legs: list(record<P.Basket['legs'][number]>({ market: plain, weight: node })),
    }),
  ),
  ranks: list(node),
  universe: maybe(universe),
  limits: list(limit),
  guards: list(record<P.RiskGuard>({ action: plain, side: plain, when: node, span: plain })),
  notifications: list(record<P.NotifyRule>({ text, when: maybe(node), via: plain, level: plain, oncePer: plain, span: plain })),
  plots: list(record<P.PlotRule>({ label: plain, value: node, color: plain, pane: plain, style: plain, span: plain })),
  marks: list(record<P.MarkRule>({ where: plain, when: node, text: maybe(text), color: plain, span: plain })),
  objective: plain,
  exposure: plain,
  unforgetting: plain,
  priceLiterals: plain,
  watched: (values, at) => values?.map((one) => ({ ...one, value: at(one.value) })),
});

/** The program with every node that it holds (outside of its graph) translated by `at`. */
export function mapNodes(from: P.Program, at: At): P.Program {
  return program(from, at);
}

/** Parts of a program with their nodes translated by `at`. */
export const mapOrder = order;
export const mapBlock = block;
export const mapLimit = limit;

/** Every node of a part, in the order of its fields; some more than once. */
const collector =
  <T>(map: Mapper<T>) =>
  (from: T): readonly NodeId[] => {
    const found: NodeId[] = [];
    map(from, (id) => {
      found.push(id);
      return id;
    });
    return found;
  };

/** Every node that a program holds outside of its graph. */
export const nodesOf = collector(program);
