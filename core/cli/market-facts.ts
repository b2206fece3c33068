import { basename } from 'node:path';
import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { readCandleFile } from '#core/data/candle-file.ts';
import { loadAsk } from '#core/runtime/ask-data.ts';
import { isoTime } from '#core/runtime/backtest-document.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { loadDepth } from '#core/runtime/depth-data.ts';
import { loadDetail } from '#core/runtime/detail-data.ts';
import { markData } from '#core/runtime/mark-data.ts';
import { cutToPeriod } from '#core/runtime/market-candles.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { LONGEST_PAUSE_MS } from '#core/runtime/portfolio/ended-members.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import { someOf } from '#core/runtime/report/some-of.ts';
import { loadStockActions } from '#core/runtime/stocks/stock-actions.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';
import { usage } from './command-line.ts';
import { timeOf } from './option-values.ts';

const DAY_MS = 86_400_000;

/** Options that tell of a market besides its candles; `MARKET=` says of which, where several are traded. */
export const FACT_OPTIONS: readonly CommandOption[] = [
  {
    name: 'detail',
    value: 'PATH',
    isMany: true,
    help: 'shorter candles, trades or quotes of the traded market: they decide the order of events inside of bars',
  },
  {
    name: 'depth',
    value: 'PATH',
    isMany: true,
    help: 'recorded order books of the traded market: with --slippage depth market orders take them level by level',
  },
  { name: 'ask', value: 'PATH', isMany: true, help: 'what buys meet, bar by bar; the candles of --data are what sales meet then' },
  {
    name: 'mark',
    value: 'PATH',
    isMany: true,
    help: 'mark prices of the traded derivative: positions are liquidated and funding is counted by them (those of the data store, where it has some)',
  },
  {
    name: 'factors',
    value: 'PATH',
    isMany: true,
    help: 'splits and dividends of the traded stock, as a factor file of LEAN; its candles are unadjusted then',
  },
  {
    name: 'delisted',
    value: 'DATE',
    isMany: true,
    help: 'last day of a market that ended, UTC: what is held then goes at its last close; of several markets as MARKET=DATE',
  },
];

type Fact = 'detail' | 'depth' | 'ask' | 'mark' | 'factors' | 'delisted';
const FACTS: readonly Fact[] = ['detail', 'depth', 'ask', 'mark', 'factors', 'delisted'];

/** The files of a command line that tell of markets. */
export const factFiles = (input: CommandInput): readonly string[] =>
  FACTS.filter((name) => name !== 'delisted').flatMap((name) => input.values(name).map((text) => dataPath(text).path));

/**
 * The strategies with what the command line tells of their markets; a market that several trade has it for each.
 * @throws StratError USAGE when it does not say of which market, or of one that is not traded; those of the readers
 */
