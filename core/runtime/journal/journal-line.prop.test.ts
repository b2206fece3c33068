import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { decodeLine, encodeLine, type JournalLine } from './journal-line.ts';
import { journalNumber, readJournalNumber } from './journal-number.ts';
import { barData, decisionData, logData, readBars, readDecisions, readLog } from './journal-record.ts';

const bits = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
};

/** Any bit pattern, so that subnormals, both zeros and the infinities come often; NaN as the one NaN that JavaScript shows. */
const anyDouble = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Infinity, -Infinity, Number.NaN, Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2, 2 ** 53),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((pattern) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, pattern);
    const value = view.getFloat64(0);
    return Number.isNaN(value) ? Number.NaN : value;
  }),
);

const throughFile = (data: JournalLine['data']): JournalLine['data'] => {
  const line = decodeLine(encodeLine({ seq: 3, t: 1, type: 'log', data }).slice(0, -1), 2);
  if ('kind' in line) expect.fail(JSON.stringify(line));
  return line.data;
};

test('every double comes back from a line bit for bit', () => {
  fc.assert(
    fc.property(anyDouble, (value) => {
      const { x } = throughFile({ x: journalNumber(value) });
      const read = readJournalNumber(x);
      expect([typeof read, bits(Number(read))]).toEqual(['number', bits(value)]);
    }),
    { numRuns: 2000 },
  );
});

test('bars, log rows and decisions come back bit for bit', () => {
  const doubles = (length: number): fc.Arbitrary<number[]> => fc.array(anyDouble, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      doubles(7),
      fc.array(doubles(LOG_FIELDS), { maxLength: 4 }),
      fc.option(fc.array(anyDouble, { maxLength: 30 })),
      fc.record({
        isFlatten: fc.boolean(),
        isClosed: fc.boolean(),
        isResumed: fc.boolean(),
        allowed: fc.option(fc.array(anyDouble, { maxLength: 4 })),
      }),
      fc.nat(),
      fc.nat(2),
      (candle, rows, values, review, index, market) => {
        const [time = 0, open = 0, high = 0, low = 0, close = 0, volume = 0, fundingRate = 0] = candle;
        const bar = { time, open, high, low, close, volume };
        const log = Float64Array.from(rows.flat());
        const isAlone = market === 0;
        const bars = [{ market, index, bar, fundingRate }, ...(isAlone ? [] : [{ market: 0, index: index + 1, bar, fundingRate: 0 }])];
        expect(readBars(throughFile(barData(bars, isAlone)))).toEqual(bars);
        expect(readLog(throughFile(logData([log])), 1)).toEqual([log]);
        const logs = [new Float64Array(0), log, Float64Array.from(rows.toReversed().flat())];
        expect(readLog(throughFile(logData(logs)), 3)).toEqual(logs);
        expect(readLog(throughFile(logData([...logs, log])), 3)).toEqual(rows.length === 0 ? logs : undefined);
        const row = values === null ? null : Float64Array.from(values);
        const decision = { market, index, row, missing: index % 2 === 0 ? null : 'its runner ended "so"\n', review };
        const decisions = isAlone ? [decision] : [decision, { ...decision, market: 0 }];
        expect(readDecisions(throughFile(decisionData(decisions, isAlone)))).toEqual(decisions);
      },
    ),
  );
});

test('a line in which any one byte is another is refused', () => {
  const line = encodeLine({ seq: 7, t: 1_700_000_000_000, type: 'bar', data: { bar: 3, close: 1.25, low: 'NaN' } }).slice(0, -1);
  fc.assert(
    fc.property(fc.nat(line.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
      fc.pre(line.charCodeAt(at) !== code);
      const changed = line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
      expect(decodeLine(changed, 6)).toMatchObject({ kind: 'damaged' });
    }),
    { numRuns: 3000 },
  );
});
