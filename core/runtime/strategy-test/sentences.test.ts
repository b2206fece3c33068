import { describe, expect, test } from 'vitest';
import { indexOfPlace, parseBarPlace } from './bar-place.ts';
import { differencesOf, parseFillLine, type TracedFill } from './fill-line.ts';
import { isAsWritten, writtenNumber } from './sentence-fault.ts';
import { parseValueLines } from './value-line.ts';

describe('numbers', () => {
  test.for([
    ['19.8', 19.8, true],
    ['19.8', 19.8000000001, true],
    ['19.8', 19.80001, false],
    ['100', 100.3, false],
    ['about 19.8', 19.849, true],
    ['about 19.8', 19.85, true],
    ['about 19.8', 19.851, false],
    ['~19', 19.4, true],
    ['about 100', 100.6, false],
    ['2%', 0.02, true],
    ['about 2%', 0.0249, true],
    ['about 2.0%', 0.0249, false],
    ['-3', -3, true],
    ['0', 1e-17, true],
    ['1', Number.NaN, false],
  ] as const)('%s of %d', ([text, found, isRight]) => expect(isAsWritten(writtenNumber(text)!, found)).toBe(isRight));

  test.for(['', 'x', '1.', '1e5', '--1', 'about', 'Infinity'])('"%s" is none', (text) => expect(writtenNumber(text)).toBeNull());
});

describe('places', () => {
  test('bars count from 1, times are those of opens', () => {
    const times = Float64Array.of(0, 3_600_000, 7_200_000);
    const index = (text: string): number => {
      const place = parseBarPlace(text);
      return place.ok ? indexOfPlace(place.value, times) : Number.NaN;
    };
    expect(['bar 1', 'bar 3', 'bar 4', '1970-01-01', '1970-01-01 02:00', '1970-01-01T03:00'].map(index)).toEqual([0, 2, -1, 0, 2, -1]);
    expect(['bar 0', 'bar x', 'bar', '1970-13-01', 'bar 1 of nothing at all', 'bar 1 of eth'].map(index)).toEqual(
      Array(6).fill(Number.NaN),
    );
  });
});

const FILL: TracedFill = {
  type: 'fill',
  kind: 'stop',
  bar: 3,
  qty: -20,
  price: 94.5,
  refPrice: 95,
  fee: 0,
  rule: -1,
  market: 'BTC/USDT',
  open: 95,
  close: 93,
  reason: 'over',
  positionAfter: 0,
};

describe('fills', () => {
  test.for([
    ['sell', []],
    ['sell 20 at 94.5 by stop because over', []],
    ['sell all at open', []],
    ['sell about 20.4', ['the quantity is 20']],
    ['sell 19', ['the quantity is 20']],
    ['sell at close', ['it filled at 95, and the close is 93']],
    ['sell @ 95', ['the price is 94.5']],
    ['sell by exit', ['it is by stop']],
    ['sell because all over', ['its reason is "over"']],
  ] as const)('"%s" is met but for %j', ([text, differences]) => {
    const line = parseFillLine('bar 4', text);
    expect(line.ok && differencesOf(line.value, FILL)).toEqual(differences);
  });

  test('what leaves something open is not all', () => {
    const line = parseFillLine('bar 4', 'sell all');
    expect(line.ok && differencesOf(line.value, { ...FILL, positionAfter: 5 })).toEqual(['it left 5 open']);
  });

  test.for([
    ['short 3', /neither buy nor sell/],
    ['buy -3', /is none/],
    ['buy 3 by stpo', /nothing fills by "stpo"/],
    ['buy 3 at', /is no fill/],
    ['buy 3 eth', /is no fill/],
    ['', /is no fill/],
  ] as const)('"%s" is refused', ([text, message]) => {
    expect(parseFillLine('bar 4', text)).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) } });
  });

  test('a line may name its market behind the quantity', () => {
    expect(parseFillLine('bar 4', 'buy 2 ETH/USDT at open')).toMatchObject({ ok: true, value: { place: { market: 'ETH/USDT' } } });
  });
});

describe('values', () => {
  const checks = (text: string): unknown => {
    const lines = parseValueLines('bar 4', text);
    return lines.ok ? lines.value.map(({ check }) => check) : lines.error.message;
  };

  test('commas part checks, but not those of calls', () => {
    expect(checks('sma(close, 5) is about 3.1, x > y, no order')).toMatchObject([
      { kind: 'expression', source: 'sma(close, 5)', value: { value: 3.1, digits: 1 } },
      { kind: 'expression', source: 'x > y', value: true },
      { kind: 'none', what: 'order' },
    ]);
  });

  test.for([
    ['x is na', [{ kind: 'expression', source: 'x', value: 'na' }]],
    ['x is not na', [{ kind: 'expression', source: 'x is not na', value: true }]],
    ['market is calm', [{ kind: 'expression', source: 'market is calm', value: true }]],
    ['up is false', [{ kind: 'expression', source: 'up', value: false }]],
    ['position is -20', [{ kind: 'account', what: 'position', value: { value: -20 } }]],
    ['position.size is 3', [{ kind: 'expression', source: 'position.size', value: { value: 3 } }]],
    ['order sell about 2 at limit 98.5', [{ kind: 'order', side: 'sell', type: 'limit', qty: { value: 2 }, price: { value: 98.5 } }]],
    ['order buy at market', [{ kind: 'order', side: 'buy', type: 'market', qty: null, price: null }]],
  ] as const)('%s', ([text, wanted]) => expect(checks(text)).toMatchObject(wanted));

  test.for(['position is long', 'order', 'order hold 3', 'x is 1..2', 'a,,b'])('"%s" is refused', (text) => {
    expect(typeof checks(text)).toBe('string');
  });
});
