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
  return new OrderGate({ strategy: 'x', markets: ['BTC/USDT'], stepMs: 60, capital: 1000, rules: named, others: () => [] });
}

function account(qty = 0): Float64Array {
  const row = new Float64Array(ACCOUNT_FIELDS);
  row[ACCOUNT.qty] = qty;
  row[ACCOUNT.cash] = 1000;
  row[ACCOUNT.equity] = 1000 + qty * 10;
  return row;
}

const reviewOf = (gate: OrderGate, bar = BAR) => {
  const { reviews, notes } = gate.review([{ market: 0, bar, account: account() }]);
  return { ...reviews[0]!, notes };
};
const flagsOf = (gate: OrderGate, bar = BAR): readonly boolean[] => {
  const { isFlatten, isClosed } = reviewOf(gate, bar);
  return [isFlatten, isClosed];
};
const buysFive = (gate: OrderGate) => {
  const review = reviewOf(gate);
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

  test('resuming lets the limits of the strategy go on once, and ends the pause', () => {
    const gate = gateWith();
    gate.isPaused = true;
    gate.resume();
    const [first, second] = [reviewOf(gate), reviewOf(gate)];
    expect([first.isResumed, first.isClosed, second.isResumed]).toEqual([true, false, false]);
  });

  test('flatten closes once', () => {
    const gate = gateWith();
    gate.flatten(0);
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
      notes: [{ rule: 'rule 0', market: 'BTC/USDT', text: 'too much' }],
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
    expect(reviewOf(gateWith(cutTo(4), cutTo(3))).allow(-1, 5, 9)).toBe(3);
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
  gate.recall([{ market: 0, bar: BAR, account: account(-2) }]);
  expect(seen[0]).toMatchObject({
    time: 1060,
    account: { positions: [{ market: 'BTC/USDT', qty: -2, exposure: 20 }], exposure: 20, equity: 980, cash: 1000 },
  });
});

describe('several markets on one account', () => {
  const two = (rule: Partial<RiskRulePort>): OrderGate =>
    new OrderGate({
      strategy: 'x',
      markets: ['BTC/USDT', 'ETH/USDT'],
      stepMs: 60,
      capital: 1000,
      rules: [{ id: 'rule', rule: { afterBar: () => null, review: ({ qty }) => ({ qty, reason: null }), ...rule } }],
      others: () => [
        { strategy: 'y', capital: 500, cash: 400, equity: 510, exposure: 110, positions: [{ market: 'SPY', qty: 1, exposure: 110 }] },
      ],
    });
  /** Rows of one account of 1030. */
  const bars = (...held: readonly (readonly [market: number, qty: number])[]) =>
    held.map(([market, qty]) => {
      const row = account(qty);
      row[ACCOUNT.equity] = 1030;
      return { market, bar: BAR, account: row };
    });
  const both = bars([0, 1], [1, 2]);

  test('bars that open together are one to a rule; what has none is as it was last', () => {
    const seen: RiskView[] = [];
    const gate = two({ afterBar: (view) => (seen.push(view), null) });
    gate.review(bars([0, 1]));
    gate.review(both);
    gate.review(bars([1, -3]));
    gate.review([]);
    expect(
      seen.map(({ account: { exposure, positions } }) => [exposure, ...positions.map(({ market, qty }) => `${market} ${qty}`)]),
    ).toEqual([
      [10, 'BTC/USDT 1'],
      [30, 'BTC/USDT 1', 'ETH/USDT 2'],
      [40, 'BTC/USDT 1', 'ETH/USDT -3'],
    ]);
  });

  test('a rule that sums over the accounts counts each once: 1030 + 510, 30 + 110', () => {
    const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
    const gate = two({
      review: ({ qty }, { accounts }) => ({
        qty: Math.min(qty, sum(accounts.map(({ equity }) => equity)) - 1500),
        reason: `${sum(accounts.map(({ exposure }) => exposure))} of ${sum(accounts.map(({ equity }) => equity))}`,
      }),
    });
    const { reviews, notes } = gate.review(both);
    expect(reviews.map(({ allow }) => allow(1, 100, 10))).toEqual([40, 40]);
    expect(notes).toEqual(['BTC/USDT', 'ETH/USDT'].map((market) => ({ rule: 'rule', market, text: '140 of 1540' })));
  });

  test('what several hold of one market is one position', () => {
    const seen: RiskView[] = [];
    const rule = { id: 'rule', rule: { afterBar: (view: RiskView) => (seen.push(view), null), review: () => ({ qty: 0, reason: 'no' }) } };
    const options = { strategy: 'x + y', stepMs: 60, capital: 1000, rules: [rule], others: () => [] };
    new OrderGate({ ...options, markets: ['BTC/USDT', 'ETH/USDT', 'BTC/USDT'] }).review(bars([0, 3], [1, 2], [2, -1]));
    expect(seen[0]!.account).toMatchObject({
      exposure: 60,
      positions: [
        { market: 'BTC/USDT', qty: 2, exposure: 40 },
        { market: 'ETH/USDT', qty: 2, exposure: 20 },
      ],
    });
  });

  test('an order is asked about with its market', () => {
    const seen: string[] = [];
    const gate = two({ review: ({ market, side, qty }) => (seen.push(`${market} ${side} ${qty}`), { qty, reason: null }) });
    for (const [at, { allow }] of gate.review(both).reviews.entries()) allow(-1, at + 5, 10);
    expect(seen).toEqual(['BTC/USDT short 5', 'ETH/USDT short 6']);
  });

  test.for([
    { when: 'now', begin: (gate: OrderGate): unknown => gate.review(bars([0, 1])) },
    { when: 'before a restart', begin: (gate: OrderGate): unknown => gate.recall(bars([0, 1])) },
  ])('a rule that closed and paused $when does so on all, on each at its next bar', ({ begin }) => {
    let isOver = false;
    const gate = two({
      afterBar: () => {
        const action = isOver ? null : { flatten: true, pauseUntil: 5000, reason: 'loss' };
        isOver = true;
        return action;
      },
    });
    begin(gate);
    expect(gate.review(both).reviews).toMatchObject([
      { isFlatten: false, isClosed: true },
      { isFlatten: true, isClosed: true },
    ]);
    expect(gate.review(both).reviews).toMatchObject([{ isFlatten: false }, { isFlatten: false }]);
  });
});
