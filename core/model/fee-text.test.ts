import { describe, expect, it } from 'vitest';
import { parseFee } from './fee-text.ts';

const near = (x: number): unknown => expect.closeTo(x, 15);

describe('a fee as a text', () => {
  it.each([
    ['0.1%', 0.001, 0.001],
    ['10bp', 0.001, 0.001],
    ['0', 0, 0],
    ['0.02%/0.05%', 0.0002, 0.0005],
    ['0/5bp', 0, 0.0005],
  ])('%s', (text, maker, taker) => {
    expect(parseFee(text)).toEqual({ maker: near(maker), taker: near(taker), models: null });
  });

  it('tiers', () => {
    expect(parseFee('0.1%,1000000:0.09%/0.1%, 5000000:8bp')).toEqual({
      maker: near(0.001),
      taker: near(0.001),
      models: {
        tiers: [
          { from: 0, maker: near(0.001), taker: near(0.001) },
          { from: 1_000_000, maker: near(0.0009), taker: near(0.001) },
          { from: 5_000_000, maker: near(0.0008), taker: near(0.0008) },
        ],
      },
    });
  });

  it('an amount for each unit', () => {
    expect(parseFee('unit:0.005')).toEqual({ maker: 0, taker: 0, models: { perUnit: 0.005 } });
    expect(parseFee('unit:0.005:1')).toEqual({ maker: 0, taker: 0, models: { perUnit: 0.005, least: 1 } });
  });

  it.each([
    '',
    '0.1',
    '100%',
    '-1%',
    '0.1%/',
    '0.1%/0.2%/0.3%',
    '0.1%,0.2%',
    '0.1%,5:0.2%,5:0.3%',
    '0.1%,0:0.2%',
    '0.1%,',
    '0.1%,1e9:1%',
    'unit:',
    'unit:0',
    'unit:1:1:1',
    'unit:-1',
    `0.1%${Array.from({ length: 12 }, (_, place) => `,${place + 1}:0.1%`).join('')}`,
  ])('refuses "%s"', (text) => {
    expect(parseFee(text)).toBeNull();
  });
});
