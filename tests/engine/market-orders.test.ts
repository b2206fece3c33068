import { describe, expect, test } from 'vitest';
import { type Candle, type CandleRun, flat, runCandles } from './candle-run.ts';

/**
 * What both know, the broker that is inlined into plain strategies and the engine: with a timeout that never comes a strategy takes the engine. Expected fills are
 * worked out by hand from docs/engine.md.
 */
const FORMS = [
  { form: 'inlined', more: '' },
  { form: 'the engine', more: '\ntimeout 1000 bars' },
];

interface Case {
  readonly what: string;
  readonly rules: string;
  readonly candles: readonly Candle[];
  readonly fills: readonly string[];
  readonly events?: readonly string[];
  readonly run?: Omit<CandleRun, 'rules' | 'candles'>;
}

const BUY = 'enter long when bar_index == 0\n';
const SELL = 'enter short when bar_index == 0\n';
const LEAVE = 'exit long when bar_index == 1\n';

const CASES: readonly Case[] = [
  {
    what: 'an entry decided on one bar fills at the open of the next, worse by the slippage',
    rules: `${BUY}size 2 BTC`,
    candles: [flat(10), [20, 30, 15, 25]],
    fills: ['1 entry 2 @20.2'],
    run: { slippageRate: 0.01 },
  },
  {
    what: 'a short is sold lower and bought back higher',
    rules: `${SELL}exit short when bar_index == 1\nsize 2 BTC`,
    candles: [flat(10), flat(10), flat(10)],
    fills: ['1 entry -2 @9.9', '2 exit 2 @10.1'],
    run: { slippageRate: 0.01 },
  },
  {
    what: 'a reversal closes and opens at one open, the exit first',
    rules: `${BUY}${LEAVE}enter short when bar_index == 1\nsize 2 BTC`,
    candles: [flat(10), flat(10), flat(12)],
    fills: ['1 entry 2 @10', '2 exit -2 @12', '2 entry -2 @12'],
  },
  {
    what: 'a reversal from a short stays within the exposure bound: its cash holds what it sold',
    rules: `${SELL}exit short when bar_index == 1\nenter long when bar_index == 1\nsize 50% of cash`,
    candles: [flat(10), flat(10), flat(10)],
    fills: ['1 entry -50 @10', '2 exit 50 @10', '2 entry 50.00000005 @10'],
    events: ['1 limited'],
    run: { capital: 1000 },
  },
  {
    what: 'a share of the cash is risked of what a short has sold, too',
    rules: `${SELL}exit short when bar_index == 1\nenter long when bar_index == 1\nsize risk 1% of cash\nstop 10%`,
    candles: [flat(10), flat(10), flat(10)],
    // 10 of 1,000 at 1 a unit; then 11 of 1,100, of which the exposure bound, a tenth of the equity, leaves 10.
    fills: ['1 entry -10 @10', '2 exit 10 @10', '2 entry 10.00000001 @10'],
    events: ['1 limited'],
    run: { capital: 1000 },
  },
  {
    what: 'a position that ends as it began is neither won nor lost',
    rules: `${BUY}${LEAVE}enter long when bar_index == 3 and trades.count == 1 and trades.losses == 0 and trades.wins == 0\nsize 2 BTC`,
    candles: [flat(10), flat(10), flat(10), flat(10), flat(10)],
    fills: ['1 entry 2 @10', '2 exit -2 @10', '4 entry 2 @10'],
  },
  {
    what: 'a win ends a row of losses',
    rules:
      'enter long when bar_index in [0, 2, 4] or (bar_index == 6 and trades.losing_streak == 1)\nexit long when bar_index in [1, 3, 5]\nsize 2 BTC',
    candles: [10, 10, 9, 9, 10, 10, 9, 9].map((price) => flat(price)),
    fills: ['1 entry 2 @10', '2 exit -2 @9', '3 entry 2 @9', '4 exit -2 @10', '5 entry 2 @10', '6 exit -2 @9', '7 entry 2 @9'],
  },
  {
    what: 'a partial exit sells its share, rounded down to the lot',
    rules: `${BUY}exit long 50% when bar_index == 1\nsize 3 BTC`,
    candles: [flat(10), flat(10), flat(10)],
    fills: ['1 entry 3 @10', '2 exit -1 @10'],
    run: { conventions: { lot: 1 } },
  },
  {
    what: 'an order above the cash is cut to what the cash pays for, fee included, and the cut is told',
    rules: `${BUY}size 1000 BTC`,
    candles: [flat(10), flat(10)],
    fills: ['1 entry 80 @10'],
    events: ['1 cutToCash'],
    run: { feeRate: 0.25, capital: 1000 },
  },
  {
    what: 'a short needs as much cash as it is worth',
    rules: `${SELL}size 1000 BTC`,
    candles: [flat(10), flat(10)],
    fills: ['1 entry -80 @10'],
    events: ['1 cutToCash'],
    run: { feeRate: 0.25, capital: 1000 },
  },
  {
    what: 'an order of which the cash pays for no lot is dropped',
    rules: `${BUY}size 1 BTC`,
    candles: [flat(10), flat(2000)],
    fills: [],
    events: ['1 droppedTooSmall'],
    run: { capital: 1000, conventions: { lot: 1 } },
  },
  {
    what: 'a quantity that is fixed at the fill is made with its price',
    rules: `${BUY}size 500 USDT`,
    candles: [flat(10), flat(12.5)],
    fills: ['1 entry 40 @12.5'],
    run: { conventions: { sizeAt: 'fill' } },
  },
  {
    what: 'and with its limits',
    rules: `${BUY}size 90 BTC max 500 USDT min 100 USDT`,
    candles: [flat(10), flat(12.5)],
    fills: ['1 entry 40 @12.5'],
    run: { conventions: { sizeAt: 'fill' } },
  },
  {
    what: 'and of risk with the stop of that price',
    rules: `${BUY}size risk 50 USDT\nstop 10%`,
    candles: [flat(10), flat(12.5)],
    fills: ['1 entry 40 @12.5'],
    run: { conventions: { sizeAt: 'fill' } },
  },
  {
    what: 'with a tick a buy is rounded up and a sale down',
    rules: `${BUY}${LEAVE}size 2 BTC`,
    candles: [flat(10), flat(10), flat(10)],
    fills: ['1 entry 2 @10.5', '2 exit -2 @9.5'],
    run: { slippageRate: 0.001, conventions: { tick: 0.5 } },
  },
  {
    what: 'closeAtEnd leaves at the open of the last bar and takes no entry after the last but one',
    rules: 'enter long when close > 0\nsize 2 BTC',
    candles: [flat(10), flat(10), flat(10), [13, 14, 12, 14]],
    fills: ['1 entry 2 @10', '3 end -2 @13'],
    run: { conventions: { closeAtEnd: true } },
  },
  {
    what: 'with fills at the close an order fills on its own bar',
    rules: `${BUY}${LEAVE}size 2 BTC`,
    candles: [[10, 12, 9, 11], [12, 14, 12, 13], flat(13)],
    fills: ['0 entry 2 @11', '1 exit -2 @13'],
    run: { conventions: { fillAt: 'close' } },
  },
  {
    what: 'a stop that is touched fills at its level',
    rules: `${BUY}size 2 BTC\nstop 20%`,
    candles: [flat(10), flat(10), [10, 10, 7, 9]],
    fills: ['1 entry 2 @10', '2 stop -2 @8'],
  },
  {
    what: 'a bar that opens beyond the stop fills at its open',
    rules: `${BUY}size 2 BTC\nstop 20%`,
    candles: [flat(10), flat(10), [6, 9, 5, 7]],
    fills: ['1 entry 2 @10', '2 stop -2 @6'],
  },
  {
    what: 'the stop of an entry acts from its own bar on',
    rules: `${BUY}size 2 BTC\nstop 10%`,
    candles: [flat(10), [10, 11, 8.5, 10]],
    fills: ['1 entry 2 @10', '1 stop -2 @9'],
  },
  {
    what: 'of several stops the tightest counts',
    rules: `${BUY}size 2 BTC\nstop 40%\nstop 10%\nstop at 8`,
    candles: [flat(10), flat(10), [10, 10, 7, 9]],
    fills: ['1 entry 2 @10', '2 stop -2 @9'],
  },
  {
    what: 'a trail follows the best price, never back',
    rules: `${BUY}size 2 BTC\ntrail 20%`,
    candles: [flat(10), [10, 15, 10, 14], [14, 14, 13, 14], [14, 14, 11, 13]],
    fills: ['1 entry 2 @10', '3 trail -2 @12'],
  },
  {
    what: 'a trail after a gain in R starts once the gain was seen, and acts from the next bar on',
    rules: `${BUY}size 2 BTC\nstop 20%\ntrail 10% after 2R`,
    candles: [flat(10), [10, 13.9, 10, 13], [13, 14, 12, 14], [13, 13, 12, 13]],
    fills: ['1 entry 2 @10', '3 trail -2 @12.6'],
  },
  {
    what: 'a lot larger than the order drops it',
    rules: `${BUY}size 2 BTC`,
    candles: [flat(10), flat(10)],
    fills: [],
    events: ['0 droppedTooSmall'],
    run: { conventions: { lot: 5 } },
  },
  ...[
    { what: 'a size that is na', block: 'size (if close > 100 then close / open else na) * 1 BTC' },
    { what: 'a size of zero', block: 'size (close - close) / close * 1 BTC' },
    { what: 'a stop at the price', block: 'size 1 BTC\nstop at close' },
    { what: 'a stop beyond the price', block: 'size 1 BTC\nstop at close * 1.1' },
    { what: 'a stop that is na', block: 'size 1 BTC\nstop at (if close > 100 then low else na)' },
    { what: 'a trail that is na', block: 'size 1 BTC\ntrail (if close > 100 then close - 50 else na)' },
    { what: 'a ceiling that is na', block: 'size 1 BTC max (if close > 100 then close / open else na) * 1 USDT' },
    { what: 'a floor that is na', block: 'size 1 BTC min (if close > 100 then close / open else na) * 1 USDT' },
  ].map(({ what, block }) => ({
    what: `${what} drops the order`,
    rules: `${BUY}${block}`,
    candles: [flat(10), flat(10)],
    fills: [],
    events: ['0 droppedInvalid'],
  })),
  ...[
    { size: '50 USDT', qty: 5 },
    { size: '10% of equity', qty: 10 },
    { size: '20% of cash', qty: 20 },
    { size: 'risk 6 USDT\nstop 20%', qty: 3 },
    { size: 'risk 1% of equity\nstop 10%', qty: 10 },
    { size: 'risk 1% of equity\nstop 5%\nstop 20%', qty: 20 },
    { size: '9 BTC max 40 USDT', qty: 4 },
    { size: '1 BTC min 3 BTC', qty: 3 },
    { size: '20% of equity times 0.5', qty: 10 },
    { size: '10% of equity max 3 BTC min 50 USDT', qty: 5 },
  ].map(({ size, qty }) => ({
    what: `size ${size.replace('\n', ', ')}`,
    rules: `${BUY}size ${size}`,
    candles: [flat(10), flat(10)],
    fills: [`1 entry ${qty} @10`],
    events: [],
    run: { capital: 1000 },
  })),
];

