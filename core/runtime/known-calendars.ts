import type { CalendarNames } from '#dsl/check/calendar-names.ts';
import { HOLIDAY_CALENDARS } from '#core/data/calendar/holiday-calendars.ts';
import { isZone, zoneNames } from '#core/data/calendar/zone-clock.ts';

/** What `zone` and `holidays` of a session may name. */
export const KNOWN_CALENDARS: CalendarNames = { hasZone: isZone, zones: zoneNames, holidays: HOLIDAY_CALENDARS };
