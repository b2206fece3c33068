import { describe, expect, test } from 'vitest';
import type { NumberedEvent, StrategyStatus } from '#core/ports/bot-control.ts';
import { createFakeBot } from '../../dev/fake-bot.ts';
import { ALL, chartKey, EMPTY_PAGE, LIMITS, type PageState } from './page-state.ts';
import { reduceEvents } from './reduce-events.ts';

const bar = (time: number, close: number) => ({ time, open: close, high: close, low: close, close, volume: 1 });
const barEvent = (seq: number, strategy: string, time: number, equity: number, qty = 0): NumberedEvent => ({
  type: 'bar',
  seq,
  strategy,
  market: 'SIM:BTC/USDT',
  bar: bar(time, equity),
  equity,
  qty,
});
const strategy = (id: string): StrategyStatus => ({
  id,
  name: id,
  file: '',
  market: 'SIM:BTC/USDT',
  timeframe: '1h',
  synthetic: true,
  state: 'running',
  reason: null,
  params: {},
  capital: 100,
  equity: 100,
  cash: 100,
  tradeCount: 0,
  bars: 2,
  markets: [{ market: 'SIM:BTC/USDT', qty: 0, avgPrice: null, stopLevel: null, lastBar: bar(2, 100) }],
});
const A = chartKey('a', 'SIM:BTC/USDT');
const B = chartKey('b', 'SIM:BTC/USDT');
const SMA = chartKey('sma-cross', 'SIM:BTC/USDT');
const page: PageState = {
  ...EMPTY_PAGE,
  strategies: [strategy('a'), strategy('b')],
  candles: { [A]: [bar(1, 100), bar(2, 100)] },
  equity: { [ALL]: [{ time: 2, equity: 200 }] },
};

