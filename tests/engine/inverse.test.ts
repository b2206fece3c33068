import { describe, expect, it } from 'vitest';
import { type Candle, type CandleOutcome, type CandleRun, flat, runCandles } from './candle-run.ts';
import { checkCandles, type CandleCase } from './candle-table.ts';
import { runMarkets } from './market-run.ts';

/** Worked out by hand, in bitcoin: N contracts of a dollar, bought at p and sold at q, earn N / p - N / q. */
const MARKET = 'BTC/USD:BTC';
const capital = 1;
const LONG = 'enter long when bar_index == 0 size 1000 USD';
const SHORT = 'enter short when bar_index == 0 size 1000 USD';
const EXIT = '\nexit long when bar_index == 1';

const run = (rules: string, candles: readonly Candle[], rest: Partial<CandleRun> = {}): Promise<CandleOutcome> =>
  runCandles({ market: MARKET, capital, rules, candles, ...rest });
const check = (cases: readonly CandleCase[]): void =>
  checkCandles(cases.map(([what, one, ...rest]) => [what, { market: MARKET, capital, ...one }, ...rest]));

/** A run that was refused, in its own words. */
const refusal = (rules: string, rest: Partial<CandleRun> = {}): Promise<string> =>
  run(rules, [flat(100), flat(100)], rest).then(
    () => 'ran',
    (error: unknown) => JSON.stringify(error) + String(error),
  );

describe('profit', () => {
  it('of a long is N * (1 / entry - 1 / exit)', async () => {
    const { document } = await run(LONG + EXIT, [flat(100), flat(100), flat(125)], { capital: 10 });
    // 1000 / 100 - 1000 / 125
    expect(document.trades[0]).toMatchObject({ side: 'long', qty: 1000, entryPrice: 100, exitPrice: 125, profit: 2, profitPct: 20 });
    expect(document.settings.currency).toBe('BTC');
  });

  it('of a short is the negative of it', async () => {
    const { document } = await run(`${SHORT}\nexit short when bar_index == 1`, [flat(100), flat(100), flat(80)], { capital: 10 });
    // 1000 / 80 - 1000 / 100
    expect(document.trades[0]).toMatchObject({ side: 'short', profit: 2.5, profitPct: 25 });
  });

  it('so far counts in the equity', async () => {
    const long = await run(LONG, [flat(100), flat(100), flat(125), flat(80)], { capital: 20 });
    expect([...long.equity]).toEqual([20, 20, 22, 17.5]);
    const short = await run(SHORT, [flat(100), flat(100), flat(125), flat(80)], { capital: 20 });
    expect([...short.equity]).toEqual([20, 20, 18, 22.5]);
  });

  it('a short of all that the account is worth keeps its dollars', async () => {
    const { equity } = await run('enter short when bar_index == 0 size 100% of equity', [flat(100), flat(100), flat(50), flat(400)]);
    expect([...equity]).toEqual([1, 1, 2, 0.25]);
  });

  it('after adds is measured from the price at which all contracts would have cost as many coins', async () => {
    const rules = `${LONG} add 100% when bar_index == 1 max 1 times\nexit long when bar_index == 2`;
    const { document, fills } = await run(rules, [flat(100), flat(100), flat(200), flat(250)], { capital: 100 });
    expect(fills).toEqual(['1 entry 1000 @100', '2 add 1000 @200', '3 exit -2000 @250']);
    // 2000 / (1000 / 100 + 1000 / 200) = 133.33; 10 + 5 - 2000 / 250
    expect(document.trades[0]!.entryPrice).toBeCloseTo(400 / 3, 12);
    expect(document.trades[0]!.profit).toBeCloseTo(7, 12);
  });

  it('of a part is its share', async () => {
    const rules = `${LONG} take 40% at 25%, rest at 100%`;
    const { document } = await run(rules, [flat(100), flat(100), [100, 130, 100, 130], [130, 210, 130, 210]], { capital: 100 });
    // 400 * (1 / 100 - 1 / 125), 600 * (1 / 100 - 1 / 200)
    expect(document.trades.map(({ qty, profit }) => [qty, Number(profit!.toFixed(12))])).toEqual([
      [400, 0.8],
      [600, 3],
    ]);
  });
});

