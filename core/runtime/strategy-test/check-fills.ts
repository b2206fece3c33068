import { eventText } from '../order-event-texts.ts';
import { indexOfPlace } from './bar-place.ts';
import { differencesOf, fillText, type FillLine, type TracedFill } from './fill-line.ts';
import type { MarketTrace, RunTrace } from './run-trace.ts';
import type { Located } from './test-file.ts';
import { placeOf, type TestFailure } from './test-failure.ts';

/** The market that a line is about; null = there is none of that name. */
export function marketOf({ markets }: RunTrace, name: string | null): MarketTrace | null {
  return (name === null ? markets[0] : markets.find(({ market }) => market === name)) ?? null;
}

/** A line about a market or a bar that there is not. */
export function nowhere(trace: RunTrace, line: number, expected: string, market: string | null): TestFailure {
  const own = marketOf(trace, market);
  if (own === null)
    return {
      line,
      expected,
      found: `${market} is not traded`,
      hint: `the markets are ${[...new Set(trace.markets.map((one) => one.market))].join(', ')}`,
      at: null,
    };
  const bars = own.data.columns.time.length;
  return { line, expected, found: 'there is no such bar', hint: `the market has the bars 1 to ${bars}`, at: null };
}

/** The fills of a run against all that a test wants, in the order of the file; fills that nothing asks for last. */
export function checkFills(trace: RunTrace, lines: readonly Located<FillLine>[]): readonly TestFailure[] {
  const isOneOfMany = trace.markets.length > 1;
  const textOf = (fill: TracedFill): string => fillText(fill, isOneOfMany);
  const left = new Set(trace.markets.flatMap(({ fills }) => fills));
  const failures: TestFailure[] = [];
  const unmet: (readonly [Located<FillLine>, MarketTrace, number])[] = [];
  for (const located of lines) {
    const { line, asks } = located;
    const { place } = asks;
    const own = marketOf(trace, place.market);
    const index = own === null ? -1 : indexOfPlace(place, own.data.columns.time);
    if (own === null || index < 0) {
      failures.push(nowhere(trace, line, `${place.text}: ${asks.text}`, place.market));
      continue;
    }
    const sign = asks.side === 'buy' ? 1 : -1;
    const same = own.fills.filter((fill) => left.has(fill) && fill.bar === index && Math.sign(fill.qty) === sign);
    const fill = same.find((one) => differencesOf(asks, one).length === 0) ?? same[0];
    if (fill === undefined) {
      unmet.push([located, own, index]);
      continue;
    }
    left.delete(fill);
    const differences = differencesOf(asks, fill);
    if (differences.length > 0)
      failures.push({
        line,
        expected: `${place.text}: ${asks.text}`,
        found: `${textOf(fill)}: ${differences.join(', ')}`,
        hint: null,
        at: placeOf(own, index, textOf),
      });
  }
  // Who is one bar off reads of one mistake, not of a fill too few and one too many.
  for (const [{ line, asks }, own, index] of unmet) {
    const sign = asks.side === 'buy' ? 1 : -1;
    const shifted = own.fills.find((fill) => left.has(fill) && Math.sign(fill.qty) === sign && Math.abs(fill.bar - index) <= 3);
    if (shifted !== undefined) left.delete(shifted);
    failures.push({
      line,
      expected: `${asks.place.text}: ${asks.text}`,
      found: shifted === undefined ? nothingText(own, index, textOf) : `bar ${shifted.bar + 1}: ${textOf(shifted)}`,
      hint:
        shifted?.bar === index + 1
          ? 'what is decided at the close of a bar fills at the open of the next one'
          : unmetHint(trace, own, index),
      at: placeOf(own, index, textOf),
    });
  }
  for (const own of trace.markets)
    for (const fill of own.fills)
      if (left.has(fill))
        failures.push({
          line: null,
          expected: lines.length === 0 ? 'nothing fills' : 'no other fill',
          found: `bar ${fill.bar + 1}: ${textOf(fill)}`,
          hint: ruleHint(trace, fill),
          at: placeOf(own, fill.bar, textOf),
        });
  return failures;
}

function nothingText({ fills }: MarketTrace, index: number, textOf: (fill: TracedFill) => string): string {
  const same = fills.filter(({ bar }) => bar === index);
  if (same.length > 0) return same.map(textOf).join('; ');
  const next = fills.find(({ bar }) => bar > index);
  return `nothing filled then${next === undefined ? (fills.length === 0 ? ', nor at any bar' : ', nor later') : `; the next is bar ${next.bar + 1}: ${textOf(next)}`}`;
}

/** Why there may have been nothing: warm-up, or what became of the order. */
function unmetHint({ prepared }: RunTrace, { events }: MarketTrace, index: number): string | null {
  const { warmUpBars } = prepared;
  if (index <= warmUpBars)
    return `the strategy needs ${warmUpBars} bars before it decides, so nothing fills up to bar ${warmUpBars + 1}: begin the table with a longer stretch, such as flat 100 x ${warmUpBars + 1}`;
  const event = events.find(({ bar }) => bar === index || bar === index - 1);
  return event === undefined ? null : eventText(event);
}

/** Which rule a fill is by. */
function ruleHint({ prepared }: RunTrace, { kind, rule }: TracedFill): string | null {
  const { entries, exits } = prepared.program;
  const span = (kind === 'entry' ? entries[rule] : kind === 'exit' ? exits[rule] : undefined)?.span;
  if (span === undefined) return null;
  const line = prepared.source.text.slice(0, span.start).split('\n').length;
  return `the ${kind} of line ${line} ordered it; add it to "fills:" if it is right`;
}
