import { civilDate } from '#core/model/civil-date.ts';
import type { DailyEquity } from './daily-equity.ts';

const DAY_MS = 86_400_000;

/** Change of the equity over a calendar period (UTC), from the end of the one before, the capital at the start. */
export interface PeriodReturn {
  readonly year: number;
  /** 1 = January .. 12; 0 = the whole year. */
  readonly month: number;
  /** Percent points. */
  readonly returnPct: number;
  /** Largest fall of the daily equity below its highest value within the period, its start included; percent points. */
  readonly maxDrawdownPct: number;
}

/** Periods with at least one bar, oldest first. Neither chain over a gap wrongly: a period starts where the last one ended. */
export interface PeriodReturns {
  readonly months: readonly PeriodReturn[];
  readonly years: readonly PeriodReturn[];
}

export function periodReturns({ day, equity }: DailyEquity, capital: number): PeriodReturns {
  const months: PeriodReturn[] = [];
  const years: PeriodReturn[] = [];
  let month = new OpenPeriod(capital);
  let year = new OpenPeriod(capital);
  for (let i = 0; i < day.length; i++) {
    const date = civilDate(day[i]! / DAY_MS);
    const next = i + 1 < day.length ? civilDate(day[i + 1]! / DAY_MS) : null;
    month.add(equity[i]!);
    year.add(equity[i]!);
    const isYearOver = next?.year !== date.year;
    if (isYearOver || next?.month !== date.month) {
      months.push({ year: date.year, month: date.month, ...month.figures() });
      month = new OpenPeriod(equity[i]!);
    }
    if (isYearOver) {
      years.push({ year: date.year, month: 0, ...year.figures() });
      year = new OpenPeriod(equity[i]!);
    }
  }
  return { months, years };
}

class OpenPeriod {
  readonly #start: number;
  #peak: number;
  #last: number;
  #deepest = 0;

  constructor(start: number) {
    this.#start = this.#peak = this.#last = start;
  }

  add(value: number): void {
    this.#last = value;
    this.#peak = Math.max(this.#peak, value);
    this.#deepest = Math.max(this.#deepest, 1 - value / this.#peak);
  }

  figures(): Pick<PeriodReturn, 'returnPct' | 'maxDrawdownPct'> {
    return { returnPct: (this.#last / this.#start - 1) * 100, maxDrawdownPct: this.#deepest * 100 };
  }
}