describe('costs', () => {
  it('a fee is a share of N / price', async () => {
    const { rows } = await run(LONG + EXIT, [flat(100), flat(100), flat(125)], { capital: 100, feeRate: 0.001 });
    expect(rows.flatMap((row) => (row.type === 'fill' ? [row.fee] : []))).toEqual([0.01, 0.008]);
  });

  it('funding is N / open * rate, from longs to shorts', async () => {
    const margin = { fundingRate: 0.001, fundingMs: 3_600_000 };
    const long = await run(LONG, [flat(100), flat(100), flat(125)], { capital: 100, margin });
    expect(long.charges).toEqual(['2 funding 0.008']);
    const short = await run(SHORT, [flat(100), flat(100), flat(125)], { capital: 100, margin });
    expect(short.charges).toEqual(['2 funding -0.008']);
  });

  it('the least value of an order is in the coin', async () => {
    const costs = { minNotional: 11 };
    const { events } = await run(LONG, [flat(100), flat(100)], { capital: 100, costs });
    expect(events).toEqual(['0 droppedTooSmall']);
    expect((await run(LONG, [flat(90), flat(90)], { capital: 100, costs })).events).toEqual([]);
  });

  it('a part of the volume is one of contracts', async () => {
    const { fills } = await run(LONG, [flat(100, 6000), flat(100, 6000), flat(100, 6000)], { capital: 100, costs: { participation: 0.1 } });
    expect(fills).toEqual(['1 entry 600 @100', '2 entry 400 @100']);
  });

  it('nothing is lent', async () => {
    expect(await refusal(`costs { borrow 5% }\n${LONG}`)).toContain('nobody lends');
  });

  it('order books are not asked', async () => {
    const costs = { slippage: { rate: 0, models: { depth: 1 } } };
    expect(await refusal(LONG, { costs })).toContain('whether they count coins or contracts');
  });
});

describe('sizes', () => {
  const fill = (qty: number): readonly string[] => [`1 entry ${qty} @100`];
  const one = (what: string, size: string, qty: number, rest: Partial<CandleRun> = {}): CandleCase => [
    what,
    { rules: `account { leverage 10 }\nenter long when bar_index == 0 size ${size}`, ...rest },
    [flat(100), flat(100)],
    fill(qty),
  ];
  check([
    one('dollars are contracts', '150 USD', 150),
    one('coins are converted at the price', '0.5 BTC', 50),
    one('a share of the equity likewise', '200% of equity', 200),
    one('and of the cash', '50% of cash', 50),
    one('contracts are as large as the venue makes them', '3 contracts', 30, { margin: { contract: 10 } }),
    one('max in dollars', '200% of equity max 120 USD', 120),
    one('max in coins', '200% of equity max 1.1 BTC', 110),
    // At the stop a contract has lost 1 / 80 - 1 / 100 = 0.0025.
    one('risk is what is lost at the stop', 'risk 10% of equity stop 20%', 40),
    one('risk in coins', 'risk 0.05 BTC stop 20%', 20),
    // 0.02 a distance of 2, each contract moves by 2 / 100^2 = 0.0002 for it
    one('a unit is measured at the close', '0.02 BTC per 2', 100, {
      rules: 'account { leverage 10 }\nenter long when bar_index == 0 size unit 0.02 BTC per 2%',
    }),
  ]);

  it('the loss at the stop is the risk, on either side', async () => {
    const stopped = async (side: string, bar: Candle): Promise<number> => {
      const rules = `account { leverage 10 }\nenter ${side} when bar_index == 0 size risk 10% of equity stop 20%`;
      const { document } = await run(rules, [flat(100), flat(100), bar], { conventions: { lot: 1e-9 } });
      return document.trades[0]!.profit!;
    };
    expect(await stopped('long', [100, 100, 79, 79])).toBeCloseTo(-0.1, 9);
    expect(await stopped('short', [100, 121, 100, 121])).toBeCloseTo(-0.1, 9);
  });

  check([
    ['are whole contracts', { rules: 'enter long when bar_index == 0 size 0.333 BTC' }, [flat(100), flat(100)], ['1 entry 33 @100']],
    [
      'of the size that the venue gives them',
      { rules: 'enter long when bar_index == 0 size 0.333 BTC', margin: { contract: 10 } },
      [flat(100), flat(100)],
      ['1 entry 30 @100'],
    ],
    [
      'unless a lot is given',
      { rules: 'enter long when bar_index == 0 size 0.333 BTC', conventions: { lot: 0.1 } },
      [flat(100), flat(100)],
      ['1 entry 33.3 @100'],
    ],
    [
      // 1 coin at 100 pays for v = 1 / (1 + 0.001) worth, 99.9 contracts
      'are cut to what the account pays for, fee included',
      { rules: LONG, feeRate: 0.001 },
      [flat(100), flat(100)],
      ['1 entry 99 @100'],
      ['1 cutToCash'],
    ],
    [
      // The account begins with a coin where nobody says otherwise.
      'one coin is the capital that nobody names',
      { rules: 'enter long when bar_index == 0 size 100% of equity', capital: 'file' },
      [flat(100), flat(100)],
      ['1 entry 100 @100'],
    ],
    [
      'Kelly looks at profits as a share of what was entered',
      {
        rules:
          'enter long when bar_index in [0, 2, 4] size kelly fraction 1 over 2 trades min 10 USD\nexit long when bar_index in [1, 3, 5]',
        conventions: { lot: 1e-9 },
      },
      // Won 20 % and lost 12.5 % of it: W - (1 - W) / R = 0.5 - 0.5 * 12.5 / 20 = 0.1875 of an equity of 1 + 0.02 - 0.1 / 7.2, at 80. Of the price it were 25 % and 11.1 %.
      [flat(100), flat(100), flat(125), flat(90), flat(80), flat(100), flat(100)],
      ['1 entry 10 @100', '2 exit -10 @125', '3 entry 10 @90', '4 exit -10 @80', '5 entry 15.09166667 @100', '6 exit -15.09166667 @100'],
    ],
  ]);
});

