import type { Setting, SessionStatement } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { SessionRule } from '../program.ts';
import type { CalendarNames } from './calendar-names.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { scalarType } from './type.ts';
import { isPoison, type Value } from './value.ts';

export const SESSION_SETTINGS = ['hours', 'zone', 'days', 'holidays'];
/** `Area/Place` of the time zone database, or UTC; whether the zone exists the host knows. */
const ZONE = /^(?:UTC|[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_+-]+){1,2})$/;
const CALENDAR = /^[a-z][a-z0-9_-]{0,31}$/;
const ALL_DAY = [0, 1440] as const;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/** null: it is known. */
type Unknown = (name: string, calendars: CalendarNames) => { readonly message: string; readonly hint: string } | null;

const unknownZone: Unknown = (name, { hasZone, zones }) =>
  hasZone(name)
    ? null
    : {
        message: `there is no time zone "${name}"`,
        hint: didYouMean(name, zones()) ?? 'write one of the time zone database, such as America/New_York, or UTC',
      };

const unknownCalendar: Unknown = (name, { holidays }) =>
  holidays.includes(name)
    ? null
    : {
        message: `there is no calendar of holidays "${name}"`,
        hint: didYouMean(name, holidays) ?? `the calendars are: ${holidays.join(', ')}`,
      };

/** `session ny { hours 09:30..16:00 zone "America/New_York" days mon..fri holidays "nyse" }`; null after an error. */
export class SessionChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  rule({ name, settings }: SessionStatement, scope: Scope): SessionRule | null {
    const { findings } = this.#checker.context;
    const errors = findings.errors;
    const given = new Map<string, Setting>();
    for (const setting of settings) {
      const { text, span } = setting.name;
      if (!SESSION_SETTINGS.includes(text)) {
        findings.add(
          'E0206',
          span,
          `there is no setting "${text}" here`,
          didYouMean(text, SESSION_SETTINGS) ?? `the settings are: ${SESSION_SETTINGS.join(', ')}`,
        );
      } else if (given.has(text)) findings.add('E0109', span, `${text} is given twice`, 'keep one of the two');
      else given.set(text, setting);
    }
    const hours = this.#hours(given.get('hours'), scope);
    const zone = this.#text(given.get('zone'), ZONE, 'zone is a name such as "America/New_York"', unknownZone) ?? 'UTC';
    const holidays = this.#text(given.get('holidays'), CALENDAR, 'holidays is the name of a calendar such as "nyse"', unknownCalendar);
    const days = this.#days(given.get('days'), scope);
    if (findings.errors > errors || hours === null || days === null) return null;
    return { name: name.text, opensAt: hours[0], closesAt: hours[1], zone, days, holidays };
  }

  #hours(setting: Setting | undefined, scope: Scope): readonly [number, number] | null {
    if (setting === undefined) return ALL_DAY;
    const { value } = setting;
    const ends = value.kind === 'Range' ? [value.low, value.high].map((end) => this.#checker.check(end, scope)) : [];
    if (ends.some(isPoison)) return null;
    const [opens, closes] = ends.map((end) => (end.type.kind === 'timeOfDay' ? this.#checker.constantOf(end) : null));
    if (opens === undefined || opens === null || closes === undefined || closes === null)
      return this.#refuse(setting, 'hours are two times of day', 'write: hours 09:30..16:00');
    return opens === closes ? this.#refuse(setting, 'the session ends when it begins', 'all day is: hours 00:00..24:00') : [opens, closes];
  }

  /** `mon..fri`, `fri..mon`, `[mon, wed]`, `sat`. */
  #days(setting: Setting | undefined, scope: Scope): readonly number[] | null {
    if (setting === undefined) return ALL_DAYS;
    const { value } = setting;
    if (value.kind === 'Text') return this.#refuse(setting, 'days are mon..fri or a list', 'write: days mon..fri');
    const parts = value.kind === 'Range' ? [value.low, value.high] : value.value.kind === 'List' ? value.value.items : [value.value];
    const values = parts.map((part) => this.#checker.check(part, scope));
    if (values.some(isPoison)) return null;
    const numbers = values.map((day) => (day.type.kind === 'number' ? (this.#checker.constantOf(day) ?? 0) : 0));
    if (numbers.length === 0 || numbers.some((day) => !ALL_DAYS.includes(day)))
      return this.#refuse(setting, 'days are mon .. sun', 'write: days mon..fri');
    if (value.kind !== 'Range') return [...new Set(numbers)].toSorted((a, b) => a - b);
    const [first = 1, last = 7] = numbers;
    return ALL_DAYS.filter((day) => (first <= last ? day >= first && day <= last : day >= first || day <= last));
  }

  /** @param unknown why the host does not know a name of the right form */
  #text(setting: Setting | undefined, form: RegExp, message: string, unknown: Unknown): string | null {
    if (setting === undefined) return null;
    const { value } = setting;
    if (value.kind !== 'Text' || !form.test(value.value)) return this.#refuse(setting, message, 'write it in double quotes');
    const { calendars, findings } = this.#checker.context;
    const reason = calendars === null ? null : unknown(value.value, calendars);
    if (reason !== null) findings.add('E0206', value.span, reason.message, reason.hint);
    return value.value;
  }

  #refuse({ value: { span } }: Setting, message: string, hint?: string): null {
    this.#checker.context.findings.add('E0307', span, message, hint);
    return null;
  }
}

/** What a session tells about a bar, on the current chart. */
export function sessionValue(checker: ExpressionChecker, session: number): Value {
  const { builder, charts } = checker.context;
  const column = (name: 'active' | 'first' | 'last' | 'elapsed' | 'bars', isCondition: boolean): number =>
    builder.columnOf({ kind: 'session', session, name }, charts.current, isCondition);
  const members = new Map<string, Value>([
    ['active', { type: { kind: 'condition' }, node: column('active', true) }],
    ['first', { type: { kind: 'condition' }, node: column('first', true) }],
    ['last', { type: { kind: 'condition' }, node: column('last', true) }],
    ['elapsed', { type: scalarType('duration'), node: column('elapsed', false) }],
    ['bars', { type: scalarType('bars'), node: column('bars', false) }],
  ]);
  return { type: { kind: 'group', members }, node: builder.constant(Number.NaN) };
}
