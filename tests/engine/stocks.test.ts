import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';

/** In shares of the last day, as every result is. */
const near = (expected: number): object => expect.closeTo(expected, 9);

describe('stocks', () => {
  test('split over a position: quantity, average price, stop and target go with it, and no money is made', async () => {
    // Ten shares at 400; four for one; the target at 440 is at 110 then, and fills.
    const { document, equity, fills } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 10%\ntake at 10%',
      candles: [flat(400), flat(400), flat(420), flat(105), [105, 111, 104, 110], flat(110)],
      actions: new Map([[3, { ratio: 4, priceFactor: 0.25 }]]),
    });
    expect([...equity]).toEqual([100_000, 100_000, 100_200, 100_200, 100_400, 100_400]);
    expect(fills).toEqual(['1 entry 40 @100', '4 take -40 @110']);
    expect(document.trades).toMatchObject([
      { qty: 40, entryPrice: 100, exitPrice: near(110), profit: near(400), exitReason: 'take', mae: 0, mfe: near(10) },
    ]);
  });

  test('a stop goes with the split, and is not set off by it', async () => {
    const { fills } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop at close - 40',
      candles: [flat(400), flat(400), flat(100), flat(100), [100, 100, 89, 95], flat(95)],
      actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
    });
    expect(fills).toEqual(['1 entry 40 @100', '4 stop -40 @90']);
  });

  test('orders that rest go with the split: entries and adds, in price and in quantity', async () => {
    const entry = await runCandles({
      rules: 'enter long when bar_index == 0 at limit 360\nsize 10 BTC\nstop 50%',
      candles: [flat(400), flat(400), flat(100), [100, 100, 85, 95], flat(95)],
      actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
    });
    expect(entry.fills).toEqual(['3 entry 40 @90']);
    const add = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 50%\nadd every 10% against max 2 times',
      candles: [flat(400), flat(400), flat(100), [100, 100, 85, 95], flat(95)],
      actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
    });
    expect(add.fills).toEqual(['1 entry 40 @100', '3 add 40 @90']);
  });

  test.each([
    {
      what: 'R, which targets are measured in',
      rules: 'stop 10%\ntake at 2R',
      candles: [flat(100), [100, 121, 100, 120]],
      fills: ['3 take -40 @120'],
    },
    {
      what: 'the price at which a trail starts',
      rules: 'trail 5% after 10%',
      candles: [flat(100), [100, 112, 100, 112], [112, 112, 105, 105]],
      fills: ['4 trail -40 @106.4'],
    },
    { what: 'a stop that waits for closes', rules: 'stop 10% closing', candles: [flat(95), flat(89), flat(88)], fills: ['4 stop -40 @88'] },
  ] as const)('a split goes with $what', async ({ rules, candles, fills }) => {
    const run = {
      rules: `enter long when bar_index == 0\nsize 10 BTC\n${rules}`,
      actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
    };
    expect((await runCandles({ ...run, candles: [flat(400), flat(400), ...candles] })).fills).toEqual(['1 entry 40 @100', ...fills]);
  });

  test('and with what a bar has left of a target', async () => {
    const { fills } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 50%\ntake 50% at 25%, rest at 100%',
      candles: [flat(400, 100), flat(400, 100), flat(500, 8), flat(126, 1000), flat(126, 1000)],
      actions: new Map([[3, { ratio: 4, priceFactor: 0.25 }]]),
      costs: { participation: 0.5 },
    });
    expect(fills).toEqual(['1 entry 40 @100', '2 take -16 @125', '3 take -4 @126']);
  });

  describe('a place in a queue is kept', () => {
    const splitBefore = (bar: number): ReadonlyMap<number, { readonly ratio: number; readonly priceFactor: number }> =>
      new Map([[bar, { ratio: 4, priceFactor: 0.25 }]]);
    const queued = { costs: { queue: { share: 0.5 } } };

    test('by an entry: what stood ahead of it is as many new shares', async () => {
      // Half of 8 shares are ahead: 16 new ones, of which 20 trade. What traded before the split, a thousand, is nothing to it.
      const entry = { ...queued, rules: 'enter long when bar_index == 0 at limit 360\nsize 10 BTC\nstop 50%', actions: splitBefore(2) };
      const bars = [flat(400, 8), flat(390, 1000)];
      expect((await runCandles({ ...entry, candles: [...bars, flat(90, 20), flat(95)] })).fills).toEqual(['2 entry 40 @90']);
      expect((await runCandles({ ...entry, candles: [...bars, flat(90, 12), flat(95)] })).fills).toEqual([]);
    });

    test('by a target', async () => {
      // It joins behind half of 8 shares on the bar of the entry.
      const target = { ...queued, rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 50%\ntake at 25%', actions: splitBefore(3) };
      const bars = [flat(400, 8), flat(400, 1000), flat(420, 1000)];
      expect((await runCandles({ ...target, candles: [...bars, flat(125, 40), flat(100)] })).fills).toEqual([
        '1 entry 40 @100',
        '3 take -40 @125',
      ]);
      expect((await runCandles({ ...target, candles: [...bars, flat(125, 12), flat(100)] })).fills).toEqual(['1 entry 40 @100']);
    });

    test('and who joins after it stands behind the new shares of the bar before', async () => {
      // Half of 8 shares, which are 32 by then.
      const late = { ...queued, rules: 'enter long when bar_index == 1 at limit 360\nsize 10 BTC\nstop 50%', actions: splitBefore(2) };
      const bars = [flat(400), flat(400, 8)];
      expect((await runCandles({ ...late, candles: [...bars, flat(90, 12), flat(95)] })).fills).toEqual([]);
      expect((await runCandles({ ...late, candles: [...bars, flat(90, 20), flat(95)] })).fills).toEqual(['2 entry 40 @90']);
    });
  });

  test('what a bar has left of an exit goes with the split', async () => {
    // Five of ten shares leave: two in the bar that trades four, and three, which are twelve then.
    const { fills, equity } = await runCandles({
      rules: 'enter long when bar_index == 0\nexit long 50% when bar_index == 1\nsize 10 BTC\nstop 50%',
      candles: [flat(400, 100), flat(400, 100), flat(400, 4), flat(100, 400), flat(100, 400)],
      actions: new Map([[3, { ratio: 4, priceFactor: 0.25 }]]),
      costs: { participation: 0.5 },
    });
    expect(fills).toEqual(['1 entry 40 @100', '2 exit -8 @100', '3 exit -12 @100']);
    expect(equity.at(-1)).toBe(100_000);
  });

  test('a reverse split of a short', async () => {
    const { fills, equity } = await runCandles({
      rules: 'enter short when bar_index == 0\nexit short when bar_index == 3\nsize 80 BTC\nstop 50%',
      candles: [flat(5), flat(5), flat(40), flat(36), flat(36)],
      actions: new Map([[2, { ratio: 0.125, priceFactor: 8 }]]),
    });
    expect(fills).toEqual(['1 entry -10 @40', '4 exit 10 @36']);
    expect(equity.at(-1)).toBe(100_040);
  });

  test('a dividend is paid to who held the share at the close before, and by who was short', async () => {
    const dividend = { dividend: 2, priceFactor: 0.98 };
    const run = (side: string, bar: number): ReturnType<typeof runCandles> =>
      runCandles({
        rules: `enter ${side} when bar_index == ${bar}\nsize 10 BTC\nstop 50%`,
        candles: [flat(100), flat(100), flat(98), flat(98)],
        actions: new Map([[2, dividend]]),
      });
    const [long, short, late] = [await run('long', 0), await run('short', 0), await run('long', 1)];
    expect(long.charges).toEqual(['2 dividend -20']);
    expect(short.charges).toEqual(['2 dividend 20']);
    // It fills at the open that is without the dividend.
    expect(late.charges).toEqual([]);
    for (const { equity } of [long, short, late]) expect([...equity]).toEqual([100_000, 100_000, 100_000, 100_000]);
    expect([long, short, late].map(({ document }) => document.metrics.dividends)).toEqual([20, -20, 0]);
  });

  test('a dividend and a split before one open: the dividend is for the shares of before', async () => {
    const { charges, equity } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 50%',
      candles: [flat(100), flat(100), flat(49), flat(49)],
      actions: new Map([[2, { dividend: 2, ratio: 2, priceFactor: 0.49 }]]),
    });
    expect(charges).toEqual(['2 dividend -20']);
    expect(equity.at(-1)).toBe(100_000);
  });

  test('signals see no jump, and the price of the day', async () => {
    const run = (rule: string): ReturnType<typeof runCandles> =>
      runCandles({
        rules: `enter long when ${rule}\nsize 1 BTC\nstop 90%`,
        candles: [flat(400), flat(404), flat(100), flat(101), flat(102)],
        actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
        conventions: { warmup: 'first' },
      });
    // 404 to 100 is no fall of three quarters.
    expect((await run('close < close[1] * 0.9')).fills).toEqual([]);
    expect((await run('close < close[1] and close[1] == 101')).fills).toHaveLength(1);
    expect((await run('close == 100')).fills).toHaveLength(1);
    expect((await run('close == 404')).fills).toHaveLength(1);
  });

  test('delisting: what is held goes at the last close with its own reason, and no order is left', async () => {
    const { fills, equity, document } = await runCandles({
      rules: 'enter long when bar_index == 0 or bar_index == 3\nsize 10 BTC\nstop 50%',
      candles: [flat(100), flat(100), flat(100), [90, 95, 60, 80]],
      isDelisted: true,
      feeRate: 0.01,
    });
    expect(fills).toEqual(['1 entry 10 @100', '3 delisting -10 @80']);
    // Ten shares, and the fees of both fills.
    expect(equity.at(-1)).toBe(100_000 - 200 - 10 - 8);
    expect(document.trades).toMatchObject([{ exitReason: 'delisting', mae: 40 }]);
  });
});

