import type { EntryIntent, RiskAccount } from '#core/ports/risk-rule.ts';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import { otherMarkets } from '#core/runtime/further-columns.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { PlannedStrategy } from './strategy-plan.ts';

/** Bars that an exchange is asked for. */
const TRIED_BARS = 20;
const CAPITAL = 10_000;

/**
 * Asks running plugins what the bot will ask them, so that what is wrong with their answers is found before anything trades: exchanges for
 * the first bars of the markets that strategies want, risk rules about an entry that nobody makes. Notifiers are left alone: somebody would
 * hear of it. The guards of the ports keep what they find for `lifecycle.problems`. Meant for plugins that are stopped after it: a rule may
 * remember what it was shown.
 */
export async function tryPlugins({ ports }: Lifecycle, strategies: readonly PlannedStrategy[]): Promise<void> {
  const exchanges = ports('exchange');
  const over = new AbortController();
  const wanted = strategies.flatMap(({ config, markets, timeframe, prepared: { program } }) =>
    [...markets, ...otherMarkets(program)].map((name) => {
      const isBeside = markets.length > 1 || name !== markets[0];
      return { exchange: config.exchange, name, timeframe, isBeside, program };
    }),
  );
  for (const { exchange, name, timeframe, isBeside, program } of wanted) {
    try {
      const feed = await exchanges
        .get(exchange)
        ?.openFeed(name, timeframe, over.signal, { columns: fileColumns(program.columns), isBeside });
      for (let index = 0; index < TRIED_BARS; index++) if ((feed?.bar(index) ?? null) === null) break;
    } catch {
      // A fault is with the guard; a market that the exchange does not have is told to who starts the strategy.
    }
  }
  over.abort();
  for (const rule of ports('risk').values()) {
    const account: RiskAccount = {
      strategy: 'doctor',
      capital: CAPITAL,
      cash: CAPITAL,
      equity: CAPITAL,
      exposure: 0,
      positions: [{ market: 'BTC/USDT', qty: 0, exposure: 0 }],
    };
    const view = { time: Date.UTC(2026, 0, 1), account, accounts: [account] };
    const intent: EntryIntent = { strategy: account.strategy, market: 'BTC/USDT', side: 'long', qty: 1, price: 100 };
    rule.afterBar(view);
    rule.review(intent, view);
  }
}
