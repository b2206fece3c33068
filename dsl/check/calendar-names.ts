/** Which calendars the host knows; without it the names of zones and calendars are taken as they are, and whoever runs the program refuses them. */
export interface CalendarNames {
  /** The time zone database knows other names of zones than it lists, such as Asia/Calcutta. */
  readonly hasZone: (name: string) => boolean;
  /** For proposals. */
  readonly zones: () => readonly string[];
  readonly holidays: readonly string[];
}
