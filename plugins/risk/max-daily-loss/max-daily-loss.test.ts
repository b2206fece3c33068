import { describe, expect, test } from 'vitest';
import type { EntryIntent, RiskView } from 'strat/ports/risk-rule';
import { riskRuleContract } from 'strat/testkit/risk-rule-contract';
import { createMaxDailyLoss } from './max-daily-loss.ts';
import { configSchema } from './schema.ts';

riskRuleContract({ create: () => createMaxDailyLoss(0.03, 'flatten') });

const DAY = Date.UTC(2026, 0, 5);
const hour = (hours: number): number => DAY + hours * 3_600_000;

const view = (time: number, equity: number, strategy = 'alpha'): RiskView => {
  const account = { strategy, capital: 10_000, cash: equity, equity, exposure: 0, positions: [] };
  return { time, account, accounts: [account] };
};
const intent: EntryIntent = { strategy: 'alpha', market: 'BTC/USDT', side: 'long', qty: 1, price: 100 };

describe('max-daily-loss of 3%', () => {
  test('does nothing above the limit', () => {
    const rule = createMaxDailyLoss(0.03, 'pause');
    expect(rule.afterBar(view(hour(1), 10_000))).toBeNull();
    expect(rule.afterBar(view(hour(2), 9701))).toBeNull();
    expect(rule.review(intent, view(hour(2), 9701))).toEqual({ qty: 1, reason: null });
  });

  test.for(['pause', 'flatten'] as const)('with "%s" it acts once at the limit, until the next UTC day', (then) => {
    const rule = createMaxDailyLoss(0.03, then);
    rule.afterBar(view(hour(1), 10_000));
    expect(rule.afterBar(view(hour(2), 9700))).toMatchObject({ flatten: then === 'flatten', pauseUntil: hour(24) });
    expect(rule.afterBar(view(hour(3), 9600))).toBeNull();
    expect(rule.review(intent, view(hour(3), 9600)).qty).toBe(0);
  });

  test('counts from the equity at the last close before each day', () => {
    const rule = createMaxDailyLoss(0.03, 'pause');
    rule.afterBar(view(hour(1), 10_000));
    rule.afterBar(view(hour(2), 9000));
    // The close at midnight is the last of the day before; 01:00 begins the next one.
    expect(rule.review(intent, view(hour(24), 9000)).qty).toBe(0);
    expect(rule.afterBar(view(hour(25), 9000))).toBeNull();
    expect(rule.review(intent, view(hour(25), 9000)).qty).toBe(1);
    expect(rule.afterBar(view(hour(26), 8731))).toBeNull();
    expect(rule.afterBar(view(hour(27), 8730))).toMatchObject({ pauseUntil: hour(48) });
  });

  test('sees what the first bar of a day lost, so bars of a day as well', () => {
    const rule = createMaxDailyLoss(0.03, 'pause');
    expect(rule.afterBar(view(hour(24), 10_000))).toBeNull();
    expect(rule.afterBar(view(hour(48), 9710))).toBeNull();
    expect(rule.afterBar(view(hour(72), 9418))).toMatchObject({ pauseUntil: hour(72), reason: expect.stringMatching(/^lost 3.01%/) });
  });

  test('keeps strategies apart', () => {
    const rule = createMaxDailyLoss(0.03, 'pause');
    for (const strategy of ['alpha', 'beta']) rule.afterBar(view(hour(1), 10_000, strategy));
    rule.afterBar(view(hour(2), 9000, 'beta'));
    expect(rule.review(intent, view(hour(2), 10_000)).qty).toBe(1);
    expect(rule.review({ ...intent, strategy: 'beta' }, view(hour(2), 9000, 'beta')).qty).toBe(0);
  });
});

describe('the loss in the config', () => {
  const pattern = new RegExp(configSchema.properties.maxLoss.pattern);
  test.for(['3%', '0.5%', '99.9 %', '.25%'])('may be %s', (text) => expect(text).toMatch(pattern));
  test.for(['3', '0%', '100%', '-3%', '3 percent', ''])('may not be "%s"', (text) => expect(text).not.toMatch(pattern));
});
