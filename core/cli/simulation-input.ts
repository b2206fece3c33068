import { MARKET_KINDS, type MarketKind } from '#core/data/market-generator.ts';
import type { BacktestConfig } from '#core/kernel/backtest-config.ts';
import type { AccountMoney } from '#core/runtime/backtest.ts';
import type { CapData } from '#core/runtime/cap-data.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { type DataNeeds, loadMarkets, type MarketData } from '#core/runtime/market-data.ts';
import type { LabelledStrategy } from '#core/runtime/portfolio/prepare-together.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { PrepareRequest } from '#core/runtime/prepare-strategy.ts';
import { MAX_SYNTHETIC_BARS, SYNTHETIC_BARS, syntheticMarkets } from '#core/runtime/synthetic-market-data.ts';
import { accountMoney, CURRENCY_OPTIONS, rateFiles } from './account-money.ts';
import { capFiles, CAPS_OPTION, capsOf } from './caps-option.ts';
import type { Command, CommandInput, CommandIo, CommandOption } from './command.ts';
import { usage } from './command-line.ts';
import { markData } from '#core/runtime/mark-data.ts';
import { FACT_OPTIONS, factFiles, withFacts } from './market-facts.ts';
import { choiceOption, countOption, periodOption, seedOption, timeframeOption } from './option-values.ts';
import { prepareStrategies } from './prepare-strategies.ts';
import { ReadCandles } from './read-candles.ts';
import { storedMarkets } from './stored-market-option.ts';
import type { StoredCandles } from './stored-markets.ts';
import type { StoredMarket } from '#core/runtime/stored-market.ts';
import { CONVENTION_OPTIONS, COST_OPTIONS, MARGIN_OPTIONS, SIMULATION_OPTIONS } from './simulation-options.ts';

/** What is run, and on what: every command that runs strategies over candles has these. */
export const RUN_OPTIONS: readonly CommandOption[] = [
  { name: 'data', value: 'PATH', isMany: true, help: 'candles; MARKET=PATH says whose they are' },
  {
    name: 'market',
    value: 'SERIES',
    isMany: true,
    help: 'candles of the data store, as VENUE:BASE/QUOTE, with @VERSION not the newest, with @VERSION,VERSION,VERSION also of its funding rates and mark prices; VENUE:* for whatever markets are asked for, or may be members of a universe; those of a market that one venue alone has are found without',
  },
  {
    name: 'synthetic',
    value: 'SEED',
    help: 'a generated market instead of candles, the same for the same number: for trying things out, never for judging a strategy',
  },
  { name: 'bars', value: 'N', help: `length of the generated market (${SYNTHETIC_BARS})` },
  { name: 'market-kind', value: 'KIND', help: `what the generated market does: ${MARKET_KINDS.join(', ')} (mixed)` },
  ...FACT_OPTIONS,
  { name: 'last-prices', help: 'liquidate and count funding by the candles, even where the data store has mark prices' },
  CAPS_OPTION,
  { name: 'config', value: 'FILE', help: 'take costs, capital, params and risk rules from a config of the bot' },
  { name: 'timeframe', value: 'LENGTH', help: "length of a bar, such as 15m, 4h or 1d (that of the strategy's trade line)" },
  { name: 'from', value: 'DATE', help: 'first day that counts, UTC; earlier bars serve warm-up' },
  { name: 'to', value: 'DATE', help: 'end, UTC, not included' },
  ...CURRENCY_OPTIONS,
  ...SIMULATION_OPTIONS,
];

/** The rest of it, which help shows last. */
export const MODEL_OPTIONS: readonly CommandOption[] = [...COST_OPTIONS, ...MARGIN_OPTIONS, ...CONVENTION_OPTIONS];

/** What the options of a command say is to be run. */
export interface Simulation {
  readonly strategies: readonly StrategyOnMarkets[];
  /** Risk rules of a config. */
  readonly rules: BacktestConfig['rules'];
  readonly account: AccountMoney | undefined;
  /** Durations in ms so far, by name. */
  readonly timing: Readonly<Record<string, number>>;
  /** Closes the config: the rules are gone then. */
  readonly close: () => Promise<void>;
}

