import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { EntryIntent, RiskRulePort, RiskView } from '#core/ports/risk-rule.ts';
import { type NamedRule, OrderGate } from './order-gate.ts';

const BAR: Bar = { time: 1000, open: 10, high: 10, low: 10, close: 10, volume: 1 };

function gateWith(...rules: readonly Partial<RiskRulePort>[]): OrderGate {
  const named: NamedRule[] = rules.map((rule, at) => ({
    id: `rule ${at}`,
    rule: { afterBar: () => null, review: ({ qty }) => ({ qty, reason: null }), ...rule },
  }));
  return new OrderGate({ strategy: 'x', market: 'BTC/USDT', stepMs: 60, capital: 1000, rules: named, others: () => [] });
}

function account(qty = 0): Float64Array {
  const row = new Float64Array(ACCOUNT_FIELDS);
  row[ACCOUNT.qty] = qty;
  row[ACCOUNT.cash] = 1000;
  row[ACCOUNT.equity] = 1000 + qty * 10;
  return row;
}

const flagsOf = (gate: OrderGate, bar = BAR): readonly boolean[] => {
  const { isFlatten, isClosed } = gate.review(bar, account());
  return [isFlatten, isClosed];
};
const buysFive = (gate: OrderGate) => {
  const review = gate.review(BAR, account());
  return { qty: review.allow(1, 5, 10), notes: review.notes };
};

describe('what the gate lets through', () => {
  test('an order stands when nobody objects', () => {
    expect(flagsOf(gateWith({}))).toEqual([false, false]);
    expect(buysFive(gateWith({}))).toEqual({ qty: 5, notes: [] });
  });

  test('a paused strategy enters nothing and keeps its position', () => {
    const gate = gateWith();
    gate.isPaused = true;
    expect(flagsOf(gate)).toEqual([false, true]);
  });

  test('a pause by a rule ends with its time', () => {
    const gate = gateWith({ afterBar: ({ time }) => (time === 1060 ? { flatten: false, pauseUntil: 1120, reason: 'pause' } : null) });
    expect([1000, 1059, 1060].map((time) => flagsOf(gate, { ...BAR, time })[1])).toEqual([true, true, false]);
  });

  test('flatten closes once', () => {
    const gate = gateWith();
    gate.flatten();
    expect([flagsOf(gate)[0], flagsOf(gate)[0]]).toEqual([true, false]);
  });

  test('a rule that flattens does so on the bar it says so', () => {
    expect(flagsOf(gateWith({ afterBar: () => ({ flatten: true, pauseUntil: null, reason: 'loss' }) }))[0]).toBe(true);
  });
});

describe('the quantity', () => {
  test('is cut, with the reason', () => {
    expect(buysFive(gateWith({ review: () => ({ qty: 2, reason: 'too much' }) }))).toEqual({
      qty: 2,
      notes: [{ rule: 'rule 0', text: 'too much' }],
    });
  });

  test('each rule sees what the one before left, and who sells or buys how much at what price', () => {
    const seen: EntryIntent[] = [];
    const cutTo = (qty: number): Partial<RiskRulePort> => ({
      review: (intent) => {
        seen.push(intent);
        return { qty, reason: 'cut' };
      },
    });
    expect(gateWith(cutTo(4), cutTo(3)).review(BAR, account()).allow(-1, 5, 9)).toBe(3);
    expect(seen).toEqual([5, 4].map((qty) => ({ strategy: 'x', market: 'BTC/USDT', side: 'short', qty, price: 9 })));
  });

  test.for([
    { name: 'nothing left', verdict: { qty: 0, reason: 'no' } },
    { name: 'a negative quantity', verdict: { qty: -1, reason: 'no' } },
    { name: 'no number', verdict: { qty: Number.NaN, reason: null } },
  ])('$name refuses the order', ({ verdict }) => {
    expect(buysFive(gateWith({ review: () => verdict })).qty).toBe(0);
  });

  test('a rule cannot raise it', () => {
    expect(buysFive(gateWith({ review: () => ({ qty: 500, reason: null }) }))).toEqual({ qty: 5, notes: [] });
  });
});

describe('a broken rule', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  test('refuses the order it was asked about', () => {
    const { qty, notes } = buysFive(gateWith({ review: broken }));
    expect(qty).toBe(0);
    expect(notes[0]?.text).toContain('broken');
  });

  test('takes no entries on a bar it failed on, and the others still act', () => {
    const gate = gateWith({ afterBar: broken }, { afterBar: () => ({ flatten: true, pauseUntil: null, reason: 'loss' }) });
    expect(flagsOf(gate)).toEqual([true, true]);
  });
});

test('recall shows the past to the rules, with the account of then', () => {
  const seen: RiskView[] = [];
  const gate = gateWith({
    afterBar: (view) => {
      seen.push(view);
      return null;
    },
  });
  gate.recall(BAR, account(-2));
  expect(seen[0]).toMatchObject({ time: 1060, account: { qty: -2, exposure: 20, equity: 980, cash: 1000 } });
});