/** Rules in which no plain number is a price or a quantity: what they do does not depend on what a share is. */
const SCALE_FREE = [
  'enter long when close > close[1]\nexit long when close < close[2]\nsize 50% of equity\nstop 2 atr(3)\ntrail 3 atr(3) after 1R\ntake 40% at 1R, rest at 3R',
  'enter short when close < close[1] at limit high good for 3 bars\nsize risk 2% of equity max 80% of equity\nstop at highest(high, 3) * 1.05\nbreakeven after 0.5R\ntimeout 6 bars',
  'enter long when close > close[1] at stop high\nsize 20% of equity\nstop 10% moving\nadd every 2% against max 3 times scale 2\nadd 50% when close > last_fill max 2 times',
  'long { enter when rsi(close, 3) < 40\nexit when position.profit > 2%\nsize 30% of equity\nstop 8% }\nshort { enter when rsi(close, 3) > 60\nexit when close < entry.price * 0.97 at limit low\nsize 30% of equity\nstop 5% }',
];

const anyCandles = fc.array(fc.tuple(fc.double({ min: -0.05, max: 0.05, noNaN: true }), fc.double({ min: 0, max: 0.03, noNaN: true })), {
  minLength: 40,
  maxLength: 60,
});

function candlesOf(moves: readonly (readonly [number, number])[]): Candle[] {
  let price = 100;
  return moves.map(([move, width]) => {
    const open = price;
    price *= 1 + move;
    return [open, Math.max(open, price) * (1 + width), Math.min(open, price) * (1 - width), price, 1000];
  });
}

