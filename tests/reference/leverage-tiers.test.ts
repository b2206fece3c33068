import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { liquidationPrice } from '#core/engine/trading/liquidation-price.ts';
import { MAX_TIERS } from '#core/model/strategy-abi.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

/** As ccxt gives Binance's: `info.cum` is the venue's own "maintenance amount". */
interface Tier {
  readonly minNotional: number;
  readonly maintenanceMarginRate: number;
  readonly info: { readonly cum: string };
}

/**
 * Binance's formula for one position, cross, one way (its page "Liquidation Price of USDⓈ-M Futures"): with WB the wallet, EP the entry, MMR and cum of the
 * tier that the position is in, `LP = (WB + cum - side * qty * EP) / (qty * (MMR - side))`.
 */
function ofVenue(tiers: readonly Tier[], side: number, qty: number, entry: number, wallet: number): number {
  const prices = tiers.map(
    ({ maintenanceMarginRate: rate, info }) => (wallet + Number(info.cum) - side * qty * entry) / (qty * (rate - side)),
  );
  const at = prices.findLastIndex((price, place) => qty * price >= tiers[place]!.minNotional);
  return prices[at]!;
}

describe.skipIf(!hasSharedData)('the maintenance tiers of a venue (../shared/data)', () => {
  const markets = hasSharedData
    ? Object.entries(sharedJson('payloads/binance/leverage_tiers_ccxt.json.gz') as Readonly<Record<string, readonly Tier[]>>)
    : [];

  test('give the liquidation prices of its own formula, in every tier of every market', () => {
    let compared = 0;
    for (const [, tiers] of markets) {
      expect(tiers.length).toBeLessThanOrEqual(MAX_TIERS);
      const maintenance = tiers.map(({ minNotional, maintenanceMarginRate }) => ({ from: minNotional, rate: maintenanceMarginRate }));
      const margin = { kind: 'cross' as const, leverage: 2, maintenance, liquidationRate: 0 };
      const settings = settingsArray({ ...DEFAULT_SETTINGS, margin }, 0, 10);
      for (const { minNotional } of tiers) {
        for (const side of [1, -1]) {
          const [entry, qty] = [25, (minNotional * 1.7 + 100) / 25];
          const wallet = (qty * entry) / 2;
          const price = liquidationPrice(side, qty, wallet - side * qty * entry, settings);
          const expected = ofVenue(tiers, side, qty, entry, wallet);
          expect(Math.abs(price / expected - 1)).toBeLessThan(1e-9);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });
});
