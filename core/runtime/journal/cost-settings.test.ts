import { expect, it } from 'vitest';
import { parseFee } from '#core/model/fee-text.ts';
import { parseSlippage } from '#core/model/slippage-text.ts';
import { costsText } from '../paper/restore-account.ts';
import { resolveSettings, type SettingsRequest } from '../resolve-settings.ts';
import { readSettings } from './journal-record.ts';

const NOTHING = {
  account: { capital: null, leverage: null, margin: null },
  costs: { maker: null, taker: null, slippage: null, borrow: null, funding: null },
} as const;

const ALL: SettingsRequest = {
  fee: parseFee('0.02%/0.05%,1000000:0.01%/0.04%')!,
  slippage: parseSlippage('square-root:1+spread:2pips+volume-share:0.1')!,
  participation: 0.1,
  queue: { share: 0.05 },
  minNotional: 10,
  latency: { ms: 2000 },
  feeDiscount: 0.25,
  leverage: 5,
  margin: 'isolated',
  maintenance: [
    { from: 0, rate: 0.004 },
    { from: 50_000, rate: 0.005 },
  ],
  liquidationRate: 0.002,
  fundingRate: 0.0001,
  fundingMs: 3_600_000,
  borrowRate: 0.08,
  swapLong: 0.02,
  swapShort: -0.01,
};

it.each<[string, SettingsRequest]>([
  ['every model', ALL],
  ['none', {}],
  ['fees in the base coin', { feeIn: 'base' }],
  ['a fee for each unit', { fee: parseFee('unit:0.005:1')! }],
])('costs come back from a journal as they were, and a change of one is noticed: %s', (_, request) => {
  const { conventions: _conventions, ...settings } = resolveSettings(request, NOTHING);
  const read = readSettings(JSON.parse(JSON.stringify(settings)) as Record<string, unknown>)!;
  expect(read).toEqual(settings);
  expect(costsText({ settings: read })).toBe(costsText({ settings }));
});

it.each(Object.keys(ALL))('a change of %s is noticed', (key) => {
  const { [key as keyof SettingsRequest]: _, ...rest } = ALL;
  const file = { ...NOTHING, costs: { ...NOTHING.costs, funding: true } };
  expect(costsText({ settings: resolveSettings(rest, file) })).not.toBe(costsText({ settings: resolveSettings(ALL, file) }));
});

it.each([
  { swap: { long: 1 } },
  { swap: { long: 1, short: 'x' } },
  { borrowRate: 'x' },
  { latency: { ms: 'x' } },
  { margin: { kind: 'cross' } },
])('a record that holds something else is refused: %o', (damage) => {
  const { conventions: _conventions, ...settings } = resolveSettings({}, NOTHING);
  expect(readSettings({ ...settings, ...damage })).toBeUndefined();
});
