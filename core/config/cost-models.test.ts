import { afterAll, describe, expect, test } from 'vitest';
import { costsOn, type GivenCosts } from './cost-models.ts';
import { ConfigFile } from './testing/load-text.ts';

const file = new ConfigFile();
afterAll(() => file.close());

/** What a config with these lines says of the costs on an exchange. */
function on(exchange: string | null, text: string): GivenCosts {
  const config = file.load(
    `exchanges:\n  spot: { use: exchange/sim }\n  perp: { use: exchange/sim, costs: { fee: 0.02%/0.05%, funding: -0.01%, maintenance: "0.4%,50000:0.5%" } }\n${text}\n`,
  );
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return costsOn(config.value, exchange);
}

describe('costs on an exchange', () => {
  test('are its own, then those of all, then nothing: defaults leave a strategy its word', () => {
    expect(on('spot', '')).toEqual({ fee: undefined, slippage: undefined, models: {} });
    expect(on('perp', 'costs: { fee: 1%, slippage: 0%, borrow: 10%, funding: 1% }')).toEqual({
      fee: { maker: 0.0002, taker: 0.0005, models: null },
      slippage: { rate: 0, models: null },
      models: {
        borrowRate: 0.1,
        fundingRate: -0.0001,
        maintenance: [
          { from: 0, rate: 0.004 },
          { from: 50_000, rate: 0.005 },
        ],
      },
    });
    expect(on('spot', 'costs: { fee: 1%, borrow: 10% }')).toMatchObject({ fee: { taker: 0.01 }, models: { borrowRate: 0.1 } });
  });

  test('are those of all where no certain one is meant', () => {
    expect(on(null, 'costs: { fee: 1%, liquidationFee: 25bp, fundingEvery: 4h }')).toEqual({
      fee: { maker: 0.01, taker: 0.01, models: null },
      slippage: undefined,
      models: { liquidationRate: 0.0025, fundingMs: 4 * 3_600_000 },
    });
  });
});
