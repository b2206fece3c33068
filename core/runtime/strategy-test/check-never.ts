import { marketValuation } from '#core/engine/market-valuation.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { weekdayOf } from '#core/model/civil-date.ts';
import type { ValuesOf } from './check-values.ts';
import type { TracedFill } from './fill-line.ts';
import { type FillCondition, type NeverRule, WEEKDAYS } from './never-rule.ts';
import type { MarketTrace, RunTrace } from './run-trace.ts';
import { shownNumber } from './sentence-fault.ts';

/** Where a rule is broken first. */
export interface Breach {
  readonly trace: MarketTrace;
  /** From 0. */
  readonly index: number;
  readonly found: string;
}

/** Rounding of the engine's sums is no breach of a limit. */
const SLACK = 1e-9;
const DAY_MS = 86_400_000;

/** The first bar at which a run does what it never should; null = none. */
export function breachOf(run: RunTrace, rule: NeverRule, valuesOf: ValuesOf): Breach | null {
  switch (rule.kind) {
    case 'drawdown above':
      return drawdownBreach(run, rule.share);
    case 'exposure above':
      return accountBreach(run, (step) =>
        overShare(run.exposure[step]! / run.equity[step]!, rule.share, 'positions are worth', 'of the equity'),
      );
    case 'positions above':
      return accountBreach(run, (step) => (run.held[step]! > rule.count ? `${run.held[step]} positions are open` : null));
    case 'risk above':
      return barBreach(run, (trace, bar) => overShare(riskAt(trace, bar), rule.share, 'the loss at the stop would be', 'of the equity'));
    case 'position above':
      return barBreach(run, (trace, bar) => {
        const { qty, data } = trace;
        const value = marketValuation(trace.market).notional(Math.abs(qty[bar]!), data.columns.close[bar]!);
        return overShare(value / accountAt(trace, bar, ACCOUNT.equity), rule.share, 'the position is worth', 'of the equity');
      });
    case 'hold longer than':
      return barBreach(run, (trace, bar) => {
        const bars = bar - accountAt(trace, bar, ACCOUNT.entryBar);
        return bars > rule.count ? `the position is held for ${bars} bars` : null;
      });
    case 'open without a stop':
      return barBreach(run, ({ stop }, bar) => (Number.isNaN(stop[bar]!) ? 'the position has no stop' : null));
    case 'hold when':
      return barBreach(run, (trace, bar) => (valuesOf(trace).get(rule.source)![bar] === 1 ? 'a position is open, and it is true' : null));
    case 'trade on':
      return fillBreach(run, isOpening, ({ bar }, trace) => {
        const day = weekdayOf(Math.floor(trace.data.columns.time[bar]! / DAY_MS));
        return rule.days.includes(day) ? `an entry filled on ${WEEKDAYS[day - 1]}` : null;
      });
    case 'enter when':
    case 'enter long when':
    case 'enter short when':
    case 'exit when':
    case 'exit long when':
    case 'exit short when':
      return conditionBreach(run, rule, valuesOf);
    default:
      return rule satisfies never;
  }
}

const percent = (share: number): string => `${shownNumber(Number((share * 100).toPrecision(4)))}%`;

function overShare(found: number, most: number, what: string, of: string): string | null {
  return found > most * (1 + SLACK) ? `${what} ${percent(found)} ${of}` : null;
}

const accountAt = ({ accounts }: MarketTrace, bar: number, field: number): number => accounts[bar * ACCOUNT_FIELDS + field]!;

/** Share of the equity that is lost if the stop fills where it is, from the average entry price on. */
function riskAt(trace: MarketTrace, bar: number): number {
  const [qty, price, stop] = [trace.qty[bar]!, trace.avgPrice[bar]!, trace.stop[bar]!];
  const { notional, gain } = marketValuation(trace.market);
  const loss = Number.isNaN(stop) ? notional(Math.abs(qty), price) : -gain(qty, price, stop);
  return Math.max(0, loss) / accountAt(trace, bar, ACCOUNT.equity);
}

/** The first bar with an open position of which something is told. */
function barBreach({ markets }: RunTrace, tell: (trace: MarketTrace, bar: number) => string | null): Breach | null {
  for (const trace of markets)
    for (const [bar, qty] of trace.qty.entries()) {
      const found = qty === 0 ? null : tell(trace, bar);
      if (found !== null) return { trace, index: bar, found };
    }
  return null;
}

/** The same of fills. */
function fillBreach(
  { markets }: RunTrace,
  isMeant: (fill: TracedFill) => boolean,
  tell: (fill: TracedFill, trace: MarketTrace) => string | null,
): Breach | null {
  for (const trace of markets)
    for (const fill of trace.fills) {
      const found = isMeant(fill) ? tell(fill, trace) : null;
      if (found !== null) return { trace, index: fill.bar, found };
    }
  return null;
}

/** A condition that may not be true at the close before the bar of a fill, at which market orders are decided. */
function conditionBreach(
  run: RunTrace,
  { kind, source }: { readonly kind: FillCondition; readonly source: string },
  valuesOf: ValuesOf,
): Breach | null {
  const isEntry = kind.startsWith('enter');
  const side = kind.includes('long') ? 1 : kind.includes('short') ? -1 : 0;
  // What opens a long position is bought, and what closes it is sold.
  const sign = isEntry ? side : -side;
  const isMeant = (fill: TracedFill): boolean =>
    (isEntry ? isOpening(fill) : fill.kind === 'exit') && (sign === 0 || Math.sign(fill.qty) === sign);
  return fillBreach(run, isMeant, ({ bar }, trace) =>
    valuesOf(trace).get(source)![bar - 1] === 1
      ? `${isEntry ? 'an entry' : 'an exit'} filled, and it was true at the close of bar ${bar}`
      : null,
  );
}

const isOpening = ({ kind }: TracedFill): boolean => kind === 'entry' || kind === 'add';

/** The same of steps of the account, shown on the market that moved. */
function accountBreach({ time, markets }: RunTrace, tell: (step: number) => string | null): Breach | null {
  for (const [step, at] of time.entries()) {
    const found = tell(step);
    if (found === null) continue;
    const isHeld = ({ qty, data }: MarketTrace): boolean => (qty[data.columns.time.indexOf(at)] ?? 0) !== 0;
    const trace = markets.find(isHeld) ?? markets[0]!;
    return { trace, index: Math.max(0, trace.data.columns.time.indexOf(at)), found };
  }
  return null;
}

function drawdownBreach(run: RunTrace, most: number): Breach | null {
  let peak = run.prepared.settings.capital;
  return accountBreach(run, (step) => {
    const equity = run.equity[step]!;
    peak = Math.max(peak, equity);
    return overShare(1 - equity / peak, most, 'the equity is', 'below its highest');
  });
}
