import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainRow, type RowPlan } from './plain-row.ts';

const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength, maxLength }).map((list) => list.join(''));
/** Of up to 17 digits: those with more than 15 are not read here. */
const cell = fc.tuple(digits(0, 17), fc.option(digits(0, 17))).map(([whole, rest]) => whole + (rest === null ? '' : `.${rest}`));

const planOf = (width: number, textField = -1): RowPlan => ({
  delimiter: 44,
  mark: 46,
  columns: Array.from({ length: width }, () => new Float64Array(2)),
  textField,
  textPlace: new Int32Array(2),
});

describe('readPlainRow', () => {
  test('equals Number to the last bit, in its row, or leaves the line to others', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (cells, end) => {
        const bytes = Buffer.from(`x\n${cells.join(',')}${end}1`, 'latin1');
        const plan = planOf(cells.length);
        const next = readPlainRow(bytes, 2, plan, 1);
        const isPlain = cells.map((text) => text.replace('.', '').length).every((count) => count >= 1 && count <= 15);
        expect(next).toBe(isPlain ? bytes.length - 1 : -1);
        expect(isPlain ? plan.columns.map((column) => column[1]) : []).toEqual(isPlain ? cells.map(Number) : []);
        expect(plan.columns.every((column) => column[0] === 0)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  test.for(['1,2', '1,2,3\n', '1\n', '1,-2\n', '1,"2"\n', '1, 2\n', '1,2e3\n', '1,2.3.4\n', ',2\n', '1,2\r', '1;2\n'])(
    'another line: %j',
    (line) => {
      expect(readPlainRow(Buffer.from(line, 'latin1'), 0, planOf(2), 0)).toBe(-1);
    },
  );

  test('a text is passed over, and its place told', () => {
    const plan = planOf(3, 1);
    expect(readPlainRow(Buffer.from('1,2024-01-31 09:30,2.5\n'), 0, plan, 0)).toBe(23);
    expect([...plan.textPlace, plan.columns[2]![0]]).toEqual([2, 18, 2.5]);
    expect(readPlainRow(Buffer.from('1,2024'), 0, plan, 0)).toBe(-1);
  });
});
