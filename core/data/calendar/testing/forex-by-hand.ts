/**
 * The hours of `forex` said once more, minute by minute and with the holidays written down, for tests to compare with.
 * Weekdays of the dates: any calendar. Bank holidays of London on 26 and 27 December: gov.uk/bank-holidays and its archive.
 */
const NEW_YORK = 'America/New_York';

/** From and up to, by clocks of New York. */
const HOLIDAYS = [
  '2006-12-29T12:00 2007-01-02T03:00',
  '2007-12-24T12:00 2007-12-26T08:00',
  '2007-12-31T12:00 2008-01-02T03:00',
  '2008-12-24T12:00 2008-12-26T08:00',
  '2008-12-31T12:00 2009-01-02T03:00',
  '2009-12-24T12:00 2009-12-25T17:00',
  '2009-12-31T12:00 2010-01-01T17:00',
  '2010-12-24T12:00 2010-12-25T17:00',
  '2010-12-31T12:00 2011-01-01T17:00',
  '2011-12-23T12:00 2011-12-27T08:00',
  '2011-12-30T12:00 2012-01-03T03:00',
  '2012-12-24T12:00 2012-12-26T08:00',
  '2012-12-31T12:00 2013-01-02T03:00',
  '2013-12-24T12:00 2013-12-26T08:00',
  '2013-12-31T12:00 2014-01-02T03:00',
  '2014-12-24T12:00 2014-12-26T08:00',
  '2014-12-31T12:00 2015-01-02T03:00',
  '2015-12-24T12:00 2015-12-25T17:00',
  '2015-12-31T12:00 2016-01-01T17:00',
  '2016-12-23T12:00 2016-12-27T08:00',
  '2016-12-30T12:00 2017-01-03T03:00',
  '2017-12-22T12:00 2017-12-26T08:00',
  '2017-12-29T12:00 2018-01-02T03:00',
  '2018-12-24T12:00 2018-12-26T08:00',
  '2018-12-31T12:00 2019-01-02T03:00',
].map((line) => line.split(' ') as [string, string]);

/** Whether a quote is expected in the minute that begins at a moment, ms. */
export function isForexMinute(timeMs: number): boolean {
  const wall = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(NEW_YORK);
  const clock = wall.toPlainTime().toString().slice(0, 5);
  const text = wall.toPlainDateTime().toString().slice(0, 16);
  if (HOLIDAYS.some(([from, to]) => text >= from && text < to)) return false;
  if (wall.dayOfWeek === 6) return false;
  if (wall.dayOfWeek === 7) return clock >= '17:15';
  if (wall.dayOfWeek === 5) return clock < '16:55';
  return clock < '16:55' || clock >= '17:05';
}

/** Whether a bar is: where one of its minutes is. The hours have edges on 5 minutes alone. */
export function isForexBar(openMs: number, stepMs: number): boolean {
  const step = Math.min(stepMs, 5 * 60_000);
  for (let at = openMs; at < openMs + stepMs; at += step) if (isForexMinute(at)) return true;
  return false;
}