describe.each(FORMS)('$form', ({ more }) => {
  test.each(CASES)('$what', async ({ rules, candles, fills, events, run }) => {
    const outcome = await runCandles({ rules: rules + more, candles, ...run });
    expect(outcome.fills).toEqual(fills);
    expect(outcome.events).toEqual(events ?? []);
  });

  test('cash pays the value and the fee, and an exit gives both back less its fee', async () => {
    const { rows, equity } = await runCandles({
      rules: `${BUY}${LEAVE}size 2 BTC${more}`,
      candles: [flat(10), flat(10), flat(10)],
      feeRate: 0.1,
      capital: 1000,
    });
    expect([...equity]).toEqual([1000, 998, 996]);
    expect(rows.map((row) => ('fee' in row ? row.fee : null))).toEqual([2, 2]);
  });

  test('below the step of prices nothing is sold short, what is held goes for nothing, and that is told', async () => {
    const run = (rules: string, tick: number): ReturnType<typeof runCandles> =>
      runCandles({ rules: `${rules}\nsize 2 BTC${more}`, candles: [flat(10), flat(10), flat(10), flat(10)], conventions: { tick } });
    const told = async (rules: string, tick: number): Promise<readonly string[]> =>
      (await run(rules, tick)).document.warnings.filter(({ code }) => code === 'TICK_ABOVE_PRICE').map(({ message }) => message);
    const short = await run('enter short when bar_index == 0', 16);
    expect([short.fills, short.events]).toEqual([[], ['1 droppedInvalid']]);
    const long = await run('enter long when bar_index == 0\nexit long when bar_index == 1', 16);
    expect(long.fills).toEqual(['1 entry 2 @16', '2 exit -2 @0']);
    expect(await told('enter short when bar_index == 0', 16)).toEqual([
      expect.stringMatching(/tick 16\).*BTC\/USDT, which is 10 at 2024-/),
    ]);
    expect(await told('enter short when bar_index == 0', 10)).toEqual([]);
  });
});