describe('levels are prices', () => {
  check([
    [
      'stop and target lie in percent of the price',
      { rules: `${LONG} stop 10% take at 20%`, capital: 100 },
      [flat(100), flat(100), [100, 121, 95, 121]],
      ['1 entry 1000 @100', '2 take -1000 @120'],
    ],
    [
      'R is a distance in price',
      { rules: `${LONG} stop 10% take at 2R`, capital: 100 },
      [flat(100), flat(100), [100, 121, 95, 121]],
      ['1 entry 1000 @100', '2 take -1000 @120'],
    ],
    [
      'a trail follows the best price',
      { rules: `${LONG} trail 10%`, capital: 100 },
      [flat(100), flat(100), [100, 200, 100, 200], [200, 200, 150, 150]],
      ['1 entry 1000 @100', '3 trail -1000 @180'],
    ],
    [
      'a stop turns no position, a reversal does',
      {
        rules: 'size 1000 USD\nenter long when bar_index == 0\nenter short when bar_index == 1',
        capital: 100,
        conventions: { opposite: 'reverse' },
      },
      [flat(100), flat(100), flat(110)],
      ['1 entry 1000 @100', '2 exit -1000 @110', '2 entry -1000 @110'],
    ],
  ]);
});

describe('margin', () => {
  it('is cross at leverage 1 where nothing is said: a long that was worth the account is liquidated near half of its price', async () => {
    const { fills, document } = await run('enter long when bar_index == 0 size 100% of equity', [
      flat(100),
      flat(100),
      [100, 100, 60, 60],
      [60, 60, 40, 40],
    ]);
    // 1 + 100 / 100 - v = 0.005 v for v = 100 / p: p = 100 * 1.005 / 2
    expect(fills).toEqual(['1 entry 100 @100', '3 liquidation -100 @50.25']);
    expect(document.settings.margin).toMatchObject({ kind: 'cross', leverage: 1 });
    expect(document.metrics.liquidations).toBe(1);
  });

  it('a short that is worth no more than the account never is', async () => {
    const rules = 'enter short when bar_index == 0 size 100% of equity';
    const { fills } = await run(rules, [flat(100), flat(100), [100, 1e6, 100, 1e6], [1e6, 1e6, 1e6, 1e6]]);
    expect(fills).toEqual(['1 entry -100 @100']);
  });

  // The example of Bybit's help center ("Liquidation Price Calculation under Isolated Mode", inverse perpetual): 60,000 USD at 50,000, leverage 10, rate 0.5 %.
  it.each([
    // [size * (rate + 1)] / [size / entry + size / entry / leverage]
    ['long', 1, (60_000 * 1.005) / (1.2 + 0.12)],
    // [size * (1 - rate)] / [size / entry - size / entry / leverage]
    ['short', -1, (60_000 * 0.995) / (1.2 - 0.12)],
  ] as const)('isolated, the liquidation price of a %s is that of Bybit', async (side, sign, price) => {
    const rules = `account { leverage 10 margin isolated }\nenter ${side} when bar_index == 0 size 60000 USD`;
    const far = 50_000 * (1 - sign * 0.3);
    const bar: Candle = [50_000, Math.max(50_000, far), Math.min(50_000, far), far];
    const { rows } = await run(rules, [flat(50_000), flat(50_000), bar], {
      margin: { maintenance: [{ from: 0, rate: 0.005 }], liquidationRate: 0 },
    });
    const closed = rows.find((row) => row.type === 'fill' && row.kind === 'liquidation');
    expect(closed).toMatchObject({ bar: 2 });
    expect(closed!.type === 'fill' && closed!.price).toBeCloseTo(price, 6);
  });

  it('isolated, no more than its margin is lost', async () => {
    const rules = 'account { leverage 10 margin isolated }\nenter long when bar_index == 0 size 100 USD';
    const { charges, equity } = await run(rules, [flat(100), flat(100), flat(50)]);
    // 100 / 50 - 100 / 100 are lost of a margin of 0.1: the venue bears the rest.
    expect(charges).toEqual(['2 covered -0.9']);
    expect(equity.at(-1)).toBeCloseTo(0.9, 12);
  });

  it('tiers begin at values in the coin', async () => {
    const rules = 'account { leverage 2 margin isolated }\nenter long when bar_index == 0 size 200 USD';
    const maintenance = [
      { from: 0, rate: 0.01 },
      { from: 1, rate: 0.1 },
    ];
    const { rows } = await run(rules, [flat(100), flat(100), [100, 100, 60, 60]], {
      margin: { maintenance, liquidationRate: 0 },
      capital: 2,
    });
    const closed = rows.find((row) => row.type === 'fill' && row.kind === 'liquidation');
    // 1 + 2 - v = 0.1 v - 1 * (0.1 - 0.01): v = 3.09 / 1.1
    expect(closed!.type === 'fill' && closed!.price).toBeCloseTo((200 * 1.1) / 3.09, 9);
  });
});

