import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDate, readNumber, readTime } from './literals.ts';

const decimal = fc.tuple(fc.nat(99_999), fc.nat(9999)).map(([whole, part]) => `${whole}.${part}`);

test('percents, basis points and multiples are the doubles nearest to what is written', () => {
  fc.assert(
    fc.property(decimal, (text) => {
      expect(readNumber(text)).toEqual({ kind: 'number', value: Number(text) });
      expect(readNumber(`${text}%`)).toEqual({ kind: 'percent', value: Number(`${text}e-2`) });
      expect(readNumber(`${text}bp`)).toEqual({ kind: 'basisPoints', value: Number(`${text}e-4`) });
      expect(readNumber(`${text}k`)).toEqual({ kind: 'number', value: Number(`${text}e3`) });
      expect(readNumber(`${text}R`)).toEqual({ kind: 'multiple', value: Number(text) });
    }),
  );
});

test('dates are the days of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
      const date = new Date(`${text}T00:00:00Z`);
      const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
      expect(readDate(text)).toEqual(exists ? { year, month, day, ms: date.getTime() } : null);
    }),
  );
});

test('times of day are minutes', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(99), (hours, minutes) => {
      const valid = minutes < 60 && hours * 60 + minutes <= 1440;
      expect(readTime(`${hours}:${String(minutes).padStart(2, '0')}`)).toBe(valid ? hours * 60 + minutes : null);
    }),
  );
});

test.for([
  ['1ms', 1],
  ['1s', 1000],
  ['1m', 60_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  ['1w', 604_800_000],
  ['1.5h', 5_400_000],
] as const)('%s is %i ms', ([text, ms]) => expect(readNumber(text)).toMatchObject({ kind: 'duration', ms }));
