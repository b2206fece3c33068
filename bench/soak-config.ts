import { fileURLToPath } from 'node:url';

export const SEED = 11;
export const BARS_PER_SECOND = 500;
const SHIPPED = ['atr-trail', 'bollinger-breakout', 'macd-trend', 'rsi-reversion', 'sma-cross'] as const;
const STRATEGIES = fileURLToPath(new URL('../strategies', import.meta.url));

/** Ten strategies, the shipped ones twice, on one `exchange/sim`, under a risk rule. JSON is YAML. */
export function soakConfig(): string {
  return JSON.stringify({
    exchanges: { market: { use: 'exchange/sim', seed: SEED, speed: BARS_PER_SECOND } },
    risk: [{ use: 'risk/max-position', maxShare: '50%' }],
    notifiers: [],
    strategies: ['a', 'b'].flatMap((twin) =>
      SHIPPED.map((name) => ({ file: `${STRATEGIES}/${name}/${name}.strat`, id: `${name}-${twin}`, exchange: 'market' })),
    ),
  });
}
