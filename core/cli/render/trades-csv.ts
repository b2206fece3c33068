import type { BacktestDocument, TradeRecord } from '#core/runtime/backtest-document.ts';
import { csvCell } from './csv-cell.ts';

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
 * The trades as CSV (RFC 4180: CRLF, quotes where needed), one line an exit; their strategy where several share the account. Cells as `csvCell`.
 */
export function tradesCsv(document: BacktestDocument): string {
  const columns = COLUMNS.filter(
    (name) => (name !== 'strategy' || document.strategies !== undefined) && (name !== 'rate' || document.currencies !== undefined),
  );
  const lines = [columns.join(','), ...document.trades.map((trade) => columns.map((name) => csvCell(trade[name] ?? null)).join(','))];
  return `${lines.join('\r\n')}\r\n`;
}
