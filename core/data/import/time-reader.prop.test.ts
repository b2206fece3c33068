import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeReader } from './time-reader.ts';
import { wallZone } from './wall-zone.ts';

const read = (text: string, hasZone: boolean): number => {
  const bytes = Buffer.from(`,${text},`, 'latin1');
  return new TimeReader({ type: 'text', order: 'ymd', hasClock: true, hasZone }, wallZone('UTC'), false).ofText(bytes, 1, bytes.length - 1);
};
const moment = fc.date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });

describe('times as texts', () => {
  test('seconds of ISO 8601 are those that Date reads', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom('T', ' '), fc.constantFrom('', 'Z', '+00:00'), (date, between, zone) => {
        const text = date.toISOString().slice(0, 19);
        expect(read(text.replace('T', between) + zone, zone !== '')).toBe(Date.parse(`${text}Z`));
      }),
    );
  });

  test('any two fields of a date and a clock, right or wrong', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'));
    fc.assert(
      fc.property(fc.tuple(two, two, two, two, two), ([month, day, hour, minute, second]) => {
        const text = `2024-${month}-${day}T${hour}:${minute}:${second}`;
        const date = new Date(`${text}Z`);
        // Date reads 31 February as 2 March, and 24:00 as the next day.
        const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        expect(read(text, false)).toBe(isReal ? date.getTime() : NaN);
      }),
      { numRuns: 2000 },
    );
  });

  test.for(['2024-01-0x 00:00:00', '2024-01-01 00:00:00Z', '2024-01-01X00:00:00', '202-01-01 00:00:000'])('%j is none', (text) => {
    expect(read(text, false)).toBe(NaN);
  });
});
