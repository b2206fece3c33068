import { describe, expect, it } from 'vitest';
import { type Candle, flat } from './candle-run.ts';
import { runMarkets } from './market-run.ts';

/** Worked out by hand from docs/engine.md, "Several markets": what is known of each market besides its candles. */
const still = (count: number, price = 100): Candle[] => Array.from({ length: count }, () => flat(price));

describe('splits and dividends of one of several markets', () => {
  const rules = 'enter long when bar_index == 0\nsize 30% of equity';

  it('turn its shares and pay its holder, the account stays what it was', async () => {
    const { fills, outcome, document } = await runMarkets({
      rules,
      candles: { 'A/USD': [...still(3), ...still(3, 50)], 'B/USD': still(6) },
      facts: { 'A/USD': { actions: new Map([[3, { ratio: 2, priceFactor: 0.5 }]]) } },
    });
    // Told in shares of the last day: 30 at 100 are 60 at 50.
    expect(fills).toEqual(['1 A entry 60 @50', '1 B entry 30 @100']);
    expect([...outcome.equity]).toEqual(Array.from({ length: 6 }, () => 10_000));
    expect(document.data[0]!.stock).toMatchObject({ splits: 1, dividends: 0 });
    expect(document.data[1]!).not.toHaveProperty('stock');
    const paid = await runMarkets({
      rules,
      candles: { 'A/USD': [...still(3), ...still(3, 98)], 'B/USD': still(6) },
      facts: { 'A/USD': { actions: new Map([[3, { dividend: 2, priceFactor: 0.98 }]]) } },
    });
    // 30 shares lose 2 and are paid 2.
    expect([...paid.outcome.equity]).toEqual(Array.from({ length: 6 }, () => 10_000));
    expect(paid.document.metrics.dividends).toBeCloseTo(60, 9);
  });

  it('show its history on the new scale, and that of the others as it was', async () => {
    // The mean of three closes is 50 from the split on, where the old scale would say 83 and 67.
    const { fills } = await runMarkets({
      rules: 'enter long when sma(close, 3) > 60 and bar_index == 4\nsize 1 USD',
      candles: { 'A/USD': [...still(3), ...still(4, 50)], 'B/USD': [...still(3), ...still(4, 50)] },
      facts: { 'A/USD': { actions: new Map([[3, { ratio: 2, priceFactor: 0.5 }]]) } },
    });
    expect(fills).toEqual(['5 B entry 0.02 @50']);
  });
});

describe('the end of one of several markets', () => {
  it('closes what is held at its last close, and the others go on with the money', async () => {
    const { fills, outcome } = await runMarkets({
      rules: 'enter long when bar_index == 0 or bar_index == 3\nexit long when bar_index == 2\nsize 50% of equity',
      candles: { 'A/USD': [flat(100), flat(100), [100, 100, 80, 80]], 'B/USD': still(6) },
      facts: { 'A/USD': { isDelisted: true } },
    });
    // 50 at 100 are gone at 80 with the bar that would have decided to sell at the next open; 9,000 are left.
    expect(fills).toEqual(['1 A entry 50 @100', '1 B entry 50 @100', '2 A delisting -50 @80', '3 B exit -50 @100', '4 B entry 45 @100']);
    expect(outcome.equity.at(-1)).toBe(9000);
  });

  it('ends a member of a universe', async () => {
    const { fills } = await runMarkets({
      rules: 'universe {\n  quote USD\n}\nenter long when bar_index >= 0\nsize 100% of equity',
      candles: { 'A/USD': still(3), 'B/USD': still(6) },
      facts: { 'A/USD': { isDelisted: true } },
    });
    expect(fills.slice(0, 3)).toEqual(['1 A entry 50 @100', '1 B entry 50 @100', '2 A delisting -50 @100']);
    // What is left is the only member, and takes all.
    expect(fills.slice(3)).toEqual(['4 B add 50 @100']);
  });
});

