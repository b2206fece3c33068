import { plainText } from '#core/runtime/report/plain-text.ts';
import { groupedNumber } from '#core/runtime/report/number-text.ts';
import { someOf } from '#core/runtime/report/some-of.ts';
import { type FoundMarket, nameOf, type OtherMarket, type ScanDocument, type ScanValue } from '#core/runtime/scan/scan-document.ts';
import { valueTexts } from '#core/runtime/series/value-text.ts';
import type { CommandIo } from '../command.ts';
import { alignedTable, wrapped } from './aligned-table.ts';
import { painter } from './paint.ts';

const MAX_TITLE = 40;
/** Lines of markets that were left out, before the rest is counted. */
const LEFT_OUT = 20;
const LEAST_WIDTH = 40;
const SOME = 5;

/** What a scan found, as people read it. @param isAll with every market that was not found */
export function scanText(
  document: ScanDocument,
  isAll: boolean,
  { isTerminal, width: columns, color }: Pick<CommandIo, 'isTerminal' | 'width' | 'color'>,
): string {
  const paint = painter(color);
  const width = isTerminal ? columns : Infinity;
  const { counts, at, timeframe, markets, warnings } = document;
  const heading = `${count(counts.found)} of ${count(counts.markets)} ${counts.markets === 1 ? 'market' : 'markets'}, as known at ${minute(at)} UTC, ${timeframe} bars`;
  const notes = warnings.map((warning) => lines(`note: ${warning}`, width));
  const table = markets.length === 0 ? 'No market passes.' : foundTable(document, width, color).join('\n');
  const rest = isAll ? otherTable(document.others, width, color) : otherLines(document, width);
  return `${[paint.bold(heading), ...notes, '', table, ...(rest.length === 0 ? [] : ['', ...rest])].join('\n')}\n`;
}

function foundTable({ columns, markets }: ScanDocument, width: number, color: boolean): readonly string[] {
  // That a filter holds is what all of these have in common.
  const shown = columns.flatMap((column, place) => (column.role === 'filter' ? [] : [{ ...column, place }]));
  const cells = shown.map(({ kind, place }) => {
    const numbers = markets.map(({ values }) => numberOf(values[place]!));
    const text = valueTexts({ kind, states: null }, numbers);
    return markets.map(({ values }, row) =>
      typeof values[place] === 'string' ? plainText(values[place], MAX_TITLE) : text(numbers[row]!),
    );
  });
  const rows = markets.map((one, row) => ({ one, row }));
  type Row = (typeof rows)[number];
  return alignedTable<Row>(
    [
      { title: '', isNumber: true, text: ({ one }) => String(one.rank), rank: 0 },
      { title: 'market', text: ({ one }) => name(one), rank: 0 },
      ...shown.map(({ label }, column) => ({
        title: plainText(label, MAX_TITLE),
        isNumber: true,
        text: ({ row }: Row) => cells[column]![row]!,
        rank: 1 + column,
      })),
      { title: 'bar (UTC)', text: ({ one }) => minute(one.bar), rank: 2 + shown.length },
    ],
    rows,
    width,
    painter(color),
  );
}

/** Values of documents as numbers again. */
function numberOf(value: ScanValue): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : Number.NaN;
}

/** Why markets were not found, counted; those of which too little is known by name. */
function otherLines({ others }: ScanDocument, width: number): readonly string[] {
  const told = others.filter(({ state }) => state !== 'leftOut');
  const left = others.filter(({ state }) => state === 'leftOut');
  const byReason = Map.groupBy(told, ({ reason }) => reason);
  const shown = left.slice(0, LEFT_OUT).map((one) => lines(`left out: ${name(one)}: ${plainText(one.reason, Infinity)}`, width));
  const more = left.length - shown.length;
  return [
    ...[...byReason].map(([reason, of]) =>
      lines(`${count(of.length)}: ${plainText(reason, Infinity)} (${someOf(of.map(name), SOME)})`, width),
    ),
    ...shown,
    ...(more > 0 ? [`and ${count(more)} more left out: --all lists them`] : []),
  ];
}

function otherTable(others: readonly OtherMarket[], width: number, color: boolean): readonly string[] {
  if (others.length === 0) return [];
  return alignedTable<OtherMarket>(
    [
      { title: 'not found', text: name, rank: 0 },
      { title: 'why', text: ({ reason }) => plainText(reason, Infinity), rank: 0 },
    ],
    others,
    width,
    painter(color),
  );
}

const name = (one: Pick<FoundMarket, 'venue' | 'market'>): string => plainText(nameOf(one), 60);
const count = (value: number): string => groupedNumber(value, 0);
const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const lines = (text: string, width: number): string => wrapped(text, Math.max(LEAST_WIDTH, width)).join('\n');
