import { describe, expect, test } from 'vitest';
import { createFakeBot } from '../../dev/fake-bot.ts';
import { candlesAnswer, errorAnswer, numberedEvent, ordersAnswer, statusAnswer, tradesAnswer } from './answers.ts';
import { BadAnswer } from './check.ts';

const bot = createFakeBot({ history: 200, oldTrades: 0, startedAt: 1 });
const status = { mode: 'paper', version: '1', startedAt: 1, strategies: bot.strategies(), problems: [{ part: 'a', text: 'b' }] };
const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('answers of the API', () => {
  test('that keep their promise come through unchanged', () => {
    expect(statusAnswer(through(status), 'status')).toEqual(status);
    const trades = { trades: bot.trades(null) };
    expect(trades.trades.length).toBeGreaterThan(0);
    expect(tradesAnswer(through(trades), 'trades')).toEqual(trades);
    expect(ordersAnswer(through({ orders: bot.orders(null) }), 'orders')).toEqual({ orders: bot.orders(null) });
    const candles = { candles: bot.candles('sma-cross', null, 10) };
    expect(candlesAnswer(through(candles), 'candles')).toEqual(candles);
  });

  test('may say more than the page knows', () => {
    expect(statusAnswer({ ...status, colour: 'green' }, 'status')).not.toHaveProperty('colour');
  });

  test.for<[name: string, answer: unknown, where: string]>([
    ['a text for a number', { ...status, startedAt: 'now' }, 'status.startedAt should be a number; found string'],
    ['a missing list', { ...status, strategies: undefined }, 'status.strategies should be a list; found undefined'],
    [
      'an unknown state',
      { ...status, strategies: [{ ...bot.strategies()[0], state: 'odd' }] },
      'status.strategies[0].state should be one of running',
    ],
    [
      'null for a number',
      { ...status, strategies: [{ ...bot.strategies()[0], equity: null }] },
      'status.strategies[0].equity should be a number; found null',
    ],
    [
      'a bad param',
      { ...status, strategies: [{ ...bot.strategies()[0], params: { fast: '8' } }] },
      'status.strategies[0].params.fast should be a number',
    ],
    ['a list for the whole', [], 'status should be an object; found a list'],
    ['null for the whole', null, 'status should be an object; found null'],
  ])('with %s are refused with the place', ([, answer, where]) => {
    expect(() => statusAnswer(answer, 'status')).toThrow(BadAnswer);
    expect(() => statusAnswer(answer, 'status')).toThrow(where);
  });

  test('names from outside never reach a prototype', () => {
    const strategy = { ...bot.strategies()[0], params: JSON.parse('{"__proto__": 1, "fast": 2}') };
    const read = statusAnswer({ ...status, strategies: [strategy] }, 'status').strategies[0]?.params;
    expect(Object.keys(read ?? {})).toEqual(['__proto__', 'fast']);
    expect(({} as Record<string, unknown>)['fast']).toBeUndefined();
  });

  test('of an error may lack the hint, not the message', () => {
    expect(errorAnswer({ error: { message: 'no' } }, 'answer')).toEqual({ error: { code: '', message: 'no', hint: null } });
    expect(() => errorAnswer({ error: {} }, 'answer')).toThrow('answer.error.message');
  });
});

describe('events', () => {
  test('of every type are read', () => {
    const bar = { time: 1, open: 1, high: 1, low: 1, close: 1, volume: 1 };
    const events = [
      { seq: 1, type: 'bar', strategy: 'a', market: 'BTC/USDT', bar, equity: 1, qty: 0 },
      {
        seq: 2,
        type: 'fill',
        strategy: 'a',
        market: 'BTC/USDT',
        kind: 'exit',
        time: 1,
        side: 'sell',
        qty: 1,
        price: 1,
        fee: 0,
        profit: null,
        reason: 'rule',
      },
      { seq: 3, type: 'state', strategy: 'a', state: 'paused', reason: null },
      { seq: 4, type: 'log', level: 'warning', strategy: null, time: 1, text: 'x' },
      { seq: 5, type: 'config', ok: false, text: 'x' },
    ];
    expect(events.map((event) => numberedEvent(through(event)))).toEqual(events);
  });

  test('of an unknown type are no error, nor are names that every object has', () => {
    expect(numberedEvent({ seq: 1, type: 'news' })).toBeNull();
    expect(numberedEvent({ seq: 1, type: 'constructor' })).toBeNull();
  });

  test('of a known type and a wrong shape are refused', () => {
    expect(() => numberedEvent({ seq: 1, type: 'state', strategy: 'a', state: 'gone', reason: null })).toThrow('event state.state');
    expect(() => numberedEvent('text')).toThrow(BadAnswer);
  });
});
