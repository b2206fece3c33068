import { expect, test } from 'vitest';
import type { EntryIntent, RiskView } from 'strat/ports/risk-rule';
import { riskRuleContract } from 'strat/testkit/risk-rule-contract';
import { create__Name__ } from './__name__.ts';

riskRuleContract({ create: () => create__Name__(2) });

const account = { strategy: 'alpha', capital: 1000, cash: 1000, equity: 1000, exposure: 0, positions: [] };
const view: RiskView = { time: Date.UTC(2026, 0, 1), account, accounts: [account] };
const entry = (qty: number): EntryIntent => ({ strategy: 'alpha', market: 'BTC/USDT', side: 'long', qty, price: 100 });

test.for([
  { name: 'below the limit an entry passes', qty: 1.5, allowed: 1.5 },
  { name: 'at the limit it passes', qty: 2, allowed: 2 },
  { name: 'above the limit it is cut', qty: 3, allowed: 2 },
])('$name', ({ qty, allowed }) => expect(create__Name__(2).review(entry(qty), view).qty).toBe(allowed));
