/**
 * A cell of a CSV file (RFC 4180: quotes where needed). Numbers are written in full, na is empty; a text that a spreadsheet would take for a formula is led by an
 * apostrophe (OWASP, "CSV Injection").
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = value.toWellFormed();
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
