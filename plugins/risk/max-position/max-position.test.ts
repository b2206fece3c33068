import { describe, expect, test } from 'vitest';
import type { EntryIntent, RiskView } from 'strat/ports/risk-rule';
import { riskRuleContract } from 'strat/testkit/risk-rule-contract';
import { createMaxPosition } from './max-position.ts';
import { configSchema } from './schema.ts';

riskRuleContract({ create: () => createMaxPosition(0.25) });

const view = (equity: number, qty: number): RiskView => {
  const exposure = Math.abs(qty) * 100;
  const account = {
    strategy: 'alpha',
    capital: 10_000,
    cash: equity,
    equity,
    exposure: exposure + 700,
    positions: [
      { market: 'ETH/USDT', qty: 7, exposure: 700 },
      { market: 'BTC/USDT', qty, exposure },
    ],
  };
  return { time: Date.UTC(2026, 0, 1), account, accounts: [account] };
};
const buy = (qty: number, side: EntryIntent['side'] = 'long'): EntryIntent => ({
  strategy: 'alpha',
  market: 'BTC/USDT',
  side,
  qty,
  price: 100,
});

// 25 % of 10,000 is 2,500, which at a price of 100 is 25 units.
describe('max-position at 25%', () => {
  test.for([
    { name: 'lets an entry below the limit pass', held: 0, intent: buy(24), qty: 24 },
    { name: 'lets an entry at the limit pass', held: 0, intent: buy(25), qty: 25 },
    { name: 'cuts an entry above the limit', held: 0, intent: buy(40), qty: 25 },
    { name: 'counts what is held', held: 20, intent: buy(10), qty: 5 },
    { name: 'refuses when nothing is left', held: 25, intent: buy(1), qty: 0 },
    { name: 'counts a short position the same way', held: -20, intent: buy(10, 'short'), qty: 5 },
    { name: 'lets a reversal close and open up to the limit', held: -10, intent: buy(50), qty: 35 },
  ])('$name', ({ held, intent, qty }) => {
    const verdict = createMaxPosition(0.25).review(intent, view(10_000, held));
    expect(verdict.qty).toBeCloseTo(qty, 9);
    expect(verdict.reason === null).toBe(qty === intent.qty);
  });

  test('has no room without equity', () => {
    expect(createMaxPosition(0.25).review(buy(1), view(0, 0)).qty).toBe(0);
    expect(createMaxPosition(0.25).review(buy(1), view(-5, 0)).qty).toBe(0);
  });
});

describe('the share in the config', () => {
  const pattern = new RegExp(configSchema.properties.maxShare.pattern);
  test.for(['25%', '0.5%', '100%', '33.3333 %', '.5%', '300%'])('may be %s', (text) => expect(text).toMatch(pattern));
  test.for(['25', '0%', '-5%', '0.00%', '1e3%', '25%%', 'NaN%', ''])('may not be "%s"', (text) => expect(text).not.toMatch(pattern));
});
