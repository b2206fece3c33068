import { describe, expect, test } from 'vitest';
import { openTradingRegisters, POSITION } from '#core/engine/trading/registers.ts';
import { NO_REVIEW, type OrderReview } from '#core/engine/trading/order-review.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { waitingOrders } from '#core/engine/trading/waiting-orders.ts';
import { type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { type Conventions, DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type AccountRules, PaperAccount } from '#core/runtime/paper/paper-account.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import type { Program } from '#dsl/program.ts';
import { type Candle, flat } from './candle-run.ts';

const compiler = createCompiler();
const SETTINGS = { capital: 100_000, feeRate: 0, slippageRate: 0, conventions: DEFAULT_CONVENTIONS };
const barOf = ([open, high, low, close]: Candle, index: number) => ({
  time: index * 3_600_000,
  open,
  high,
  low,
  close,
  volume: 1,
  fundingRate: Number.NaN,
});

const rulesOf = (rules: string) => {
  const prepared = prepareStrategy(
    compiler,
    `strat 1\nstrategy "review"\ntrade BTC/USDT on 1h side both\n${rules}`,
    'review.strat',
    SETTINGS,
  );
  if (!prepared.ok) throw new Error(prepared.error.map(({ message }) => message).join('\n'));
  return {
    program: prepared.value.program,
    account: {
      identity: rules,
      plan: prepared.value.compiled.plan,
      settings: SETTINGS,
      markets: [{ market: 'BTC/USDT', firstBar: 0, rows: Infinity }],
    },
  };
};

/** Values of a bar: nothing in these rules looks further back than the bar before. */
function valuesOf(program: Program, candles: readonly Candle[]): readonly Float64Array[] {
  const columns = [0, 1, 2, 3].map((field) => Float64Array.from(candles, (candle) => candle[field]!));
  const time = Float64Array.from(candles, (_, index) => index * 3_600_000);
  const list = [time, ...columns, new Float64Array(candles.length).fill(1)];
  const interpreter = new RowInterpreter(program, new Float64Array(0), settingsArray(SETTINGS, 0, Infinity));
  return candles.map((_, index) => interpreter.decide(index, list, new Float64Array(20)));
}

const told = ({ bar, kind, qty, price }: Fill): string => `${bar} ${kind} ${qty} @${Number(price.toPrecision(10))}`;

const decide = (account: PaperAccount, row: Float64Array | null, review: OrderReview): Float64Array =>
  account.takeDecisions([{ market: 0, row, review }])[0]!;

/** Trades a table of candles; `reviews` by bar, the others let everything through; `missing`: bars without a row. */
function trade(
  rules: string,
  candles: readonly Candle[],
  reviews: Readonly<Record<number, Partial<OrderReview>>>,
  missing: readonly number[] = [],
  conventions: Partial<Conventions> = {},
) {
  const { program, account: accountRules } = rulesOf(rules);
  const settings = { ...SETTINGS, conventions: { ...DEFAULT_CONVENTIONS, ...conventions } };
  const account = new PaperAccount({ ...accountRules, settings });
  const values = valuesOf(program, candles);
  const log = candles.flatMap((candle, index) => [
    ...account.openBars([barOf(candle, index)])[0]!,
    ...decide(account, missing.includes(index) ? null : values[index]!, { ...NO_REVIEW, ...reviews[index] }),
  ]);
  return { fills: fillsOf(Float64Array.from(log)).map(told), account };
}

const CLOSED = { isClosed: true };
const FLATTEN = { isFlatten: true };

describe('what a person and risk rules take away', () => {
  test('a closed bar enters nothing; exits and stops stay', () => {
    const rules = 'enter long when close > 0\nexit long when close < 90\nsize 1 BTC\nstop 50%';
    expect(trade(rules, [flat(100), flat(100), flat(80), flat(80), flat(80)], { 0: CLOSED, 2: CLOSED }).fills).toEqual([
      '2 entry 1 @80',
      '3 exit -1 @80',
      '4 entry 1 @80',
    ]);
  });

  test('a closed bar withdraws entries that rest', () => {
    const rules = 'enter long when close > 99 at limit 90\nsize 1 BTC\nstop 50%';
    const candles: readonly Candle[] = [flat(100), flat(95), [95, 95, 80, 95]];
    expect(trade(rules, candles, {}).fills).toEqual(['2 entry 1 @90']);
    expect(trade(rules, candles, { 1: CLOSED }).fills).toEqual([]);
  });

  test('resuming ends a halt of the risk block, which may act again', () => {
    const rules = 'enter long when close == 100\nexit long when close == 99\nsize 1 BTC\nstop 50%\nrisk { max losing_streak 1 then halt }';
    const candles = [100, 101, 99, 98, 100, 100, 101, 99, 98, 100, 101].map((price) => flat(price));
    const once = ['1 entry 1 @101', '3 exit -1 @98'];
    expect(trade(rules, candles, {}).fills).toEqual(once);
    // The loss that broke the limit is measured; the next breaks it anew.
    expect(trade(rules, candles, { 5: { isResumed: true } }).fills).toEqual([...once, '6 entry 1 @101', '8 exit -1 @98']);
  });

  test('and adds that rest', () => {
    const rules = 'enter long when close == 100\nsize 1 BTC\nadd 100% every 5% against max 1 times\nstop 50%';
    const candles: readonly Candle[] = [flat(100), flat(101), flat(101), [101, 101, 90, 95]];
    expect(trade(rules, candles, {}).fills).toEqual(['1 entry 1 @101', '3 add 1 @95.95']);
    expect(trade(rules, candles, { 2: CLOSED }).fills).toEqual(['1 entry 1 @101']);
  });

  test('flatten closes all at the next open, under its own name, and withdraws adds', () => {
    const rules = 'enter long when close == 100\nsize 1 BTC\nadd 100% every 5% against max 3 times\nstop 50%';
    expect(trade(rules, [flat(100), flat(101), flat(101), flat(102), [102, 102, 60, 102]], { 2: FLATTEN }).fills).toEqual([
      '1 entry 1 @101',
      '3 flatten -1 @102',
    ]);
  });

  test('flatten on the bar of an exit of the strategy wins', () => {
    const rules = 'enter long when close == 100\nexit long 50% when close == 101\nsize 2 BTC\nstop 50%';
    expect(trade(rules, [flat(100), flat(101), flat(99)], { 1: FLATTEN }).fills).toEqual(['1 entry 2 @101', '2 flatten -2 @99']);
  });

  test('an order is cut to what is let through, an add as well, and none goes out with nothing', () => {
    const rules = 'enter long when close == 100\nsize 4 BTC\nadd 100% when close == 101 max 3 times\nstop 50%';
    const candles = [flat(100), flat(101), flat(100)];
    const seen: number[] = [];
    const half = {
      allow: (_: number, qty: number): number => {
        seen.push(qty);
        return qty / 2;
      },
    };
    expect(trade(rules, candles, { 0: half, 1: half }).fills).toEqual(['1 entry 2 @101', '2 add 1 @100']);
    expect(seen).toEqual([4, 2]);
    expect(trade(rules, candles, { 0: { allow: () => 0 } }).fills).toEqual([]);
  });

  test('a ladder of adds is cut as a whole: all of it may fill in one bar', () => {
    const rules = 'enter long when close == 100\nsize 1 BTC\nadd 100% every 10% against max 5 times scale 2\nstop 90%';
    // Rungs of 1, 2, 4, 8 and 16 at 90, 81, 72.9, ...: 3 let the first two through.
    const candles: readonly Candle[] = [flat(100), flat(101), [100, 100, 40, 100]];
    const asked: number[] = [];
    const allow = (_: number, qty: number): number => {
      asked.push(qty);
      return Math.min(qty, 3);
    };
    expect(trade(rules, candles, { 1: { allow } }).fills).toEqual(['1 entry 1 @101', '2 add 1 @90.9', '2 add 2 @81.81']);
    expect(asked).toEqual([31]);
  });

  test('adds of one bar are asked for together', () => {
    const rules =
      'enter long when close == 100\nsize 4 BTC\nadd 50% when close == 101 max 2 times\nadd 75% when close == 101 max 2 times\nstop 50%';
    const asked: number[] = [];
    const allow = (_: number, qty: number): number => {
      asked.push(qty);
      return Math.min(qty, 4);
    };
    expect(trade(rules, [flat(100), flat(101), flat(100)], { 1: { allow } }).fills).toEqual([
      '1 entry 4 @101',
      '2 add 2 @100',
      '2 add 2 @100',
    ]);
    expect(asked).toEqual([2, 5]);
  });

  test('a resting order that is refused when it is ordered anew is withdrawn', () => {
    const rules = 'enter long when close > 0 at limit 90\nsize 1 BTC\nstop 50%';
    const candles: readonly Candle[] = [flat(100), flat(100), [95, 95, 80, 95], flat(95)];
    expect(trade(rules, candles, { 1: { allow: () => 0 } }).fills).toEqual([]);
  });

  test('an order that becomes a market order is a new one: it has to be on the disk before the next bar', () => {
    const rules = 'enter long when close == 100 at limit 50 else market after 1 bars\nsize 1 BTC';
    expect([[100], [100, 99], [100, 99, 99]].map((closes) => trade(rules, closes.map(flat), {}).account.hasNewOrders)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('a resting order whose new quantity is cut below the lot is withdrawn', () => {
    const rules = 'enter long when close > 0 at limit 90\nsize 1 BTC\nstop 50%';
    const candles: readonly Candle[] = [flat(100), flat(100), [95, 95, 80, 95], flat(95)];
    const cut = { 1: { allow: () => 0.4 }, 2: { allow: () => 0.4 } };
    expect(trade(rules, candles, cut, [], { lot: 1 }).fills).toEqual([]);
  });

  test('so is one that is cut where the order in its place would have taken; else it rests on as it was', () => {
    const rules = 'enter long when close > 0 at limit (if close == 100 then close - 10 else close + 1) post_only\nsize 4 BTC\nstop 50%';
    const candles: readonly Candle[] = [flat(100), flat(98), [95, 95, 80, 95]];
    expect(trade(rules, candles, {}).fills).toEqual(['2 entry 4 @90']);
    expect(trade(rules, candles, { 1: { allow: (_, qty) => qty / 2 } }).fills).toEqual([]);
  });

  test('rungs of a ladder that fill within one bar are all within what was let through', () => {
    const rules = 'enter long when close == 100\nsize 4 BTC\nadd 100% every 5% against max 5 times scale 2\nstop 90%';
    const candles: readonly Candle[] = [flat(100), flat(101), [101, 101, 70, 100]];
    const wide = { allow: (_: number, qty: number): number => Math.min(qty, 10) };
    expect(trade(rules, candles, { 1: wide }).fills).toEqual(['1 entry 4 @101', '2 add 4 @95.95', '2 add 6 @91.1525']);
    const narrow = { allow: (_: number, qty: number): number => Math.min(qty, 1) };
    expect(trade(rules, candles, { 1: narrow }).fills).toEqual(['1 entry 4 @101', '2 add 1 @95.95']);
  });

  test('an order that the market has reached is asked for at the price of the market', () => {
    const asked = (order: string): number => {
      let price = Number.NaN;
      const look = { allow: (_: number, qty: number, at: number) => ((price = at), qty) };
      trade(`enter ${order}\nsize 1 BTC`, [flat(100)], { 0: look });
      return price;
    };
    expect(asked('long when true at stop 1')).toBe(100);
    expect(asked('long when true at stop 120')).toBe(120);
    expect(asked('short when true at limit 1')).toBe(100);
    expect(asked('short when true at limit 120')).toBe(120);
    expect(asked('short when true at stop 90 limit 1')).toBe(90);
    expect(asked('long when true at limit 90')).toBe(90);
    expect(asked('long when true at limit 90 else market after 3 bars')).toBe(100);
  });
});

describe('a bar without a decision', () => {
  test('orders nothing, keeps the stop, and lets a trail follow the best price', () => {
    const rules = 'enter long when close == 100\nexit long when close == 120\nsize 1 BTC\ntrail 10%';
    // The trail from 100 stands at 90; the best price of bar 2 is 120, so from bar 3 on it stands at 108.
    const candles: readonly Candle[] = [flat(100), flat(100), [100, 120, 100, 120], [115, 115, 105, 115]];
    expect(trade(rules, candles, {}, [2]).fills).toEqual(['1 entry 1 @100', '3 trail -1 @108']);
  });

  test('lets rest what rests, and targets fill', () => {
    const rules = 'enter long when close == 100 at limit 95\nsize 1 BTC\nstop 50%\ntake at 10%';
    const candles: readonly Candle[] = [flat(100), flat(99), [99, 99, 94, 96], [96, 106, 96, 100]];
    expect(trade(rules, candles, {}, [1, 2]).fills).toEqual(['2 entry 1 @95', '3 take -1 @104.5']);
  });

  test('can still be flattened', () => {
    const rules = 'enter long when close == 100\nsize 1 BTC\nstop 50%';
    expect(trade(rules, [flat(100), flat(101), flat(102)], { 1: FLATTEN }, [1]).fills).toEqual(['1 entry 1 @101', '2 flatten -1 @102']);
  });

  test('a target that follows a price stays where it was', () => {
    const rules = 'enter long when close == 100\nsize 1 BTC\nstop 50%\ntake at open + 10';
    const candles: readonly Candle[] = [flat(100), flat(101), flat(101), [101, 112, 101, 101]];
    expect(trade(rules, candles, {}, [2]).fills).toEqual(['1 entry 1 @101', '3 take -1 @111']);
  });
});

describe('rules that change while a position is open', () => {
  const entered = (rules: string): PaperAccount => trade(rules, [flat(100), flat(100)], {}).account;
  const go = (account: PaperAccount, rules: string, candles: readonly Candle[]): readonly string[] => {
    const next = rulesOf(rules);
    account.useRules(next.account);
    const values = valuesOf(next.program, [flat(100), flat(100), ...candles]);
    const log = candles.flatMap((candle, at) => [
      ...account.openBars([barOf(candle, at + 2)])[0]!,
      ...decide(account, values[at + 2]!, NO_REVIEW),
    ]);
    return fillsOf(Float64Array.from(log)).map(told);
  };
  const OLD = 'enter long when close == 100\nsize 2 BTC\nstop 20%\ntake at 10%';

  test('the same rules go on with their targets', () => {
    expect(go(entered(OLD), OLD, [[100, 115, 100, 115]])).toEqual(['2 take -2 @110']);
  });

  test('the stop in force stays, targets are those of the new rules from the next close on', () => {
    const now = 'enter long when close == 50\nsize 1 BTC\nstop 30%\ntake at 12%';
    const account = entered(OLD);
    expect(
      go(account, now, [
        [100, 115, 100, 105],
        [105, 115, 105, 115],
      ]),
    ).toEqual(['3 take -2 @112']);
    expect(go(entered(OLD), now, [[100, 100, 75, 80]])).toEqual(['2 stop -2 @80']);
  });

  test('a target that has filled counts for the new rules where they have the same shares, else theirs begin anew', () => {
    const half = (): PaperAccount =>
      trade('enter long when close == 100\nsize 2 BTC\nstop 20%\ntake 50% at 5%, rest at 30%', [flat(100), [100, 106, 100, 106]], {})
        .account;
    const now = (takes: string): string => `enter long when close == 50\nsize 1 BTC\nstop 20%\ntake ${takes}`;
    const rise: readonly Candle[] = [flat(106), [106, 115, 106, 115]];
    // The first half was sold within the bar of the entry.
    expect(half().position()).toBe(1);
    expect(go(half(), now('50% at 6%, rest at 12%'), rise)).toEqual(['3 take -1 @112']);
    expect(go(half(), now('at 12%'), rise)).toEqual(['3 take -1 @112']);
  });

  test('an open position without an entry of its side keeps its stop', () => {
    const now = 'enter short when close == 50\nsize 1 BTC\nstop 30%';
    expect(
      go(entered(OLD), now, [
        [100, 200, 100, 100],
        [100, 100, 75, 80],
      ]),
    ).toEqual(['3 stop -2 @80']);
  });

  test('an exit of the new rules closes it', () => {
    const now = 'enter long when close == 50\nexit long when close == 90\nsize 1 BTC\nstop 50%';
    expect(go(entered(OLD), now, [flat(90), flat(91)])).toEqual(['3 exit -2 @91']);
  });

  test('orders that wait are withdrawn', () => {
    const resting = 'enter long when close == 100 at limit 90\nsize 1 BTC\nstop 50%';
    const account = trade(resting, [flat(100), flat(95)], {}).account;
    expect(account.orders()).toEqual([{ type: 'limit', purpose: 'entry', side: 'buy', qty: 1, price: 90 }]);
    expect(go(account, 'enter long when close == 10 at limit 5\nsize 1 BTC\nstop 50%', [[95, 95, 80, 95]])).toEqual([]);
    expect(account.orders()).toEqual([]);
  });

  test('a break-even that had begun to wait waits anew, from the first fill', () => {
    const now = 'enter long when close == 50\nsize 1 BTC\nstop 20%\nbreakeven after 5%';
    expect(go(entered(OLD), now, [flat(101), [101, 106, 101, 104], [104, 104, 99, 99]])).toEqual(['4 breakeven -2 @100']);
  });
});

test.for([
  { when: 'its rules are read again', goOn: (account: PaperAccount, rules: AccountRules) => (account.useRules(rules), account) },
  {
    when: 'it goes on from a point',
    goOn: (account: PaperAccount, rules: AccountRules) =>
      new PaperAccount(rules, {
        capital: account.capital,
        steps: account.steps,
        markets: [{ registers: account.registers(), bars: account.bars(), lastBar: account.lastBar(), row: account.row() }],
      }),
  },
])('bars of an account are counted on where $when: a limit per bar begins anew on each', ({ goOn }) => {
  const { program, account: rules } = rulesOf(
    'enter long when close > 0 at limit close / 2\nsize 1 BTC\nstop 50%\nrisk { max orders 1 per bar }',
  );
  const candles: readonly Candle[] = [flat(200), flat(190), [190, 190, 80, 190]];
  const values = valuesOf(program, candles);
  let account = new PaperAccount(rules);
  const log = candles.flatMap((candle, index) => {
    account = goOn(account, rules);
    return [...account.openBars([barOf(candle, index)])[0]!, ...decide(account, values[index]!, NO_REVIEW)];
  });
  expect(fillsOf(Float64Array.from(log)).map(told)).toEqual(['2 entry 1 @95']);
});

test('what waits is told in full: the exit on its way, the stop, what is left of the targets, adds', () => {
  const { program, account: rules } = rulesOf(
    'enter long when close == 100\nexit long 25% when close == 101\nsize 4 BTC\nstop 20%\ntake 25% at 10%, rest at 20%\nadd 50% every 5% against max 2 times',
  );
  const registers = openTradingRegisters(rules.plan, 100_000);
  const engine = new TradingEngine(rules.plan, settingsArray(SETTINGS, 0, Infinity), DEFAULT_CONVENTIONS, registers);
  const candles: readonly Candle[] = [flat(100), [100, 111, 100, 101]];
  const values = valuesOf(program, candles);
  for (const [index, [open, high, low, close]] of candles.entries()) {
    engine.openBar(index, index, open, high, low, close, 1);
    engine.mark(close);
    engine.decide(index, values[index]!);
  }
  expect(engine.hasNewOrders).toBe(true);
  // The ladder of adds is measured from the last fill, the target at 110.
  expect(
    waitingOrders(rules.plan, registers).map((order) => ({
      ...order,
      price: order.price === null ? null : Number(order.price.toPrecision(10)),
    })),
  ).toEqual([
    { type: 'market', purpose: 'exit', side: 'sell', qty: 0.75, price: null },
    { type: 'stop', purpose: 'protection', side: 'sell', qty: 3, price: 80 },
    { type: 'limit', purpose: 'target', side: 'sell', qty: null, price: 120 },
    { type: 'limit', purpose: 'add', side: 'buy', qty: 2, price: 104.5 },
  ]);
  expect(registers[POSITION.takenDigits]).toBe(1);
});
