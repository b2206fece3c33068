import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import {
  ACCOUNT,
  BROKER,
  DECISION as D,
  DECISION_FIELDS,
  LOG,
  LOG_FIELDS,
  LOG_KIND,
  OPERATOR_EXIT,
  SIZE,
} from '#core/model/strategy-abi.ts';
import { Broker, openRegisters } from './broker.ts';
import { type Conventions, DEFAULT_CONVENTIONS, settingsArray } from './simulation-settings.ts';

interface Setup {
  readonly feeRate?: number;
  readonly slippageRate?: number;
  readonly conventions?: Partial<Conventions>;
  readonly rows?: number;
}

function brokerWith({ feeRate = 0, slippageRate = 0, conventions = {}, rows = Infinity }: Setup = {}): Broker {
  const settings = { capital: 1000, feeRate, slippageRate, conventions: { ...DEFAULT_CONVENTIONS, ...conventions } };
  return new Broker(settingsArray(settings, 0, rows), settings.conventions, openRegisters(1000));
}

const bar = (open: number, high: number, low: number, close: number): Bar => ({ time: 0, open, high, low, close, volume: 1 });

function decision(fields: Partial<Record<keyof typeof D, number>>): Float64Array {
  const row = new Float64Array(DECISION_FIELDS);
  for (const name of [
    'stopDistance',
    'stopPercent',
    'stopPrice',
    'trailDistance',
    'trailPercent',
    'trailAfterDistance',
    'trailAfterPercent',
    'trailAfterR',
    'trailBase',
  ] as const) {
    row[D[name]] = Number.NaN;
  }
  for (const [name, value] of Object.entries(fields)) row[D[name as keyof typeof D]] = value;
  return row;
}

const buy = (fields: Partial<Record<keyof typeof D, number>> = {}): Float64Array =>
  decision({ entryRule: 1, entrySide: 1, sizeKind: SIZE.quantity, sizeAmount: 2, confidence: 1, ...fields });
const sellShort = (fields: Partial<Record<keyof typeof D, number>> = {}): Float64Array => buy({ entrySide: -1, ...fields });
const nothing = (): Float64Array => decision({});

/** Plays bars with the decision taken at the close of each; rows as [kind, bar, qty, price]. */
function play(broker: Broker, steps: readonly (readonly [Bar, Float64Array])[]): number[][] {
  const rows: number[][] = [];
  for (const [index, [at, row]] of steps.entries()) {
    broker.openBar(index, at);
    broker.closeBar(at);
    broker.takeDecision(index, at, row);
    const log = broker.drainLog();
    for (let place = 0; place < log.length; place += LOG_FIELDS) {
      rows.push([log[place + LOG.kind]!, log[place + LOG.bar]!, log[place + LOG.qty]!, log[place + LOG.price]!]);
    }
  }
  return rows;
}

const flat = bar(10, 10, 10, 10);

