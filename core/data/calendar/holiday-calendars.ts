import { civilDate } from '#core/model/civil-date.ts';
import { nearest } from '#core/model/nearest-word.ts';
import { StratError } from '#core/errors/strat-error.ts';
import {
  after,
  dates,
  dayOfText,
  easter,
  except,
  type HolidayRule,
  lastWeekday,
  moved,
  nthWeekday,
  observed,
  on,
  upToWeekday,
  years,
} from './holiday-rules.ts';

/** Days on which an exchange does not trade, and days on which it closes early; Saturdays and Sundays are not among them. */
export interface HolidayCalendar {
  readonly name: string;
  /** The exchange's own zone, in which its days and early closes are meant. */
  readonly zone: string;
  /** `day` = days since 1970-01-01. */
  readonly isHoliday: (day: number) => boolean;
  /** Minute of the day at which it closes on a day of early close; null on all others. */
  readonly earlyClose: (day: number) => number | null;
  /** Minute of the day at which it opens on a day of late opening; null on all others. */
  readonly lateOpen: (day: number) => number | null;
}

interface CalendarRules {
  readonly zone: string;
  readonly holidays: readonly HolidayRule[];
  /** Closures that no rule gives, `2001-09-11`. */
  readonly closures: readonly string[];
  readonly earlyCloses: readonly (readonly [at: string, rule: HolidayRule])[];
  /** Announced days before. */
  readonly lateOpens?: readonly (readonly [at: string, rule: HolidayRule])[];
}

const FOREVER = Infinity;
const MONDAY = 1;
const THURSDAY = 4;

const newYear = on(1, 1);
const christmas = on(12, 25);
const boxing = on(12, 26);
const goodFriday = easter(-2);
const easterMonday = easter(1);

const thanksgiving = nthWeekday(11, THURSDAY, 4);

/**
 * New York Stock Exchange, from 1990: NYSE Rule 7.2 and the exchange's announcements. Halts and closures decided within a day (storms, circuit
 * breakers) are none of its early closes: nobody knew of them when the day began.
 */
const NYSE: CalendarRules = {
  zone: 'America/New_York',
  holidays: [
    observed(newYear, 'dropped'),
    years(1998, FOREVER, nthWeekday(1, MONDAY, 3)),
    nthWeekday(2, MONDAY, 3),
    goodFriday,
    nthWeekday(5, MONDAY, -1),
    years(2022, FOREVER, observed(on(6, 19), 'friday')),
    observed(on(7, 4), 'friday'),
    nthWeekday(9, MONDAY, 1),
    thanksgiving,
    observed(christmas, 'friday'),
  ],
  closures: [
    '1994-04-27', // burial of R. Nixon
    '2001-09-11',
    '2001-09-12',
    '2001-09-13',
    '2001-09-14',
    '2004-06-11', // burial of R. Reagan
    '2007-01-02', // mourning for G. Ford
    '2012-10-29', // hurricane Sandy
    '2012-10-30',
    '2018-12-05', // mourning for G. H. W. Bush
    '2025-01-09', // mourning for J. Carter
  ],
  earlyCloses: [
    ['14:00', years(1992, 1992, after(thanksgiving, 1))],
    ['13:00', years(1993, FOREVER, after(thanksgiving, 1))],
    ['14:00', years(1990, 1992, upToWeekday(on(12, 24), THURSDAY))],
    ['13:00', years(1993, FOREVER, upToWeekday(on(12, 24), THURSDAY))],
    ['13:00', years(1995, FOREVER, except(upToWeekday(on(7, 3), THURSDAY), 1996, 2002))],
    ['13:00', dates('1996-07-05', '1997-12-26', '1999-12-31', '2002-07-05', '2003-12-26')],
  ],
  // Remembrance of 2001-09-11, as announced on 2002-08-16; the bell rang at noon.
  lateOpens: [['11:00', dates('2002-09-11')]],
};

