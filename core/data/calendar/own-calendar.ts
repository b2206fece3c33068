import { civilDate, weekdayOf } from '#core/model/civil-date.ts';
import { type Closure, parseClosure } from '#core/model/closure-text.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { easter } from './holiday-rules.ts';
import { type MarketCalendar, marketCalendar } from './market-calendar.ts';
import type { SessionSpan } from './session-clock.ts';
import { hull, spansWithin, without } from './span-list.ts';
import { DAY_MS, dayOn, type ZoneClock, zoneClock } from './zone-clock.ts';

/** A calendar as a config says it; `closed` as `parseClosure` takes it. */
export interface OwnCalendar {
  readonly like: string;
  readonly zone?: string | undefined;
  readonly closed?: readonly string[] | undefined;
}

const MINUTES_OF_DAY = 1440;

/**
 * A known calendar less what somebody says is closed. Bars may still be there then: a closure is no reason to call one wrong. Hours are by clocks of
 * `zone`, else those of the known calendar; a day without hours is its trading day, with a zone the day of that.
 * @throws StratError SESSION_ZONE
 */
export function ownCalendar(name: string, { like, zone, closed = [] }: OwnCalendar): MarketCalendar {
  const base = marketCalendar(like);
  if (base === null) throw new StratError('INTERNAL', { reason: `the config took the calendar ${like}` });
  const clock = zoneClock(zone ?? base.zone);
  const begins = zone === undefined ? base.dayBegins : 0;
  const closures = closed.map(parseClosure).filter((one) => one !== null);
  const taken = (day: number): readonly SessionSpan[] =>
    closures.filter(({ on }) => isOn(on, day)).map((closure) => spanOf(closure, day, clock, begins));
  const gone = (from: number, to: number): readonly SessionSpan[] => {
    const [first, last] = [dayOn(clock, from) - 1, dayOn(clock, to) + 1];
    return Array.from({ length: last - first + 1 }, (_, index) => taken(first + index)).flat();
  };
  const spans = function* (from: number, to: number): Generator<SessionSpan> {
    const closedThen = gone(from, to);
    for (const span of base.spans?.(from, to) ?? utcDays(from, to)) yield* spansWithin(without(span, closedThen), from, to);
  };
  const days = function* (from: number, to: number): Generator<SessionSpan> {
    for (const day of base.days?.(from, to) ?? utcDays(from, to)) {
      const left = hull(without(day, gone(day.start, day.end)));
      if (left !== null) yield* spansWithin([left], from, to);
    }
  };
  return { ...base, name, hours: `${base.name}, less what the config has closed`, spans, days };
}

/** Round the clock, a span a day. */
function* utcDays(from: number, to: number): Generator<SessionSpan> {
  for (let start = Math.floor(from / DAY_MS) * DAY_MS; start < to; start += DAY_MS) yield { start, end: start + DAY_MS };
}

function isOn(on: Closure['on'], day: number): boolean {
  if (on === null) return true;
  if (on.kind === 'weekday') return weekdayOf(day) === on.weekday;
  const date = civilDate(day);
  if (on.kind === 'easter') return easter(on.days)(date.year) === day;
  return (on.year === null || on.year === date.year) && on.month === date.month && on.day === date.day;
}

function spanOf({ hours }: Closure, day: number, clock: ZoneClock, begins: number): SessionSpan {
  const { from, to } = hours ?? { from: begins, to: begins + MINUTES_OF_DAY };
  return { start: clock.momentOf(day, from), end: clock.momentOf(day, to) };
}
