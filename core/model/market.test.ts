import { describe, expect, test } from 'vitest';
import type { Market } from './market.ts';
import { marketName, matchMarkets, parseFileMarket, parseMarket } from './market.ts';

const of = (name: string): Market => parseMarket(name) ?? expect.fail(`${name} is no market`);

describe('parseMarket', () => {
  test.for([
    ['BTC/USDT', 'BTC', 'USDT', null, null],
    ['BTC/USDT:USDT', 'BTC', 'USDT', 'USDT', null],
    ['BTC/USD:BTC', 'BTC', 'USD', 'BTC', null],
    ['BTC/USDT:USDT-261225', 'BTC', 'USDT', 'USDT', '261225'],
    ['1000PEPE/USDT:USDT', '1000PEPE', 'USDT', 'USDT', null],
    ['SPY', 'SPY', null, null, null],
    ['BRK.B', 'BRK.B', null, null, null],
    ['BRK-B/USD', 'BRK-B', 'USD', null, null],
  ] as const)('reads %s, and its parts give the name back', ([name, base, quote, settle, expiry]) => {
    const market = parseMarket(name);
    expect(market).toEqual({ name, base, quote, settle, expiry });
    expect(marketName({ base, quote, settle, expiry })).toBe(name);
  });

  test.for([
    '',
    '/',
    'BTC/',
    '/USDT',
    'BTC/USDT:',
    'BTC/USDT:USDT-',
    'BTC/USDT:USDT-261325',
    'BTC/USDT:USDT-261200',
    'BTC/USDT:USDT-261225-C',
    'BTC/USDT/EUR',
    'btc/usdt',
    ' BTC/USDT',
    'BTC/USDT\n',
    'BTC-/USDT',
    '..',
    '../ETC',
    '__PROTO__',
    '123',
    'ВТС/USDT',
    `${'A'.repeat(33)}/USDT`,
    'BTC/US.DT',
    'BTC:USDT',
  ])('refuses %j', (text) => {
    expect(parseMarket(text)).toBeNull();
  });
});

test.for([
  ['BTC-USDT', 'BTC/USDT'],
  ['btc-usdt', 'BTC/USDT'],
  ['BRK.B-USD', 'BRK.B/USD'],
  ['BRK-B-USD', 'BRK-B/USD'],
  ['SPY', 'SPY'],
  ['BTC-USDT-261225', 'BTC/USDT:USDT-261225'],
] as const)('parseFileMarket reads %s as %s', ([text, name]) => {
  expect(parseFileMarket(text)?.name).toBe(name);
});

describe('matchMarkets', () => {
  const match = (wanted: readonly string[], offered: readonly (string | null)[]): unknown =>
    matchMarkets(
      wanted.map(of),
      offered.map((name) => (name === null ? null : of(name))),
    );

  test('takes the same name before the same pair before the same base', () => {
    expect(match(['BTC/USDT:USDT'], ['BTC/EUR', 'BTC/USDT', 'BTC/USDT:USDT'])).toEqual([{ found: true, index: 2, by: 'exact' }]);
    expect(match(['BTC/USDT:USDT'], ['BTC/EUR', 'BTC/USDT'])).toEqual([{ found: true, index: 1, by: 'pair' }]);
    expect(match(['BTC/USDT', 'ETH/USDT'], ['ETH/USDT', 'BTC/EUR'])).toEqual([
      { found: true, index: 1, by: 'base' },
      { found: true, index: 0, by: 'exact' },
    ]);
  });

  test('a ticker takes its pair', () => {
    expect(match(['SPY'], ['IWM/USD', 'SPY/USD'])).toEqual([{ found: true, index: 1, by: 'base' }]);
  });

  test('several files that fit equally well are refused', () => {
    expect(match(['SPY'], ['SPY/USD', 'SPY/EUR'])).toEqual([{ found: false, candidates: [0, 1] }]);
    expect(match(['BTC/USDT'], ['BTC/USDT', 'BTC/USDT'])).toEqual([{ found: false, candidates: [0, 1] }]);
  });

  test('one file serves one market whatever it is called, but not one of two', () => {
    expect(match(['BTC/USDT'], [null])).toEqual([{ found: true, index: 0, by: 'only' }]);
    expect(match(['BTC/USDT'], ['ETH/USDT'])).toEqual([{ found: true, index: 0, by: 'only' }]);
    expect(match(['BTC/USDT', 'ETH/USDT'], ['ETH/USDT'])).toEqual([
      { found: false, candidates: [] },
      { found: true, index: 0, by: 'exact' },
    ]);
  });
});
