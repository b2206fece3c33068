import { describe, expect, it } from 'vitest';
import { sampleRun } from '#core/runtime/report/testing/sample-run.ts';
import { tradesCsv } from './trades-csv.ts';

/** A reader of RFC 4180, apart from the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)) {
    const cells = [...line[1]!.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",\r\n]*)/g)].map((match) => match[1]!);
    rows.push(cells.map((value) => (value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value)));
  }
  return rows;
}

describe('the trades as CSV', () => {
  it('hold every key of every trade, numbers in full', () => {
    const { document } = sampleRun(2000, 12);
    const [head, ...rows] = readCsv(tradesCsv(document));
    expect(head).toEqual(Object.keys(document.trades[0]!));
    expect(rows).toHaveLength(12);
    for (const [i, row] of rows.entries()) {
      expect(row).toEqual(Object.values(document.trades[i]!).map((value) => (value === null ? '' : String(value))));
    }
  });

  it('are a header line alone without trades', () => {
    expect(readCsv(tradesCsv(sampleRun(100, 0).document))).toHaveLength(1);
  });

  it('quote what needs it and disarm formulas', () => {
    const { document } = sampleRun(500, 1);
    const reason = (exitReason: string): string | undefined =>
      readCsv(tradesCsv({ ...document, trades: [{ ...document.trades[0]!, exitReason }] }))[1]?.at(-1);
    expect(reason('a "b", c\r\nd')).toBe('a "b", c\r\nd');
    for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\uff1d1']) expect(reason(formula)).toBe(`'${formula}`);
    expect(reason('=HYPERLINK("x","y")')).toBe(`'=HYPERLINK("x","y")`);
  });

  it('leave negative numbers as numbers', () => {
    const { document } = sampleRun(500, 1);
    const row = readCsv(tradesCsv({ ...document, trades: [{ ...document.trades[0]!, profit: -5 }] }))[1];
    expect(row).toContain('-5');
  });
});