describe('events on the page', () => {
  test('none: the same page', () => {
    expect(reduceEvents(page, [], 0)).toBe(page);
  });

  test('a bar moves its strategy, the chart that is loaded and the sum', () => {
    const next = reduceEvents(page, [barEvent(1, 'a', 3, 110, 0.5), barEvent(2, 'b', 3, 95)], 0);
    expect(next.strategies[0]).toMatchObject({ equity: 110, bars: 3, markets: [{ qty: 0.5, lastBar: bar(3, 110) }] });
    expect(next.candles[A]?.map(({ time }) => time)).toEqual([1, 2, 3]);
    expect(next.candles[B]).toBeUndefined();
    expect(next.equity[ALL]).toEqual([
      { time: 2, equity: 200 },
      { time: 3, equity: 205 },
    ]);
    expect(next.trades).toBe(page.trades);
    expect(next.log).toBe(page.log);
  });

  test('bars of several markets move each its own, and count a moment once', () => {
    const both = strategy('a');
    const [one] = both.markets;
    const many = { ...both, markets: [one!, { ...one!, market: 'SIM:ETH/USDT', qty: 3 }] };
    const eth = (event: NumberedEvent): NumberedEvent => ({ ...event, market: 'SIM:ETH/USDT' }) as NumberedEvent;
    const ETH = chartKey('a', 'SIM:ETH/USDT');
    const events = [barEvent(1, 'a', 3, 110, 0.5), eth(barEvent(2, 'a', 3, 110, 4)), eth(barEvent(3, 'a', 4, 120, 5))];
    const next = reduceEvents({ ...page, strategies: [many], candles: { ...page.candles, [ETH]: [] } }, events, 0);
    expect(next.strategies[0]).toMatchObject({
      equity: 120,
      bars: 4,
      markets: [
        { qty: 0.5, lastBar: { time: 3 } },
        { qty: 5, lastBar: { time: 4 } },
      ],
    });
    expect([A, ETH].map((key) => next.candles[key]?.map(({ time }) => time))).toEqual([
      [1, 2, 3],
      [3, 4],
    ]);
  });

  test('a bar that the status knew already still gets on the chart', () => {
    const ahead = {
      ...page,
      strategies: [
        { ...strategy('a'), markets: [{ ...strategy('a').markets[0]!, lastBar: bar(4, 120) }], bars: 4, equity: 120 },
        strategy('b'),
      ],
    };
    const next = reduceEvents(ahead, [barEvent(1, 'a', 3, 110), barEvent(2, 'a', 4, 120)], 0);
    expect(next.candles[A]?.map(({ time }) => time)).toEqual([1, 2, 3, 4]);
    expect(next.strategies[0]).toEqual(ahead.strategies[0]);
  });

  test('a bar that the snapshot had already changes nothing but what is equal', () => {
    const next = reduceEvents(page, [barEvent(1, 'a', 1, 50), barEvent(2, 'a', 2, 100)], 0);
    expect(next.strategies[0]).toEqual(page.strategies[0]);
    expect(next.candles[A]).toEqual(page.candles[A]);
  });

  test('marks of a chart that is loaded get on it once', () => {
    const mark = (time: number, text: string) => ({ time, where: 'above' as const, text, color: null });
    const event = (seq: number, of: string, time: number, text: string) =>
      ({ seq, type: 'mark', strategy: of, market: 'SIM:BTC/USDT', mark: mark(time, text) }) as const;
    const loaded = { ...page, marks: { [A]: [mark(1, 'x'), mark(2, 'x')] } };
    const events = [event(1, 'a', 1, 'x'), event(2, 'a', 2, 'x'), event(3, 'a', 2, 'y'), event(4, 'b', 2, 'z'), event(5, 'a', 3, 'x')];
    expect(reduceEvents(loaded, events, 0).marks).toEqual({ [A]: [mark(1, 'x'), mark(2, 'x'), mark(2, 'y'), mark(3, 'x')] });
    expect(reduceEvents(loaded, [], 0).marks).toBe(loaded.marks);
  });

  test('one batch is as good as one by one, and as any cut in two', () => {
    const bot = createFakeBot({ history: 50, oldTrades: 0, startedAt: 0 });
    const start: PageState = {
      ...EMPTY_PAGE,
      strategies: bot.strategies(),
      candles: { [SMA]: bot.candles('sma-cross', null, 100) },
      equity: { [ALL]: bot.equity(null, 100), 'rsi-dip': bot.equity('rsi-dip', 100) },
    };
    const events: NumberedEvent[] = [];
    bot.subscribe((event) => events.push(event));
    for (let i = 0; i < 100; i += 1) bot.step();
    const whole = reduceEvents(start, events, 5);
    expect(events.reduce((state, event) => reduceEvents(state, [event], 5), start)).toEqual(whole);
    for (const cut of [1, 7, 150]) {
      expect(reduceEvents(reduceEvents(start, events.slice(0, cut), 5), events.slice(cut), 5)).toEqual(whole);
    }
    // And what the bot says when it is asked.
    expect(whole.candles[SMA]).toEqual(bot.candles('sma-cross', null, 1000));
    expect(whole.equity['rsi-dip']).toEqual(bot.equity('rsi-dip', 1000));
    expect(whole.equity[ALL]?.at(-1)).toEqual(bot.equity(null, 1000).at(-1));
    for (const [index, expected] of bot.strategies().entries()) {
      const { equity, bars, markets } = expected;
      const moved = markets.map(({ qty, lastBar }) => ({ qty, lastBar }));
      expect(whole.strategies[index]).toMatchObject({ equity, bars, markets: moved });
    }
  });

  test('a change of state shows, and is logged', () => {
    const next = reduceEvents(page, [{ type: 'state', seq: 1, strategy: 'b', state: 'disabled', reason: 'its runner died' }], 9);
    expect(next.strategies.map(({ state }) => state)).toEqual(['running', 'disabled']);
    expect(next.log).toEqual([{ id: 1, time: 9, level: 'error', strategy: 'b', text: 'disabled: its runner died' }]);
  });

  test('a fill, a message and the config are logged in words', () => {
    const fill = {
      type: 'fill',
      strategy: 'a',
      market: 'SIM:BTC/USDT',
      kind: 'stop',
      time: 3,
      side: 'sell',
      qty: 0.5,
      price: 1234.5,
      fee: 1,
      reason: 'stop',
    } as const;
    const next = reduceEvents(
      page,
      [
        { ...fill, seq: 1, profit: -12.3 },
        { type: 'log', seq: 2, level: 'warning', strategy: null, time: 4, text: 'slow feed' },
        { type: 'config', seq: 3, ok: false, text: 'line 3: unknown key' },
      ],
      9,
    );
    expect(next.log).toEqual([
      { id: 1, time: 3, level: 'info', strategy: 'a', text: 'stop: sold 0.5 SIM:BTC/USDT at 1,234.50, result −12.30' },
      { id: 2, time: 4, level: 'warning', strategy: null, text: 'slow feed' },
      { id: 3, time: 9, level: 'error', strategy: null, text: 'config: line 3: unknown key' },
    ]);
  });

  test('an event of a strategy that the page does not know is no error', () => {
    expect(reduceEvents(page, [barEvent(1, 'z', 3, 1)], 0).strategies).toEqual(page.strategies);
  });

  test('the log has an end, and its ids go on', () => {
    const lines = Array.from({ length: LIMITS.log + 10 }, (_, seq): NumberedEvent => ({
      type: 'log',
      seq,
      level: 'info',
      strategy: null,
      time: seq,
      text: String(seq),
    }));
    const { log } = reduceEvents(page, lines, 0);
    expect(log).toHaveLength(LIMITS.log);
    expect(log.at(-1)).toMatchObject({ id: LIMITS.log + 10, text: String(LIMITS.log + 9) });
  });
});