/** London Stock Exchange, from 1996: the bank holidays of England and Wales. */
const LSE: CalendarRules = {
  zone: 'Europe/London',
  holidays: [
    moved(newYear),
    goodFriday,
    easterMonday,
    except(nthWeekday(5, MONDAY, 1), 2020),
    except(nthWeekday(5, MONDAY, -1), 2002, 2012, 2022),
    nthWeekday(8, MONDAY, -1),
    moved(christmas),
    moved(boxing, moved(christmas)),
  ],
  closures: [
    '1999-12-31',
    '2002-06-03',
    '2002-06-04',
    '2011-04-29',
    '2012-06-04',
    '2012-06-05',
    '2020-05-08',
    '2022-06-02',
    '2022-06-03',
    '2022-09-19',
    '2023-05-08',
  ],
  earlyCloses: [
    ['12:30', lastWeekday(12, 24)],
    ['12:30', lastWeekday(12, 31)],
  ],
};

/** Xetra and the Frankfurt exchange, from 2000: the trading calendars of Deutsche Boerse. */
const XETRA: CalendarRules = {
  zone: 'Europe/Berlin',
  holidays: [
    newYear,
    goodFriday,
    easterMonday,
    on(5, 1),
    years(2007, 2007, easter(50)),
    years(2015, 2021, easter(50)),
    years(2014, 2020, except(on(10, 3), 2015)),
    on(12, 24),
    christmas,
    boxing,
    on(12, 31),
  ],
  closures: ['2017-10-31'],
  earlyCloses: [['14:00', years(2010, FOREVER, lastWeekday(12, 30))]],
};

/** TARGET, the payment system of the euro, from 1999: decisions of the European Central Bank. Banks and currency desks keep it. */
const TARGET: CalendarRules = {
  zone: 'Europe/Berlin',
  holidays: [
    newYear,
    years(2000, FOREVER, goodFriday),
    years(2000, FOREVER, easterMonday),
    years(2000, FOREVER, on(5, 1)),
    christmas,
    years(2000, FOREVER, boxing),
  ],
  closures: ['1999-12-31', '2001-12-31'],
  earlyCloses: [],
};

const CALENDARS: ReadonlyMap<string, CalendarRules> = new Map([
  ['lse', LSE],
  ['nyse', NYSE],
  ['target', TARGET],
  ['xetra', XETRA],
]);

/** Names that `holidays` of a session takes. */
export const HOLIDAY_CALENDARS: readonly string[] = [...CALENDARS.keys()];

/** @throws StratError SESSION_HOLIDAYS when there is none of this name */
export function holidayCalendar(name: string): HolidayCalendar {
  const rules = CALENDARS.get(name);
  if (rules === undefined) {
    const near = nearest(name, HOLIDAY_CALENDARS);
    const hint = near === null ? `There are ${HOLIDAY_CALENDARS.join(', ')}` : `Did you mean ${near.word}?`;
    throw new StratError('SESSION_HOLIDAYS', { name, hint });
  }
  const closures = new Set(rules.closures.map(dayOfText));
  const yearsKnown = new Map<number, YearOff>();
  const yearOff = (day: number): YearOff => {
    const { year } = civilDate(day);
    const known = yearsKnown.get(year) ?? yearRules(rules, year);
    yearsKnown.set(year, known);
    return known;
  };
  return {
    name,
    zone: rules.zone,
    isHoliday: (day) => closures.has(day) || yearOff(day).holidays.has(day),
    earlyClose: (day) => yearOff(day).earlyCloses.get(day) ?? null,
    lateOpen: (day) => yearOff(day).lateOpens.get(day) ?? null,
  };
}

interface YearOff {
  readonly holidays: ReadonlySet<number>;
  readonly earlyCloses: ReadonlyMap<number, number>;
  readonly lateOpens: ReadonlyMap<number, number>;
}

function yearRules({ holidays, earlyCloses, lateOpens = [] }: CalendarRules, year: number): YearOff {
  // A new year that is kept on the Monday after, or on the last Friday of the year before, belongs to neither year alone.
  const near = [year - 1, year, year + 1];
  return {
    holidays: new Set(holidays.flatMap((rule) => near.map(rule)).filter((day) => day !== null)),
    earlyCloses: minutesOf(earlyCloses, year),
    lateOpens: minutesOf(lateOpens, year),
  };
}

const minutesOf = (rules: CalendarRules['earlyCloses'], year: number): ReadonlyMap<number, number> =>
  new Map(
    rules.flatMap(([at, rule]) => {
      const day = rule(year);
      return day === null ? [] : [[day, minuteOf(at)] as const];
    }),
  );

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}
