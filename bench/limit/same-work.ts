import type { Columns } from '#core/model/columns.ts';
import type { Work, WorkTrade } from './work.ts';

/** How far two runs may differ, relative. */
const TOLERANCE = 1e-9;

export interface SameWork {
  readonly trades: number;
  /** Relative differences. */
  readonly equity: number;
  readonly maxDrawdown: number;
  readonly fees: number;
  /** Trades that one side alone has, each beside a bar on which what is compared is equal to the last cent. */
  readonly atTies: number;
}

/**
 * Compares what two runs did. Trades may differ only where two averages are equal in exact arithmetic: which of them is greater is a matter of rounding there. Equity
 * and fees are compared without such trades then.
 * @param isTie whether the decision for a fill on a bar met equal values
 * @throws Error where they did not do the same
 */
export function sameWork(ours: Work, theirs: Work, isTie: (fillBar: number) => boolean): SameWork {
  const keyOf = ({ entryBar, exitBar }: WorkTrade): string => `${entryBar} ${exitBar}`;
  const lone = (of: Work, other: Work): readonly WorkTrade[] => {
    const known = new Set(other.trades.map(keyOf));
    return of.trades.filter((trade) => !known.has(keyOf(trade)));
  };
  const [onlyOurs, onlyTheirs] = [lone(ours, theirs), lone(theirs, ours)];
  const odd = [...onlyOurs, ...onlyTheirs].find(({ entryBar, exitBar }) => !isTie(entryBar) && !isTie(exitBar));
  if (odd !== undefined) throw new Error(`one side alone has the trade from bar ${odd.entryBar} to ${odd.exitBar}`);
  const sum = (trades: readonly WorkTrade[], field: 'profit' | 'fees'): number => trades.reduce((all, trade) => all + trade[field], 0);
  const near = (what: string, a: number, b: number): void => {
    if (!(relative(a, b) <= TOLERANCE)) throw new Error(`${what} is ${a} here and ${b} there`);
  };
  near('the equity', ours.equity - sum(onlyOurs, 'profit'), theirs.equity - sum(onlyTheirs, 'profit'));
  near('the sum of fees', ours.fees - sum(onlyOurs, 'fees'), theirs.fees - sum(onlyTheirs, 'fees'));
  if (onlyOurs.length + onlyTheirs.length === 0) near('the drawdown', ours.maxDrawdown, theirs.maxDrawdown);
  return {
    trades: ours.trades.length,
    equity: relative(ours.equity, theirs.equity),
    maxDrawdown: relative(ours.maxDrawdown, theirs.maxDrawdown),
    fees: relative(ours.fees, theirs.fees),
    atTies: onlyOurs.length + onlyTheirs.length,
  };
}

const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);

/** Whether the averages of 10 and of 30 closes are equal in whole cents at the bar that decided a fill, or at the one before. */
export function isAverageTie({ close }: Columns): (fillBar: number) => boolean {
  const cents = (end: number, length: number): number => {
    let sum = 0;
    for (let at = end - length + 1; at <= end; at += 1) sum += Math.round(close[at]! * 100);
    return sum;
  };
  const isEqual = (bar: number): boolean => 3 * cents(bar, 10) === cents(bar, 30);
  return (fillBar) => isEqual(fillBar - 1) || isEqual(fillBar - 2);
}
