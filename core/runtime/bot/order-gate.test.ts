import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, ACCOUNT_FIELDS, DECISION as D, OPERATOR_EXIT, SIZE } from '#core/model/strategy-abi.ts';
import type { RiskRulePort, RiskView } from '#core/ports/risk-rule.ts';
import { emptyDecision } from '#dsl/graph/decision.ts';
import { type NamedRule, OrderGate } from './order-gate.ts';

const BAR: Bar = { time: 1000, open: 10, high: 10, low: 10, close: 10, volume: 1 };

function gateWith(...rules: readonly Partial<RiskRulePort>[]): OrderGate {
  const named: NamedRule[] = rules.map((rule, at) => ({
    id: `rule ${at}`,
    rule: { afterBar: () => null, review: ({ qty }) => ({ qty, reason: null }), ...rule },
  }));
  return new OrderGate({ strategy: 'x', market: 'BTC/USDT', stepMs: 60, capital: 1000, rules: named, others: () => [] });
}

function entry(): Float64Array {
  const row = emptyDecision();
  row[D.entryRule] = 1;
  row[D.entrySide] = 1;
  row[D.sizeKind] = SIZE.equityShare;
  row[D.sizeAmount] = 0.5;
  row[D.maxKind] = SIZE.money;
  row[D.maxAmount] = 100;
  return row;
}

function account(qty = 0): Float64Array {
  const row = new Float64Array(ACCOUNT_FIELDS);
  row[ACCOUNT.qty] = qty;
  row[ACCOUNT.cash] = 1000;
  row[ACCOUNT.equity] = 1000 + qty * 10;
  return row;
}

const wanted = (qty: number) => (): number => qty;

describe('what the gate lets through', () => {
  test('a decision stands when nobody objects', () => {
    const row = entry();
    expect(gateWith({}).apply(row, BAR, account(), wanted(5))).toEqual({ row, notes: [] });
  });

  test('a paused strategy enters nothing and still leaves', () => {
    const gate = gateWith();
    gate.isPaused = true;
    const row = entry();
    row[D.exitRule] = 1;
    row[D.exitFraction] = 1;
    const gated = gate.apply(row, BAR, account(-3), wanted(5)).row;
    expect([gated[D.entryRule], gated[D.exitRule], gated[D.exitFraction]]).toEqual([0, 1, 1]);
    expect(row[D.entryRule], 'the strategy’s own row').toBe(1);
  });

  test('a pause by a rule ends with its time', () => {
    const gate = gateWith({ afterBar: ({ time }) => (time === 1060 ? { flatten: false, pauseUntil: 1120, reason: 'pause' } : null) });
    const at = (time: number): number => gate.apply(entry(), { ...BAR, time }, account(), wanted(5)).row[D.entryRule]!;
    expect([at(1000), at(1059), at(1060)]).toEqual([0, 0, 1]);
  });

  test('flatten closes what is held, once, and enters nothing', () => {
    const gate = gateWith();
    gate.flatten();
    const gated = gate.apply(entry(), BAR, account(2), wanted(5)).row;
    expect([gated[D.entryRule], gated[D.exitRule], gated[D.exitFraction]]).toEqual([0, OPERATOR_EXIT, 1]);
    expect(gate.apply(entry(), BAR, account(2), wanted(5)).row[D.exitRule]).toBe(0);
  });

  test('a rule that flattens does so on the bar it says so', () => {
    const gate = gateWith({ afterBar: () => ({ flatten: true, pauseUntil: null, reason: 'loss' }) });
    expect(gate.apply(emptyDecision(), BAR, account(2), wanted(Number.NaN)).row[D.exitRule]).toBe(OPERATOR_EXIT);
  });
});

describe('the quantity', () => {
  test('a cut becomes a fixed quantity without ceiling and floor', () => {
    const { row, notes } = gateWith({ review: () => ({ qty: 2, reason: 'too much' }) }).apply(entry(), BAR, account(), wanted(5));
    expect([row[D.sizeKind], row[D.sizeAmount], row[D.maxKind], row[D.minKind]]).toEqual([SIZE.quantity, 2, SIZE.none, SIZE.none]);
    expect(notes).toEqual([{ rule: 'rule 0', text: 'too much' }]);
  });

  test('each rule sees what the one before left', () => {
    const seen: number[] = [];
    const cutTo = (qty: number): Partial<RiskRulePort> => ({
      review: (intent) => {
        seen.push(intent.qty);
        return { qty, reason: 'cut' };
      },
    });
    expect(gateWith(cutTo(4), cutTo(3)).apply(entry(), BAR, account(), wanted(5)).row[D.sizeAmount]).toBe(3);
    expect(seen).toEqual([5, 4]);
  });

  test.for([
    { name: 'nothing left', verdict: { qty: 0, reason: 'no' } },
    { name: 'a negative quantity', verdict: { qty: -1, reason: 'no' } },
    { name: 'no number', verdict: { qty: Number.NaN, reason: null } },
  ])('$name refuses the entry', ({ verdict }) => {
    expect(gateWith({ review: () => verdict }).apply(entry(), BAR, account(), wanted(5)).row[D.entryRule]).toBe(0);
  });

  test('a rule cannot raise it', () => {
    const row = entry();
    expect(gateWith({ review: () => ({ qty: 500, reason: null }) }).apply(row, BAR, account(), wanted(5)).row).toEqual(row);
  });

  test('an entry that the broker will drop anyway is not shown to the rules', () => {
    const rule: Partial<RiskRulePort> = { review: () => expect.fail('was asked') };
    expect(gateWith(rule).apply(entry(), BAR, account(), wanted(Number.NaN)).row[D.entryRule]).toBe(1);
  });
});

describe('a broken rule', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  test('refuses the entry it was asked about', () => {
    const { row, notes } = gateWith({ review: broken }).apply(entry(), BAR, account(), wanted(5));
    expect(row[D.entryRule]).toBe(0);
    expect(notes[0]?.text).toContain('broken');
  });

  test('takes no entries on a bar it failed on, and the others still act', () => {
    const gate = gateWith({ afterBar: broken }, { afterBar: () => ({ flatten: true, pauseUntil: null, reason: 'loss' }) });
    const { row } = gate.apply(entry(), BAR, account(1), wanted(5));
    expect([row[D.entryRule], row[D.exitRule]]).toEqual([0, OPERATOR_EXIT]);
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