describe('finer bars of several markets', () => {
  it('meet their moments in the order of time', async () => {
    // B is the one that trades 2 an hour. A takes its profit in the second quarter, the limit of B is met in the third: its money comes from A.
    const rules =
      'let is_b = volume > 1\nenter long when bar_index == 0 and not is_b\nenter long when bar_index == 1 and is_b at limit 95\nsize 100% of equity\ntake at 5%';
    const traded = (bars: readonly Candle[]): Candle[] => bars.map(([open, high, low, close]) => [open, high, low, close, 2]);
    const candles: Readonly<Record<string, readonly Candle[]>> = {
      'B/USD': traded([...still(2), [100, 100, 94, 94]]),
      'A/USD': [...still(2), [100, 106, 100, 106]],
    };
    const facts = {
      'B/USD': { quarters: [traded(still(4)), traded(still(4)), traded([flat(100), flat(100), [100, 100, 94, 94], flat(94)])] },
      'A/USD': { quarters: [still(4), still(4), [flat(100), [100, 106, 100, 106] as Candle, flat(106), flat(106)]] },
    };
    const known = await runMarkets({ rules, candles, facts });
    // 100 of A are sold at 105; the order of B is for 10,000 at 95.
    expect(known.fills.toSorted()).toEqual(['1 A entry 100 @100', '2 A take -100 @105', '2 B entry 105.2631579 @95']);
    expect(known.document.data.map(({ detail }) => detail?.barsDecided)).toEqual([3, 3]);
    // Bars alone: B is met first, and there is no money.
    expect((await runMarkets({ rules, candles })).fills).toEqual(['1 A entry 100 @100', '2 A take -100 @105']);
  });

  it('of one of them: the others are met as they are, after it', async () => {
    const { fills, document } = await runMarkets({
      rules: 'enter long when bar_index == 0\nsize 10% of equity\nstop 5%\ntake at 5%',
      candles: { 'A/USD': [...still(2), [100, 110, 90, 100]], 'B/USD': [...still(2), [100, 110, 90, 100]] },
      facts: { 'A/USD': { quarters: [still(4), still(4), [flat(100), [100, 110, 100, 110], [110, 110, 90, 90], [90, 100, 90, 100]]] } },
    });
    expect(fills).toEqual(['1 A entry 10 @100', '1 B entry 10 @100', '2 A take -10 @105', '2 B stop -10 @95']);
    expect(document.metrics.ambiguousBars).toBe(1);
    expect(document.data[0]!.detail).toMatchObject({ barsDecided: 3, barsWithout: 0 });
    expect(document.data[1]).not.toHaveProperty('detail');
  });
});

describe('bid and ask, and nights, of several markets', () => {
  it('each buys at its own ask', async () => {
    const { fills } = await runMarkets({
      rules: 'enter long when bar_index == 0\nexit long when bar_index == 1\nsize 1000 USD',
      candles: { 'EUR/USD': still(3), 'GBP/USD': still(3) },
      facts: { 'EUR/USD': { asks: still(3, 125) } },
    });
    // Sized by the ask of the close: 8 of the one, 10 of the other.
    expect(fills).toEqual(['1 EUR entry 8 @125', '1 GBP entry 10 @100', '2 EUR exit -8 @100', '2 GBP exit -10 @100']);
  });

  it('each pays for its nights', async () => {
    // From Monday 2024-01-01 20:00 UTC on: 17:00 in New York is 22:00, between the second and the third bar. 36.5 % a year are 0.1 % a night.
    const { document, outcome } = await runMarkets({
      rules: 'enter long when bar_index == 0\nsize 3000 USD',
      candles: { 'EUR/USD': still(5), 'GBP/USD': still(5) },
      settings: { swapLong: 0.365, swapShort: 0 },
      start: Date.UTC(2024, 0, 1, 20),
    });
    expect(document.metrics.swap).toBeCloseTo(6, 9);
    expect(outcome.equity.at(-1)).toBeCloseTo(10_000 - 6, 9);
  });
});
