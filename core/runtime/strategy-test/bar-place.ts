import { fail, ok, type Result } from '#core/model/result.ts';
import { parseMarket } from '#core/model/market.ts';
import { shownWord } from './bar-table.ts';
import type { SentenceFault } from './sentence-fault.ts';

/** Which bar a line of a test is about. */
export interface BarPlace {
  /** As written. */
  readonly text: string;
  /** From 1, or the time at which it opens, ms. */
  readonly bar: number | null;
  readonly time: number | null;
  /** null = the first market that is traded. */
  readonly market: string | null;
}

const PLACE = /^(?:bar (?<bar>[1-9]\d{0,8})|(?<day>\d{4}-\d\d-\d\d)(?:[ T](?<clock>\d\d:\d\d))?)(?: (?:of |on )?(?<market>\S+))?$/;

/** `bar 31`, `bar 31 of ETH/USDT`, `2024-03-05 10:00`. */
export function parseBarPlace(text: string): Result<BarPlace, SentenceFault> {
  const groups = PLACE.exec(text)?.groups;
  const hint = 'write bar 31 (the first bar is bar 1), bar 31 of ETH/USDT, or the time of the bar in UTC: 2024-03-05 10:00';
  if (groups === undefined) return fail({ message: `"${shownWord(text)}" names no bar`, hint });
  const { bar, day, clock = '00:00', market } = groups;
  if (market !== undefined && parseMarket(market) === null) return fail({ message: `"${shownWord(market)}" is no market`, hint });
  const time = day === undefined ? null : Date.parse(`${day}T${clock}:00Z`);
  if (Number.isNaN(time)) return fail({ message: `"${shownWord(text)}" is no time`, hint });
  return ok({ text, bar: bar === undefined ? null : Number(bar), time, market: market ?? null });
}

/** The index of the bar among the open times of a market; -1 = it has none. */
export function indexOfPlace({ bar, time }: BarPlace, times: Float64Array): number {
  if (bar !== null) return bar <= times.length ? bar - 1 : -1;
  return times.indexOf(time!);
}
