import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvLine } from './csv-line.ts';
import { textBytes } from './text-bytes.ts';

const decimal = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value + 0)),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 19n }), fc.integer({ min: 0, max: 19 })).map(([whole, decimals]) => {
    const digits = whole.toString().padStart(decimals + 1, '0');
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  }),
  fc.constantFrom('0', '-0', '+5', '007', '5.', '.5', '1e5', '000000000000000000000000000001', '123456789012345', '1234567890123456'),
);
const word = fc.string({ unit: fc.constantFrom(...'0123456789.eE+-xN/'), maxLength: 10 });
const isDecimal = (text: string): boolean => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);

describe('CsvLine', () => {
  test('gives each field as it was written, and as Number reads it where it is a decimal', () => {
    const dressed = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => ` ${text}\t`,
      (text) => `"${text}"`,
    );
    const table = fc.array(fc.array(fc.tuple(fc.oneof(decimal, word), dressed), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), (rows, lineBreak, endsWithBreak, isOfNode) => {
        const text = rows.map((row) => row.map(([field, dress]) => dress(field)).join(',')).join(lineBreak);
        const whole = Buffer.from(endsWithBreak ? text + lineBreak : text);
        const bytes = isOfNode ? whole : textBytes(Uint8Array.from(whole));
        const line = new CsvLine(bytes, text.length, 44, 8);
        let position = 0;
        for (const row of rows) {
          position = line.read(position);
          const fields = Array.from({ length: line.count }, (_, i) => ({
            text: line.text(i),
            value: line.number(i),
            empty: line.isEmpty(i),
          }));
          expect(fields).toEqual(
            row.map(([field]) => ({ text: field, value: isDecimal(field) ? Number(field) : NaN, empty: field === '' })),
          );
        }
        expect(position).toBeGreaterThan(text.length);
      }),
      { numRuns: 3000 },
    );
  });

  test('counts the fields beyond those that are wanted', () => {
    const bytes = Buffer.from('1,2,3,4\n5\n');
    const line = new CsvLine(bytes, bytes.length - 1, 44, 2);
    expect([line.read(0), line.count, line.number(1)]).toEqual([8, 4, 2]);
    expect([line.read(8), line.count, line.number(0)]).toEqual([10, 1, 5]);
  });
});
