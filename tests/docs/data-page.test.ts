import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { QUALITY_RULES, REPAIRS } from '#core/data/quality/quality-rules.ts';

const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));

test('docs/data.md has a row for each finding, with its severity where it is one of validation alone, and with its repair', () => {
  for (const [code, { severity, repair }] of Object.entries(QUALITY_RULES)) {
    const found = rows.filter((row) => row.split('|')[1]!.includes(`\`${code}\``));
    expect([code, found.length]).toEqual([code, 1]);
    const cells = found[0]!.split('|').map((cell) => cell.trim());
    // Rows of five columns are those of validation; the others are of files that a backtest reads.
    expect([code, cells.length < 7 ? null : [cells[2], cells[5]]]).toEqual([
      code,
      cells.length < 7 ? null : [severity, repair === null ? '' : `\`${repair}\``],
    ]);
  }
});

test('docs/data.md has a row for each repair, in the order in which they are applied', () => {
  const names = rows.map((row) => row.split('|')[1]!.trim().slice(1, -1)).filter((name) => name in REPAIRS);
  expect(names).toEqual(Object.keys(REPAIRS));
});
