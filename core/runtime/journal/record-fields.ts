/** Data of a record, before anything is known of it. */
export type Data = Readonly<Record<string, unknown>>;

/** The value when it is a whole number, zero or more. */
export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Data {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