test('a split of a power of two changes nothing of what a strategy earns, to the last bit', async () => {
  let fills = 0;
  let others = 0;
  await fc.assert(
    fc.asyncProperty(
      anyCandles,
      fc.constantFrom(...SCALE_FREE),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom(0.25, 2, 4)), { minLength: 1, maxLength: 3 }),
      fc.constantFrom({}, { participation: 0.1 }, { slippage: { rate: 0.001, models: { squareRoot: 1, volumeShare: 0.1 } } }),
      async (moves, rules, splits, costs) => {
        const actions = new Map(splits.map(([bar, ratio]) => [bar, { ratio, priceFactor: 1 / ratio }]));
        const candles = candlesOf(moves);
        // What a share of the last day was before its splits.
        const raw = candles.map((candle, index): Candle => {
          const before = [...actions].reduce((product, [bar, { ratio }]) => (bar > index ? product * ratio : product), 1);
          const [open, high, low, close, volume = 0] = candle;
          return [open * before, high * before, low * before, close * before, volume / before];
        });
        const run = { rules, costs, feeRate: 0.001, slippageRate: 0.0005, conventions: { warmup: 'first' } as const };
        const whole = await runCandles({ ...run, candles });
        const split = await runCandles({ ...run, candles: raw, actions });
        expect([...split.equity]).toEqual([...whole.equity]);
        expect(split.rows).toEqual(whole.rows);
        expect(split.document.trades).toEqual(whole.document.trades);
        fills += whole.fills.length;
        // Who does not know of the splits sees prices fall and rise that did not.
        if (String((await runCandles({ ...run, candles: raw })).equity) !== String(whole.equity)) others += 1;
      },
    ),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 25) },
  );
  expect(fills).toBeGreaterThan(50);
  expect(others).toBeGreaterThan(10);
});

test('nothing is known of later splits and dividends', async () => {
  await fc.assert(
    fc.asyncProperty(anyCandles, fc.constantFrom(...SCALE_FREE), fc.integer({ min: 2, max: 20 }), async (moves, rules, at) => {
      const candles = candlesOf(moves);
      const run = { rules, candles, feeRate: 0.001, conventions: { warmup: 'first' } as const };
      const early = [1, { ratio: 3, priceFactor: 0.3, dividend: 1 }] as const;
      const [none, later] = [
        await runCandles({ ...run, actions: new Map([early]) }),
        await runCandles({ ...run, actions: new Map([early, [at, { ratio: 7, priceFactor: 0.1, dividend: 1 }]]) }),
      ];
      expect(later.equity.slice(0, at)).toEqual(none.equity.slice(0, at));
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 10) },
  );
});