/** What a command wants of its simulation. */
export interface SimulationWishes {
  /** Looks at the files that will be read, before any is. */
  readonly check?: (files: readonly string[]) => void;
  /** Which expressions of a file's text are watched; left out: none. */
  readonly watchValues?: PrepareRequest['watchValues'];
  /** What earlier runs of the same command line have read; left out: all is read. */
  readonly read?: ReadCandles;
}

/** Reads and compiles what the options of a command say; null when a file has errors, which are printed. */
export async function openSimulation(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  { check = () => undefined, watchValues, read = new ReadCandles() }: SimulationWishes = {},
): Promise<Simulation | null> {
  const startMs = performance.now();
  const strategyFiles = strategyArguments(command, input);
  const request = marketRequest(command, input);
  const files = [...request.data.map((text) => dataPath(text).path), ...factFiles(input), ...capFiles(input), ...rateFiles(input)];
  check([...strategyFiles, ...files]);
  const config = await openConfig(input, io, strategyFiles);
  const close = async (): Promise<void> => config?.close();
  try {
    const prepared = await prepareStrategies(command, input, io, strategyFiles, config, watchValues);
    if (prepared === null) {
      await close();
      return null;
    }
    const compiled = performance.now();
    const timeframe = request.timeframe ?? config?.timeframe ?? null;
    const wanted = { ...request, timeframe };
    const markets = await read.markets(whatIsRead(prepared, wanted), async () => {
      const onMarkets = await marketsOf(command, input, io, prepared, wanted);
      return withFacts(command, input, onMarkets, request).map((one) => one.markets);
    });
    const strategies = prepared.map((one, place) => ({ ...one, markets: markets[place]! }));
    const rules = config?.rules ?? [];
    const account = accountMoney(command, input, strategies, rules.length > 0, (text) => read.rate(text));
    return { strategies, rules, account, timing: { startMs, compileMs: compiled - startMs, loadMs: performance.now() - compiled }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a config of the bot says for these strategies; null without `--config`. */
async function openConfig(input: CommandInput, io: CommandIo, files: readonly string[]): Promise<BacktestConfig | null> {
  const path = input.value('config');
  if (path === undefined) return null;
  const { openBacktestConfig } = await import('#core/kernel/backtest-config.ts');
  const { createLogger } = await import('#core/observe/logger.ts');
  return openBacktestConfig(path, files, io.env, createLogger({ level: 'warn' }));
}

function strategyArguments(command: Command, { args }: CommandInput): readonly string[] {
  if (args.length === 0) throw usage('No strategy file was given', command);
  const candles = args.find((file) => /\.csv(\.gz)?$/.test(file));
  if (candles !== undefined) throw usage(`"${candles}" is no strategy file: each file of candles needs a --data of its own`, command);
  return args;
}

interface MarketRequest {
  readonly data: readonly string[];
  /** Of the data store. */
  readonly stored: readonly StoredMarket[];
  readonly synthetic: { readonly seed: number; readonly bars: number; readonly kind: MarketKind } | null;
  readonly timeframe: ReturnType<typeof timeframeOption>;
  readonly from: number | null;
  readonly to: number | null;
}

function marketRequest(command: Command, input: CommandInput): MarketRequest {
  const data = input.values('data');
  const stored = storedMarkets(command, input);
  const seed = seedOption(command, input, 'synthetic');
  const bars = countOption(command, input, 'bars');
  const kind = choiceOption(command, input, 'market-kind', MARKET_KINDS);
  const refuse = (reason: string): Error => usage(reason, command);
  if (seed === undefined) {
    if (bars !== undefined)
      throw refuse('--bars is the length of a generated market and needs --synthetic; --from and --to choose from candles');
    if (kind !== undefined) throw refuse('--market-kind is that of a generated market and needs --synthetic');
  } else {
    if (data.length > 0) throw refuse('--synthetic and --data exclude each other');
    if (stored.length > 0) throw refuse('--synthetic and --market exclude each other');
    if (input.value('detail') !== undefined) throw refuse('--detail tells of the inside of candles and needs --data');
    if (input.value('depth') !== undefined) throw refuse('--depth tells of the order books of a market and needs --data');
    if (input.value('mark') !== undefined) throw refuse('--mark tells of a derivative and needs --data');
    if (input.value('factors') !== undefined) throw refuse('--factors tells of a stock and needs --data');
    if (input.value('caps') !== undefined) throw refuse('--caps tells of real markets and needs --data');
    if (input.value('ask') !== undefined) throw refuse('--ask tells of the other side of candles and needs --data');
    if ((bars ?? 0) > MAX_SYNTHETIC_BARS) throw refuse(`--bars takes at most ${MAX_SYNTHETIC_BARS}, found "${input.value('bars')}"`);
  }
  const period = periodOption(command, input);
  const synthetic = seed === undefined ? null : { seed, bars: bars ?? SYNTHETIC_BARS, kind: kind ?? 'mixed' };
  return { data, stored, synthetic, timeframe: timeframeOption(command, input, 'timeframe'), ...period };
}

/** All of the strategies that decides on what is read for them under one command line, as a text. */
function whatIsRead(strategies: readonly LabelledStrategy[], request: MarketRequest): string {
  const needs = needsOf(strategies, request);
  return JSON.stringify([
    request.timeframe,
    strategies.map(({ prepared: { settings, program } }, place) => [needs[place], settings, program.sessions, program.baskets.length]),
  ]);
}

function needsOf(strategies: readonly LabelledStrategy[], { data, stored }: MarketRequest): readonly DataNeeds[] {
  const traded = new Set(strategies.flatMap(({ prepared }) => prepared.program.markets));
  const isOneOfMany = strategies.length > 1 && (traded.size > 1 || data.length + stored.length > 1);
  return strategies.map(({ prepared }) => dataNeeds(prepared, isOneOfMany));
}

/** What the data store has for the strategies; null where the command line says that none is asked for. */
async function fromStore(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  needs: readonly DataNeeds[],
  { data, stored, synthetic, timeframe }: MarketRequest,
  areMarksWanted: boolean,
): Promise<StoredCandles | null> {
  if (synthetic !== null || (data.length > 0 && stored.length === 0)) return null;
  const { readFromStore, storeFolder } = await import('./stored-markets.ts');
  const found = await readFromStore(storeFolder(input, io), needs, stored, timeframe, areMarksWanted);
  const without = needs.find((_, place) => found.names[place]!.length === 0);
  if (data.length > 0 || without === undefined) return found;
  const markets = without.markets.join(', ');
  const ways = 'add --data PATH, or --synthetic 1 for a generated market';
  throw usage(`No candles were given: ${ways}; the data store has none of ${markets === '' ? 'the universe' : markets}`, command);
}

/** The candles of each strategy. */
async function marketsOf(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  strategies: readonly LabelledStrategy[],
  request: MarketRequest,
): Promise<readonly StrategyOnMarkets[]> {
  const needs = needsOf(strategies, request);
  const caps = capsOf(input);
  const stored = await fromStore(
    command,
    input,
    io,
    needs,
    request,
    strategies.some(({ prepared }) => isMarked(input, prepared)),
  );
  return strategies.map(({ label, prepared }, place) => {
    const names = stored?.names[place] ?? [];
    const leftOut = stored?.leftOut[place] ?? [];
    return {
      label,
      prepared,
      markets: withMarks(
        marketData({ ...needs[place]!, leftOut }, { ...request, caps, data: [...request.data, ...names] }, stored),
        stored !== null && isMarked(input, prepared) ? stored.marks : new Map(),
      ),
    };
  });
}

/** Whether mark prices have anything to say: about liquidation, or about funding. */
const isMarked = (input: CommandInput, { settings, program }: LabelledStrategy['prepared']): boolean =>
  !input.flag('last-prices') && program.baskets.length === 0 && (settings.margin !== undefined || settings.funding !== undefined);

const withMarks = (markets: readonly MarketData[], marks: StoredCandles['marks']): readonly MarketData[] =>
  markets.map((data) => {
    const mark = marks.get(data.stored?.series ?? '');
    return mark === undefined ? data : { ...data, mark: markData(mark, data) };
  });

function marketData(
  needs: DataNeeds,
  request: MarketRequest & { readonly caps: CapData },
  stored: StoredCandles | null,
): readonly MarketData[] {
  const { synthetic } = request;
  return synthetic === null ? loadMarkets(needs, request, stored?.files) : syntheticMarkets(needs, { ...request, ...synthetic });
}
