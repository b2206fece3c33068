import type { ControlMark, EquityPoint, NumberedEvent, StrategyStatus } from '#core/ports/bot-control.ts';
import type { Bar } from '../api/answers.ts';
import { price, qty, signed, money } from '../format/number-text.ts';
import { append, appendThinned } from './append.ts';
import { ALL, chartKey, LIMITS, type LogLine, type PageState, withLines } from './page-state.ts';

type FillEvent = Extract<NumberedEvent, { readonly type: 'fill' }>;

/** What a fill says in the log. */
export function fillText(event: FillEvent): string {
  const result = event.profit === null ? '' : `, result ${signed(event.profit, money)}`;
  const reason = event.reason === '' || event.reason === event.kind ? '' : ` (${event.reason})`;
  return `${event.kind}: ${event.side === 'buy' ? 'bought' : 'sold'} ${qty(event.qty)} ${event.market} at ${price(event.price)}${reason}${result}`;
}

function logLine(event: NumberedEvent, now: number): Omit<LogLine, 'id'> | null {
  switch (event.type) {
    case 'bar':
    case 'mark':
      return null;
    case 'fill':
      return { time: event.time, level: 'info', strategy: event.strategy, text: fillText(event) };
    case 'state': {
      const bad = event.state === 'disabled' || event.state === 'failed';
      const text = event.reason === null ? event.state : `${event.state}: ${event.reason}`;
      return { time: now, level: bad ? 'error' : 'info', strategy: event.strategy, text };
    }
    case 'message':
    case 'log':
      return { time: event.time, level: event.level, strategy: event.strategy, text: event.text };
    case 'config':
      return { time: now, level: event.ok ? 'info' : 'error', strategy: null, text: `config: ${event.text}` };
  }
}

/** What a run of events did to one strategy. */
interface Change {
  status: Partial<StrategyStatus>;
  readonly points: EquityPoint[];
}

/** What it did to the chart of one market. */
interface ChartChange {
  readonly bars: Bar[];
  readonly marks: ControlMark[];
}

/** What `key` has, made first where it has nothing. */
function itemOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const item = map.get(key) ?? make();
  map.set(key, item);
  return item;
}

const newestTime = ({ markets }: Pick<StrategyStatus, 'markets'>): number =>
  Math.max(...markets.map(({ lastBar }) => lastBar?.time ?? Number.NEGATIVE_INFINITY));

/**
 * The state after a batch of events, oldest first. One pass and one new state a batch, since a fast simulation sends thousands a
 * second. Replayed events change nothing that is newer. `now` stamps events that carry no time.
 */
export function reduceEvents(page: PageState, events: readonly NumberedEvent[], now: number): PageState {
  if (events.length === 0) return page;
  const changes = new Map<string, Change>();
  const totals: EquityPoint[] = [];
  const lines: Omit<LogLine, 'id'>[] = [];
  const current = new Map(page.strategies.map((strategy) => [strategy.id, strategy]));
  const equity = new Map(page.strategies.map((strategy) => [strategy.id, strategy.equity]));
  const charts = new Map<string, ChartChange>();
  const changeOf = (id: string): Change => itemOf(changes, id, () => ({ status: {}, points: [] }));
  const chartOf = (id: string, market: string): ChartChange => itemOf(charts, chartKey(id, market), () => ({ bars: [], marks: [] }));

  for (const event of events) {
    const line = logLine(event, now);
    if (line !== null) lines.push(line);
    if (event.type === 'state')
      changeOf(event.strategy).status = { ...changeOf(event.strategy).status, state: event.state, reason: event.reason };
    if (event.type === 'mark') chartOf(event.strategy, event.market).marks.push(event.mark);
    if (event.type !== 'bar') continue;
    const { strategy: id, market, bar, qty: held } = event;
    const status = current.get(id);
    const change = changeOf(id);
    const markets = change.status.markets ?? status?.markets ?? [];
    const newest = newestTime({ markets });
    const known = markets.find((one) => one.market === market)?.lastBar?.time ?? Number.NEGATIVE_INFINITY;
    // A status asked for a moment ago may know this bar already; the chart does not.
    if (bar.time >= known) {
      const bars = (change.status.bars ?? status?.bars ?? 0) + (bar.time > newest ? 1 : 0);
      const moved = markets.map((one) => (one.market === market ? { ...one, lastBar: bar, qty: held } : one));
      change.status = { ...change.status, markets: moved, bars, ...(bar.time >= newest ? { equity: event.equity } : {}) };
    }
    chartOf(id, market).bars.push(bar);
    change.points.push({ time: bar.time, equity: event.equity });
    equity.set(id, event.equity);
    totals.push({ time: bar.time, equity: [...equity.values()].reduce((sum, value) => sum + value, 0) });
  }

  const marks = { ...page.marks };
  const candles = { ...page.candles };
  const curves = { ...page.equity };
  for (const [key, change] of charts) {
    if (marks[key] !== undefined) marks[key] = withMarks(marks[key], change.marks);
    if (candles[key] !== undefined && change.bars.length > 0) candles[key] = append(candles[key], change.bars, LIMITS.candles);
  }
  for (const [id, { points }] of changes)
    if (curves[id] !== undefined && points.length > 0) curves[id] = appendThinned(curves[id], points, LIMITS.equity);
  if (curves[ALL] !== undefined && totals.length > 0) curves[ALL] = appendThinned(curves[ALL], totals, LIMITS.equity);
  return {
    ...page,
    strategies:
      changes.size === 0 ? page.strategies : page.strategies.map((strategy) => ({ ...strategy, ...changes.get(strategy.id)?.status })),
    candles: totals.length === 0 ? page.candles : candles,
    marks: [...charts.values()].every((change) => change.marks.length === 0) ? page.marks : marks,
    equity: totals.length === 0 ? page.equity : curves,
    log: withLines(page.log, lines),
  };
}

/** The marks behind those that are known; a snapshot may have had some of them already. */
function withMarks(known: readonly ControlMark[], marks: readonly ControlMark[]): readonly ControlMark[] {
  const last = known.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  const isKnown = (mark: ControlMark): boolean =>
    known.some(({ time, where, text }) => time === mark.time && where === mark.where && text === mark.text);
  const fresh = marks.filter((mark) => mark.time > last || (mark.time === last && !isKnown(mark)));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-LIMITS.marks);
}