describe('what a strategy sees', () => {
  const values = async (condition: string): Promise<readonly string[]> => {
    const rules = `account { leverage 10 }\n${LONG}\nexit long when ${condition}`;
    return (await run(rules, [flat(100), flat(100), flat(125), flat(125), flat(125)], { capital: 10 })).fills;
  };
  it.each([
    ['position.size is in contracts', 'position.size == 1000 USD and bar_index == 2'],
    ['position.value is in the coin', 'position.value == 8 BTC'],
    ['position.pnl is in the coin', 'abs(position.pnl - 2 BTC) < 0.000001 BTC'],
    ['position.profit is the move of the price', 'abs(position.profit - 25%) < 0.0001%'],
    ['equity and cash are in the coin', 'abs(equity - 12 BTC) < 0.000001 BTC and abs(cash - 20 BTC) < 0.000001 BTC'],
  ])('%s', async (_, condition) => {
    expect(await values(condition)).toEqual(['1 entry 1000 @100', '3 exit -1000 @125']);
  });

  it.each([
    ['money in dollars', 'risk 50 USD stop 5%', 'the account is in BTC, this is USD'],
    ['a size in a third currency', '50 EUR', 'the contracts are in USD and the account in BTC, this is EUR'],
  ])('%s is refused', async (_, size, words) => {
    expect(await refusal(`enter long when bar_index == 0 size ${size}`)).toContain(words);
  });

  it('capital in dollars is refused', async () => {
    expect(await refusal(`account { capital 1000 USD }\n${LONG}`)).toContain('the account is in BTC, this is USD');
  });
});