export function withFacts(
  command: Command,
  input: CommandInput,
  strategies: readonly StrategyOnMarkets[],
  period: { readonly from: number | null; readonly to: number | null },
): readonly StrategyOnMarkets[] {
  const given = FACTS.filter((name) => input.values(name).length > 0);
  const { settings } = strategies[0]!.prepared;
  if (strategies.some(({ prepared }) => prepared.program.baskets.length > 0)) {
    const told = [...given.map((name) => `--${name}`), ...(settings.swap === undefined ? [] : ['--swap-long, --swap-short'])];
    if (settings.slippage?.depth !== undefined) told.push('--slippage depth');
    if (told.length > 0) throw usage(`${told.join(', ')}: not for the legs of a basket`, command);
  }
  const isDeep = settings.slippage?.depth !== undefined;
  if (given.includes('depth') && !isDeep)
    throw usage('--depth tells of order books, which orders take with --slippage depth alone', command);
  if (given.length === 0 && !isDeep) return strategies;
  const markets = [...new Set(strategies.flatMap((one) => one.markets.map(({ market }) => market)))];
  const factsOf = new Map(markets.map((market) => [market, new Map<Fact, string>()]));
  for (const name of given)
    for (const text of input.values(name)) {
      const { market, value } = whose(command, name, text, markets);
      const facts = factsOf.get(market)!;
      if (facts.has(name)) throw usage(`--${name} is given twice for ${market}`, command);
      facts.set(name, value);
    }
  const told = ({ program, settings: own }: StrategyOnMarkets['prepared'], data: MarketData): MarketData => {
    const facts = factsOf.get(data.market)!;
    const [delisted, detail, depth, ask, mark, factors] = (['delisted', 'detail', 'depth', 'ask', 'mark', 'factors'] as const).map((fact) =>
      facts.get(fact),
    );
    const refuse = (reason: string): Error => usage(reason, command);
    if (ask !== undefined && detail !== undefined)
      throw refuse('--ask and --detail exclude each other: quotes in --detail have an ask of their own');
    if (ask !== undefined && factors !== undefined)
      throw refuse('--ask and --factors exclude each other: the ask would be of other shares');
    if (mark !== undefined && factors !== undefined) throw refuse('--mark and --factors exclude each other: a stock has no mark price');
    if (depth !== undefined && factors !== undefined)
      throw refuse('--depth and --factors exclude each other: the books would be of other shares');
    if (depth === undefined && isDeep) throw refuse(`--slippage depth takes recorded order books: give --depth PATH of ${data.market}`);
    if (mark !== undefined && own.margin === undefined && own.funding === undefined)
      throw refuse('--mark tells of liquidation and funding: the strategy has no leverage and pays no funding');
    const only = delisted === undefined ? data : endedOn(command, data, delisted, period);
    return {
      ...only,
      ...(detail === undefined ? {} : { detail: loadDetail(detail, only) }),
      ...(ask === undefined ? {} : { ask: loadAsk(ask, only) }),
      ...(mark === undefined ? {} : { mark: markData(readCandleFile(mark), only) }),
      ...(depth === undefined ? {} : { depth: loadDepth(depth, only) }),
      ...(factors === undefined ? {} : { stock: loadStockActions(factors, only, program.sessions) }),
    };
  };
  return strategies.map((one) => ({ ...one, markets: one.markets.map((data) => told(one.prepared, data)) }));
}

/** The market that a fact is of: the one that is traded, the one before the `=`, or the one of the file's name. */
function whose(command: Command, name: Fact, text: string, names: readonly string[]): { readonly market: string; readonly value: string } {
  const { forced, path: value } = dataPath(text);
  const list = someOf(names);
  if (forced !== null) {
    if (!names.includes(forced.name)) throw usage(`--${name} tells of ${forced.name}, and the run trades ${list}`, command);
    return { market: forced.name, value };
  }
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return { market: only, value };
  const named = name === 'delisted' ? null : parseCandleFileName(basename(value)).market;
  if (named !== null && names.includes(named.name)) return { market: named.name, value };
  const form = name === 'delisted' ? 'MARKET=DATE' : 'MARKET=PATH';
  throw usage(`--${name} ${value}: the run trades ${list}; say of which market it tells, --${name} ${form}`, command);
}

/** A run that ends before the market does knows nothing of its end. @throws StratError USAGE when it begins after it */
function endedOn(command: Command, data: MarketData, text: string, { from, to }: Parameters<typeof withFacts>[3]): MarketData {
  const end = timeOf(command, 'delisted', text) + DAY_MS;
  if (to !== null && to < end) return data;
  const { time } = data.columns;
  const [first, last] = [time[data.fromIndex]!, time.at(-1)!];
  if (first >= end)
    throw usage(
      `--delisted ${text}: no bar that counts is before the end of that day, those of ${data.market} begin on ${dayText(first)}`,
      command,
    );
  const gap = `the candles of ${data.market} end on ${dayText(last)}, and --delisted says ${text}: what is held goes at their last close`;
  const warnings = end - last > LONGEST_PAUSE_MS ? [...data.warnings, gap] : data.warnings;
  return { ...data, ...cutToPeriod(data.market, data.columns, { from, to: end }), warnings, isDelisted: true };
}

const dayText = (time: number): string => isoTime(time).slice(0, 10);
