import type { BacktestDocument, TradeRecord } from '#core/runtime/backtest-document.ts';

const COLUMNS = [
  'positionId',
  'strategy',
  'market',
  'side',
  'setup',
  'entryTime',
  'entryPrice',
  'exitTime',
  'exitPrice',
  'qty',
  'rate',
  'fees',
  'carry',
  'profit',
  'profitPct',
  'bars',
  'mae',
  'mfe',
  'entryReason',
  'exitReason',
] as const satisfies readonly (keyof TradeRecord)[];

/**
 * The trades as CSV (RFC 4180: CRLF, quotes where needed), one line an exit; their strategy where several share the account. Numbers are written in full, na is empty.
 * A text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, "CSV Injection").
 */
export function tradesCsv(document: BacktestDocument): string {
  const columns = COLUMNS.filter(
    (name) => (name !== 'strategy' || document.strategies !== undefined) && (name !== 'rate' || document.currencies !== undefined),
  );
  const lines = [columns.join(','), ...document.trades.map((trade) => columns.map((name) => cell(trade[name] ?? null)).join(','))];
  return `${lines.join('\r\n')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = value.toWellFormed();
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
