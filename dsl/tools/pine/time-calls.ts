import { argumentAt, type CallExpression } from './call-arguments.ts';
import type { Said } from './said.ts';
import type { ScriptRunner } from './script-runner.ts';
import { readTimeframe } from './timeframes.ts';

const HOURS = /^(\d{2})(\d{2})-(\d{2})(\d{2})(?::([1-7]{1,7}))?$/;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `time(timeframe, session, zone)`: whether a bar lies in a session; `time("D")` and `timeframe.change("D")`: the day. */
export function runTime(runner: ScriptRunner, call: CallExpression): Said {
  const { say } = runner;
  const give = (reason: string): Said => runner.refuse(call, `${call.callee}(...)`, reason);
  const [first, second, third] = [argumentAt(call, 'timeframe', 0), argumentAt(call, 'session', 1), argumentAt(call, 'timezone', 2)];
  if (call.callee === 'time_close' || first === null) return give('strat knows the open of a bar only');
  const timeframe = runner.evaluate(first);
  if (second === null) {
    const word = timeframe.op === 'text' ? readTimeframe(timeframe.text)?.name : undefined;
    const series = word === '1d' ? 'day' : word === '1mo' ? 'month' : null;
    if (series === null) return give('of the beginnings of longer bars strat knows those of days and months');
    const value = say.word(series, { kind: 'number' });
    return call.callee === 'timeframe.change' ? say.compare('!=', value, say.past(value, say.number(1))) : value;
  }
  const session = runner.evaluate(second);
  if (session.kind === 'unsaid') return session;
  const [, fromHour, fromMinute, toHour, toMinute, days] = (session.op === 'text' ? HOURS.exec(session.text) : null) ?? [];
  if (fromHour === undefined) return give('its session must be one text such as "0930-1600"');
  const zone = third === null ? null : runner.evaluate(third);
  const zoneName = zone?.op === 'text' && /^[A-Za-z]+\/[A-Za-z_/]+$/.test(zone.text) ? zone.text : null;
  if (zoneName === null)
    runner.remarks.changed(
      call,
      `${call.callee}(...)`,
      'the hours are those of UTC; Pine takes the zone of the exchange. Give the session a zone "America/New_York"',
    );
  const wanted = days === undefined ? null : [...new Set(days)].map((day) => DAYS[Number(day) - 1]!);
  const hours = `${fromHour}:${fromMinute}..${toHour === '00' && toMinute === '00' ? '24:00' : `${toHour}:${toMinute}`}`;
  const known = runner.sessions.find((one) => one.hours === hours && one.zone === zoneName && String(one.days) === String(wanted));
  const name = known?.name ?? (runner.sessions.length === 0 ? 'trading_hours' : `trading_hours_${runner.sessions.length + 1}`);
  if (known === undefined) runner.sessions.push({ name, hours, days: wanted, zone: zoneName });
  return say.session(name);
}

/** A date, and the hours and minutes after it. */
export function runTimestamp(runner: ScriptRunner, call: CallExpression): Said {
  const { say } = runner;
  const args = call.args.map(({ value }) => runner.evaluate(value));
  const lost = args.find(({ kind }) => kind === 'unsaid');
  if (lost !== undefined) return lost;
  const [first] = args;
  const parts =
    first?.op === 'text' && args.length === 1 ? partsOf(first.text) : args.flatMap((arg) => (arg.op === 'number' ? [arg.value] : []));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = parts ?? [];
  const isDate = year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate || !(hour >= 0 && hour < 24 && minute >= 0 && minute < 60))
    return runner.refuse(call, 'timestamp(...)', 'it is no date that can be read; write 2024-01-31');
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  const minutes = 60 * hour + minute;
  return say.word(minutes === 0 ? date : `(${date} + ${minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`})`, {
    kind: 'time',
    rate: 'const',
  });
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** `2020-01-31`, `2020-01-31T10:00`, `31 Jan 2020 10:00`, `Jan 31 2020`; what follows (seconds, zone) is passed over. */
function partsOf(text: string): readonly number[] | null {
  const clock = /(\d{1,2}):(\d{2})/.exec(text);
  const time = clock === null ? [] : [Number(clock[1]), Number(clock[2])];
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  if (iso !== null) return [Number(iso[1]), Number(iso[2]), Number(iso[3]), ...time];
  const words = /^\s*(?:(\d{1,2}) +([A-Za-z]{3})[a-z]*|([A-Za-z]{3})[a-z]* +(\d{1,2})),? +(\d{4})/.exec(text);
  if (words === null) return null;
  const month = MONTHS.indexOf((words[2] ?? words[3]!).toLowerCase()) + 1;
  return month === 0 ? null : [Number(words[5]), month, Number(words[1] ?? words[4]), ...time];
}