describe('fills', () => {
  test('an entry decided on one bar fills at the open of the next, worse by the slippage', () => {
    const rows = play(brokerWith({ slippageRate: 0.01 }), [
      [flat, buy()],
      [bar(20, 30, 15, 25), nothing()],
    ]);
    expect(rows).toEqual([[LOG_KIND.entry, 1, 2, 20 * 1.01]]);
  });

  test('a short is sold lower and bought back higher', () => {
    const rows = play(brokerWith({ slippageRate: 0.01 }), [
      [flat, sellShort()],
      [flat, decision({ exitRule: 1, exitFraction: 1 })],
      [flat, nothing()],
    ]);
    expect(rows).toEqual([
      [LOG_KIND.entry, 1, -2, 10 * 0.99],
      [LOG_KIND.exit, 2, 2, 10 * 1.01],
    ]);
  });

  test('cash pays the value and the fee, and an exit gives both back less its fee', () => {
    const broker = brokerWith({ feeRate: 0.1 });
    play(broker, [
      [flat, buy()],
      [flat, decision({ exitRule: 1, exitFraction: 1 })],
    ]);
    expect(broker.registers[ACCOUNT.cash]).toBe(1000 - 20 - 2);
    play(broker, [[flat, nothing()]]);
    expect(broker.registers[ACCOUNT.cash]).toBe(1000 - 20 - 2 + 20 - 2);
    expect([broker.registers[ACCOUNT.trades], broker.registers[ACCOUNT.losses]]).toEqual([1, 1]);
  });

  test('a reversal closes and opens at one open, the exit first', () => {
    const rows = play(brokerWith(), [
      [flat, buy()],
      [flat, sellShort({ exitRule: 1, exitFraction: 1 })],
      [bar(12, 12, 12, 12), nothing()],
    ]);
    expect(rows).toEqual([
      [LOG_KIND.entry, 1, 2, 10],
      [LOG_KIND.exit, 2, -2, 12],
      [LOG_KIND.entry, 2, -2, 12],
    ]);
  });

  test('a partial exit sells its share, rounded down to the lot', () => {
    const rows = play(brokerWith({ conventions: { lot: 1 } }), [
      [flat, buy({ sizeAmount: 3 })],
      [flat, decision({ exitRule: 1, exitFraction: 0.5 })],
      [flat, nothing()],
    ]);
    expect(rows[1]).toEqual([LOG_KIND.exit, 2, -1, 10]);
  });

  test('an order above the cash is cut to what the cash pays for, and the cut is told', () => {
    const rows = play(brokerWith({ feeRate: 0.25 }), [
      [flat, buy({ sizeAmount: 1000 })],
      [flat, nothing()],
    ]);
    expect(rows).toEqual([
      [LOG_KIND.cutToCash, 1, 1000, 10],
      [LOG_KIND.entry, 1, 80, 10],
    ]);
  });

  test('with a tick a buy is rounded up and a sale down', () => {
    const rows = play(brokerWith({ slippageRate: 0.001, conventions: { tick: 0.5 } }), [
      [flat, buy()],
      [flat, decision({ exitRule: 1, exitFraction: 1 })],
      [flat, nothing()],
    ]);
    expect(rows.map((row) => row[3])).toEqual([10.5, 9.5]);
  });

  test('closeAtEnd leaves at the open of the last bar and takes no entry after the last but one', () => {
    const rows = play(brokerWith({ conventions: { closeAtEnd: true }, rows: 4 }), [
      [flat, buy()],
      [flat, nothing()],
      [flat, nothing()],
      [bar(13, 14, 12, 14), buy()],
    ]);
    expect(rows).toEqual([
      [LOG_KIND.entry, 1, 2, 10],
      [LOG_KIND.end, 3, -2, 13],
    ]);
  });

  test('an exit by the operator closes at the next open, with its own kind and no rule', () => {
    const rows = play(brokerWith(), [
      [flat, buy()],
      [flat, decision({ exitRule: OPERATOR_EXIT, exitFraction: 1 })],
      [bar(11, 11, 11, 11), nothing()],
    ]);
    expect(rows[1]).toEqual([LOG_KIND.flatten, 2, -2, 11]);
  });
});

describe('stops', () => {
  test.for([
    { name: 'a touched level fills at the level', next: bar(10, 10, 7, 9), price: 8 },
    { name: 'a bar that opens beyond the level fills at its open', next: bar(6, 9, 5, 7), price: 6 },
  ])('$name', ({ next, price }) => {
    const rows = play(brokerWith(), [
      [flat, buy({ stopDistance: 2 })],
      [flat, nothing()],
      [next, nothing()],
    ]);
    expect(rows[1]).toEqual([LOG_KIND.stop, 2, -2, price]);
  });

  test('the stop of an entry acts from its own bar on', () => {
    const rows = play(brokerWith(), [
      [flat, buy({ stopPercent: 0.1 })],
      [bar(10, 11, 8.5, 10), nothing()],
    ]);
    expect(rows[1]).toEqual([LOG_KIND.stop, 1, -2, 9]);
  });

  test('of several stops the tightest counts', () => {
    const broker = brokerWith();
    play(broker, [
      [flat, buy({ stopDistance: 4, stopPercent: 0.1, stopPrice: 8 })],
      [flat, nothing()],
    ]);
    expect(broker.registers[BROKER.stopLevel]).toBe(9);
    expect(broker.registers[ACCOUNT.riskDistance]).toBe(1);
  });

  test('the trail follows the best price, never back, and closes with its own reason', () => {
    const broker = brokerWith();
    const rows = play(broker, [
      [flat, buy({ trailDistance: 2 })],
      [bar(10, 15, 10, 14), nothing()],
      [bar(14, 14, 13.5, 14), nothing()],
      [bar(14, 14, 12, 13), nothing()],
    ]);
    expect(rows[1]).toEqual([LOG_KIND.trail, 3, -2, 13]);
  });

  test('a trail after a gain starts once the gain was seen, and acts from the next bar on', () => {
    const broker = brokerWith();
    play(broker, [
      [flat, buy({ stopDistance: 2, trailDistance: 1, trailAfterR: 2 })],
      [bar(10, 13.9, 10, 13), nothing()],
    ]);
    expect(broker.registers[BROKER.stopLevel]).toBe(8);
    play(broker, [[bar(13, 14, 13, 14), nothing()]]);
    expect(broker.registers[BROKER.stopLevel]).toBe(13);
  });

  test('while the price that a trail is measured from is na, the level stays', () => {
    const broker = brokerWith();
    play(broker, [
      [flat, buy({ stopDistance: 5, trailDistance: 1, trailHasBase: 1 })],
      [flat, decision({ trailBase: 9 })],
    ]);
    expect(broker.registers[BROKER.stopLevel]).toBe(8);
    play(broker, [[flat, decision({ trailBase: Number.NaN })]]);
    expect(broker.registers[BROKER.stopLevel]).toBe(8);
  });
});

