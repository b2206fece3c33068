import type { AccountMoney } from '#core/runtime/backtest.ts';
import { AccountCurrency, currencyOf, type RateSource } from '#core/runtime/currency/account-currency.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import type { loadRate } from '#core/runtime/currency/load-rates.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';
import { usage } from './command-line.ts';

export const CURRENCY_OPTIONS: readonly CommandOption[] = [
  { name: 'currency', value: 'NAME', help: 'currency of the account, where markets are in others: USD' },
  {
    name: 'rate',
    value: 'PATH',
    isMany: true,
    help: 'candles that tell what a currency is worth, or MARKET=NUMBER; markets that are traded tell it too',
  },
];

/** The files of a command line that tell rates. */
export const rateFiles = (input: CommandInput): readonly string[] =>
  input.values('rate').flatMap((text) => (/=[0-9.]+$/.test(text) ? [] : [dataPath(text).path]));

/**
 * The currency of the account; undefined where it is that of all markets.
 * @param hasRules risk rules of a config act
 * @param rateOf reads what a `--rate` says
 * @throws StratError USAGE where markets are in several currencies and none was chosen, or a rate is missing
 */
export function accountMoney(
  command: Command,
  input: CommandInput,
  strategies: readonly StrategyOnMarkets[],
  hasRules: boolean,
  rateOf: typeof loadRate,
): AccountMoney | undefined {
  const asked = input.value('currency');
  const inverse = strategies.filter(({ prepared }) => prepared.settings.isInverse === true);
  if (inverse.length > 0 && inverse.length < strategies.length)
    throw usage(`"${inverse[0]!.label}" trades inverse perpetuals, which share an account with none that are not`, command);
  const markets = strategies.flatMap((one) => one.markets);
  const currencies = [...new Set(markets.map(({ market }) => currencyOf(market)).filter((currency) => currency !== null))];
  if (asked === undefined) {
    if (input.values('rate').length > 0)
      throw usage('--rate tells what a currency is worth in that of the account: add --currency', command);
    if (currencies.length > 1)
      throw usage(
        `The markets are in ${currencies.join(', ')}: say in which currency the account is, --currency ${currencies[0]!}`,
        command,
      );
    return undefined;
  }
  if (!/^[A-Z0-9]{2,32}$/.test(asked)) throw usage(`--currency takes a name such as USD, found "${asked}"`, command);
  if (currencies.every((currency) => currency === asked)) {
    if (input.values('rate').length > 0) throw usage(`All markets are in ${asked}, so that no --rate is needed`, command);
    return undefined;
  }
  if (inverse.length > 0) throw usage('Inverse perpetuals have an account in their coin: leave out --currency', command);
  refuseAmounts(command, input, strategies, asked, hasRules);
  const rates = input.values('rate').map(rateOf);
  const traded = markets.map(({ market, columns, timeframe }): RateSource => ({ market, rate: { columns, stepMs: timeframe.stepMs } }));
  const currency = new AccountCurrency(asked, [...rates.map(({ source }) => source), ...traded]);
  const used = new Set(currencies.flatMap((one) => currency.pathOf(one)));
  const idle = rates.find(({ source }) => !used.has(source.market));
  if (idle !== undefined) throw usage(`--rate ${idle.source.market}: no currency of the run is converted by it`, command);
  return { currency, read: rates.flatMap(({ series }) => (series === null ? [] : [series])) };
}

/** Amounts of money that are said in one currency, and would be taken for another. */
function refuseAmounts(
  command: Command,
  input: CommandInput,
  strategies: readonly StrategyOnMarkets[],
  currency: string,
  hasRules: boolean,
): void {
  const said = strategies.find(({ prepared }) => prepared.program.account.capital !== null);
  if (said !== undefined && input.value('capital') === undefined)
    throw usage(`"${said.label}" names a capital in the currency of its market, and the account is in ${currency}: add --capital`, command);
  if (strategies.some(({ prepared }) => prepared.settings.fees?.tiers !== undefined))
    throw usage('Fees by what was traded (tiers) know one currency: give a rate, --fee 0.1%', command);
  if (hasRules) throw usage('Risk rules of a config know one currency: leave out --config, or --currency', command);
}