describe('limits', () => {
  const bars = [flat(100), flat(100)];
  check([
    ['a position in dollars', { rules: `risk { max position 40 USD }\n${LONG}` }, bars, ['1 entry 40 @100'], ['0 limited']],
    ['a position in coins', { rules: `risk { max position 0.4 BTC }\n${LONG}` }, bars, ['1 entry 40 @100'], ['0 limited']],
    ['the exposure', { rules: `risk { max exposure 30% of equity }\n${LONG}` }, bars, ['1 entry 30 @100'], ['0 limited']],
    ['the leverage', { rules: `account { leverage 10 }\nrisk { max leverage 2 }\n${LONG}` }, bars, ['1 entry 200 @100'], ['0 limited']],
    [
      // 100 / 80 - 100 / 100 = 0.25
      'a loss in coins',
      { rules: `risk { max loss 0.2 BTC then flatten }\nenter long when bar_index == 0 size 100 USD` },
      [flat(100), flat(100), flat(80), flat(80)],
      ['1 entry 100 @100', '3 flatten -100 @80'],
    ],
    [
      // A limit buy at 90 may fill below it, where a contract is worth more: it is valued at the lower of both prices.
      'what rests is valued at the price at which it is worth most',
      { rules: 'risk { max position 0.5 BTC }\nenter long when bar_index == 0 at limit 125 size 100 USD' },
      [flat(100), flat(100)],
      ['1 entry 50 @100'],
      ['0 limited'],
    ],
  ]);
});

describe('several markets', () => {
  const future = 'BTC/USD:BTC-261225';

  it('that settle in one coin share an account', async () => {
    const candles = { [MARKET]: [flat(100), flat(100), flat(125)], [future]: [flat(200), flat(200), flat(200)] };
    const { outcome } = await runMarkets({ rules: LONG, candles, settings: { capital: 100 } });
    // 1000 / 100 - 1000 / 125
    expect([...outcome.equity]).toEqual([100, 100, 102]);
  });

  it('stand behind each other', async () => {
    const candles = { [MARKET]: [flat(100), flat(100), flat(100), flat(60)], [future]: [flat(100), flat(100), flat(200), flat(200)] };
    const rules = 'account { leverage 2 }\nenter long when bar_index == 0 size 100% of equity';
    const { fills } = await runMarkets({ rules, candles, settings: { capital: 1 } });
    // The future has earned 0.5, so that 1 + 0.5 + 1 - v = 0.005 v + 0.005 * 0.5 for v = 100 / p: p = 40.2, which is not reached.
    expect(fills).toEqual(['1 BTC entry 100 @100', '1 BTC entry 100 @100']);
  });

  it.each([
    ['BTC/USD:BTC, ETH/USD:ETH', 'the account is in BTC, this market is in ETH'],
    ['BTC/USD:BTC, BTC/USD', 'the account is in BTC, this market is in USD'],
    ['BTC/USD:BTC, BTC/EUR:BTC', 'contracts of BTC/USD:BTC are in USD, those of this market in EUR'],
  ])('%s have no account in common', async (market, words) => {
    expect(await refusal('enter long when bar_index == 0 size 10% of equity', { market })).toContain(words);
  });

  it('a basket of them is refused', async () => {
    const rules = `basket pair { buy ${MARKET} sell ${future} }\nenter long pair when bar_index == 0 size 10% of equity`;
    expect(await refusal(rules)).toContain('E0801');
  });
});

describe('figures', () => {
  it('are in the coin, to buy and hold it is 0 %', async () => {
    const { document } = await run(LONG + EXIT, [flat(100), flat(100), flat(125)], { capital: 100, feeRate: 0.001, slippageRate: 0.25 });
    const { metrics } = document;
    // 1000 contracts bought at 125 and sold at 93.75: they lose 8 / 3, of which slippage is 10 - 8 and 1000 / 93.75 - 8.
    expect(metrics.buyAndHoldPct).toBe(0);
    expect(metrics.slippage).toBeCloseTo(2 + 1000 / 93.75 - 8, 12);
    expect(metrics.fees).toBeCloseTo(0.008 + 1 / 93.75, 12);
    expect(metrics.netProfit).toBeCloseTo(8 - 1000 / 93.75 - 0.008 - 1 / 93.75, 12);
  });

  it('what an ambiguous bar hides is in the coin', async () => {
    const { document } = await run(`${LONG} stop 20% take at 25%`, [flat(100), flat(100), [100, 130, 70, 100]], { capital: 100 });
    // 1000 / 80 - 1000 / 125
    expect(document.ambiguous.map(({ profit }) => profit)).toEqual([4.5]);
  });
});
