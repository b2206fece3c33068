import { describe, expect, it } from 'vitest';
import { flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand: no order may be worth less than 10. */
const TEN = { minNotional: 10 };
const after = (bar: number, rule: string): string => `${rule} when bar_index == ${bar}`;
const long = (size: string): string => `${after(0, 'enter long')} size ${size}`;

describe('minimum notional', () => {
  checkCandles([
    ['an entry below it is dropped', { rules: long('0.09 BTC'), costs: TEN }, [flat(100), flat(100)], [], ['0 droppedTooSmall']],
    ['at it, it is taken', { rules: long('0.1 BTC'), costs: TEN }, [flat(100), flat(100)], ['1 entry 0.1 @100'], []],
    [
      'a resting entry by its own price',
      { rules: `${after(0, 'enter long')} at limit 90 size 0.11 BTC`, costs: TEN },
      [flat(100), flat(80)],
      [],
      ['0 droppedTooSmall'],
    ],
    [
      'what the cash cuts below it is dropped',
      { rules: long('1 BTC'), costs: TEN, capital: 9 },
      [flat(100), flat(100)],
      [],
      ['1 cutToCash', '1 droppedTooSmall'],
    ],
    [
      'an add below it is dropped',
      { rules: `${long('1 BTC')} ${after(1, 'add 5%')} max 1 times`, costs: TEN },
      [flat(100), flat(100), flat(100)],
      ['1 entry 1 @100'],
      ['1 droppedTooSmall'],
    ],
    [
      'a partial exit that would leave less closes all',
      { rules: `${long('0.15 BTC')}\n${after(1, 'exit long 50%')}`, costs: TEN },
      [flat(100), flat(100), flat(100)],
      ['1 entry 0.15 @100', '2 exit -0.15 @100'],
    ],
    [
      'a partial exit that is worth less is dropped',
      { rules: `${long('1 BTC')}\n${after(1, 'exit long 5%')}`, costs: TEN },
      [flat(100), flat(100), flat(100)],
      ['1 entry 1 @100'],
      ['2 droppedTooSmall'],
    ],
    [
      'a target likewise, at its own price',
      { rules: `${long('0.2 BTC')} take 45% at 10%, rest at 20%`, costs: TEN },
      // 0.09 at 110 are 9.9.
      [flat(100), flat(100), flat(111), flat(121)],
      ['1 entry 0.2 @100', '3 take -0.2 @121'],
      ['2 droppedTooSmall'],
    ],
    [
      'all of a position may always leave',
      { rules: `${long('0.1 BTC')}\n${after(1, 'exit long')}`, costs: TEN },
      [flat(100), flat(100), flat(50)],
      ['1 entry 0.1 @100', '2 exit -0.1 @50'],
    ],
    [
      'the parts of an order may be worth less',
      { rules: long('1 BTC'), costs: { ...TEN, participation: 0.05 } },
      [flat(100), flat(100), flat(100, 100)],
      ['1 entry 0.05 @100', '2 entry 0.95 @100'],
    ],
  ]);
});

describe('dust', () => {
  it('a position that is halved at every bar is closed at last, and never gets too small to be a number', async () => {
    const rules = `${long('1 BTC')}\nexit long 50% when bar_index >= 1`;
    const { fills, document } = await runCandles({ rules, candles: Array.from({ length: 60 }, () => flat(100)), capital: 1000 });
    // 100 / 2^k are less than a billionth of 1,000 from k = 27 on.
    expect(fills.slice(0, 3)).toEqual(['1 entry 1 @100', '2 exit -0.5 @100', '3 exit -0.25 @100']);
    expect(fills).toHaveLength(1 + 27);
    expect(document.trades.at(-1)!.exitTime).not.toBeNull();
  });

  it('the engine does as the inlined broker', async () => {
    const rules = `${long('1 BTC')}\nexit long 50% when bar_index >= 1`;
    const candles = Array.from({ length: 60 }, () => flat(100, 10));
    const [inlined, engine] = await Promise.all([
      runCandles({ rules, candles, capital: 1000 }),
      runCandles({ rules, candles, capital: 1000, costs: { participation: 0.99 } }),
    ]);
    expect(engine.fills.slice(-20)).toEqual(inlined.fills.slice(-20));
  });
});