describe('orders that are dropped', () => {
  test.for([
    { name: 'a size that is na', row: buy({ sizeAmount: Number.NaN }) },
    { name: 'a size of zero', row: buy({ sizeAmount: 0 }) },
    { name: 'an infinite size', row: buy({ sizeKind: SIZE.riskMoney, sizeAmount: Infinity, stopDistance: 1 }) },
    { name: 'a stop that is na', row: buy({ stopDistance: -1 }) },
    { name: 'a stop at the price', row: buy({ stopPrice: 10 }) },
    { name: 'a stop beyond the price', row: buy({ stopPrice: 11 }) },
    { name: 'a level below zero', row: buy({ stopDistance: 10 }) },
    { name: 'a trail that is na', row: buy({ trailPercent: -1 }) },
    { name: 'a risk without a stop', row: buy({ sizeKind: SIZE.riskMoney, sizeAmount: 1 }) },
    { name: 'a ceiling that is na', row: buy({ maxKind: SIZE.money, maxAmount: Number.NaN }) },
  ])('$name', ({ row }) => {
    const rows = play(brokerWith(), [
      [flat, row],
      [flat, nothing()],
    ]);
    expect(rows.map(([kind]) => kind)).toEqual([LOG_KIND.droppedInvalid]);
  });

  test('a quantity below the lot', () => {
    const rows = play(brokerWith({ conventions: { lot: 5 } }), [
      [flat, buy()],
      [flat, nothing()],
    ]);
    expect(rows.map(([kind]) => kind)).toEqual([LOG_KIND.droppedTooSmall]);
  });
});

describe('sizes', () => {
  test.for([
    { name: 'money', row: buy({ sizeKind: SIZE.money, sizeAmount: 50 }), qty: 5 },
    { name: 'a share of the equity', row: buy({ sizeKind: SIZE.equityShare, sizeAmount: 0.1 }), qty: 10 },
    { name: 'a share of the cash', row: buy({ sizeKind: SIZE.cashShare, sizeAmount: 0.2 }), qty: 20 },
    { name: 'risk as money over the distance to the stop', row: buy({ sizeKind: SIZE.riskMoney, sizeAmount: 6, stopDistance: 2 }), qty: 3 },
    { name: 'risk as a share of the equity', row: buy({ sizeKind: SIZE.riskEquityShare, sizeAmount: 0.01, stopPercent: 0.1 }), qty: 10 },
    { name: 'a ceiling', row: buy({ sizeAmount: 9, maxKind: SIZE.money, maxAmount: 40 }), qty: 4 },
    { name: 'a floor', row: buy({ sizeAmount: 1, minKind: SIZE.quantity, minAmount: 3 }), qty: 3 },
  ])('$name', ({ row, qty }) => {
    const broker = brokerWith();
    broker.openBar(0, flat);
    broker.closeBar(flat);
    expect(broker.entryQty(flat, row)).toBeCloseTo(qty, 12);
    broker.takeDecision(0, flat, row);
    broker.openBar(1, flat);
    expect(broker.registers[ACCOUNT.qty]).toBeCloseTo(qty, 12);
  });
});
