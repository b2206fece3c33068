import type { ControlMark, EquityPoint, NumberedEvent, StrategyStatus } from '#core/ports/bot-control.ts';
import type { Bar } from '../api/answers.ts';
import { price, qty, signed, money } from '../format/number-text.ts';
import { append, appendThinned } from './append.ts';
import { ALL, LIMITS, type LogLine, type PageState, withLines } from './page-state.ts';

type FillEvent = Extract<NumberedEvent, { readonly type: 'fill' }>;

/** What a fill says in the log. */
export function fillText(event: FillEvent): string {
  const result = event.profit === null ? '' : `, result ${signed(event.profit, money)}`;
  const reason = event.reason === '' || event.reason === event.kind ? '' : ` (${event.reason})`;
  return `${event.kind}: ${event.side === 'buy' ? 'bought' : 'sold'} ${qty(event.qty)} at ${price(event.price)}${reason}${result}`;
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
  readonly bars: Bar[];
  readonly marks: ControlMark[];
  readonly points: EquityPoint[];
}

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
  const changeOf = (id: string): Change => {
    const change = changes.get(id) ?? { status: {}, bars: [], marks: [], points: [] };
    changes.set(id, change);
    return change;
  };

  for (const event of events) {
    const line = logLine(event, now);
    if (line !== null) lines.push(line);
    if (event.type === 'state')
      changeOf(event.strategy).status = { ...changeOf(event.strategy).status, state: event.state, reason: event.reason };
    if (event.type === 'mark') changeOf(event.strategy).marks.push(event.mark);
    if (event.type !== 'bar') continue;
    const { strategy: id, bar } = event;
    const status = current.get(id);
    const change = changeOf(id);
    const known = change.status.lastBar ?? status?.lastBar;
    // A status asked for a moment ago may know this bar already; the chart does not.
    if (known === null || known === undefined || bar.time >= known.time) {
      const bars = (change.status.bars ?? status?.bars ?? 0) + (known?.time === bar.time ? 0 : 1);
      change.status = { ...change.status, lastBar: bar, equity: event.equity, qty: event.qty, bars };
    }
    change.bars.push(bar);
    change.points.push({ time: bar.time, equity: event.equity });
    equity.set(id, event.equity);
    totals.push({ time: bar.time, equity: [...equity.values()].reduce((sum, value) => sum + value, 0) });
  }

  const marks = { ...page.marks };
  const candles = { ...page.candles };
  const curves = { ...page.equity };
  for (const [id, change] of changes) {
    if (marks[id] !== undefined) marks[id] = withMarks(marks[id], change.marks);
    if (change.bars.length === 0) continue;
    if (candles[id] !== undefined) candles[id] = append(candles[id], change.bars, LIMITS.candles);
    if (curves[id] !== undefined) curves[id] = appendThinned(curves[id], change.points, LIMITS.equity);
  }
  if (curves[ALL] !== undefined && totals.length > 0) curves[ALL] = appendThinned(curves[ALL], totals, LIMITS.equity);
  return {
    ...page,
    strategies:
      changes.size === 0 ? page.strategies : page.strategies.map((strategy) => ({ ...strategy, ...changes.get(strategy.id)?.status })),
    candles: totals.length === 0 ? page.candles : candles,
    marks: [...changes.values()].every((change) => change.marks.length === 0) ? page.marks : marks,
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
