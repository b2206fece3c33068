import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { type Market, parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { backtest, type BacktestResult, DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import { otherMarkets } from '#core/runtime/further-columns.ts';
import { loadMarketData, type MarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { syntheticMarketData, syntheticMarkets } from '#core/runtime/synthetic-market-data.ts';
import { createCompiler } from '#dsl/compile.ts';
import { CORPUS, corpusInputs, HAS_CORPUS, type ProgramFile } from '../language/corpus.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

const SEED = 1;
const SYNTHETIC_BARS = 20_000;
export const SYNTHETIC = 'synthetic';

/** A run of a strategy on one market, or on several together. */
export interface StrategyRun {
  readonly strategy: string;
  readonly market: string;
  /** `1h of binance 15m`: the bars, and the venue and bars of the file; `1h synthetic`; `1h, one account`; '' where there is no run. */
  readonly data: string;
  readonly bars: number;
  /** Positions closed. */
  readonly trades: number;
  /** Begin of the hash of trades and equity; '' where there is no run. */
  readonly result: string;
  /** Why there are no trades; '' where there are. */
  readonly why: string;
}

const HOUR_MS = 3_600_000;
const PREDICTED_FROM = Date.UTC(2022, 0, 1);
const PREDICTED_HOURS = 35_000;

/** A folder with the corpus, and with the predictions that it does not have: chances that wander about between a quarter and three quarters. */
export function corpusFolder(): { readonly path: string; readonly dispose: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'strat-runs-'));
  const names = HAS_CORPUS ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.strat')) : [];
  for (const name of names) {
    mkdirSync(join(path, dirname(name)), { recursive: true });
    writeFileSync(join(path, name), readFileSync(join(CORPUS, name)));
  }
  const random = Xoshiro128.fromSeed(SEED);
  let up = 0.5;
  const lines = Array.from({ length: PREDICTED_HOURS }, (_, hour) => {
    up = Math.min(0.75, Math.max(0.25, up + 0.05 * (random.nextUnit() - 0.5)));
    return `${PREDICTED_FROM + hour * HOUR_MS},${up.toFixed(4)},${(1 - up).toFixed(4)}`;
  });
  mkdirSync(join(path, 'models'));
  writeFileSync(join(path, 'models/up_net.csv'), `timestamp,up,down\n${lines.join('\n')}\n`);
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Runs a strategy on each of its markets that there are candles of; on a generated one where there are none, or where no trade came of them.
 * @param isShipped its runs on a generated market are wanted in any case: they need nothing but the repository
 */
export async function runsOf({ name, source }: ProgramFile, path: string, isShipped: boolean): Promise<readonly StrategyRun[]> {
  const strategy = name.replace('.strat', '');
  const none = { strategy, data: '', bars: 0, trades: 0, result: '' };
  const indicators: PluginHost = { open: () => ({ source: corpusInputs.plugins!, used: () => [] }) };
  const prepared = prepareStrategy(createCompiler(), source, name, { path, indicators });
  if (!prepared.ok) return [{ ...none, market: '-', why: `${prepared.error[0]!.code} ${prepared.error[0]!.message}` }];
  const runs: StrategyRun[] = [];
  const together: { readonly data: MarketData; readonly label: string }[] = [];
  for (const market of prepared.value.program.markets) {
    const found = realData(prepared.value, market);
    runs.push(found === null ? { ...none, market, why: 'no candles' } : await runOn(strategy, prepared.value, found.data, found.label));
    if (found !== null) together.push(found);
  }
  for (const market of universeOf(prepared.value)) {
    const found = realData(prepared.value, market);
    if (found !== null) together.push(found);
  }
  if (together.length > 1) runs.push(await runTogether(strategy, prepared.value, together));
  if (!isShipped && runs.some(({ trades }) => trades > 0)) return runs;
  if (prepared.value.program.universe !== null) return [await runTogether(strategy, prepared.value, madeMembers(prepared.value))];
  const made = generated(prepared.value);
  return [
    ...runs.filter(({ market, result }) => result !== '' || market !== made.market),
    await runOn(strategy, prepared.value, made, SYNTHETIC),
  ];
}

const LIMITS = { ...DEFAULT_LIMITS, seed: null };

async function runOn(strategy: string, prepared: PreparedStrategy, data: MarketData, label: string): Promise<StrategyRun> {
  const { document } = await backtest(prepared, data, LIMITS, {});
  return runLine(strategy, data.market, `${data.timeframe.name} ${label === SYNTHETIC ? '' : 'of '}${label}`, document);
}

/** Its markets on one account, on the bars of all of them. */
async function runTogether(
  strategy: string,
  prepared: PreparedStrategy,
  markets: readonly { readonly data: MarketData; readonly label: string }[],
): Promise<StrategyRun> {
  const all = markets.map(({ data }) => data);
  const { document } = await portfolioBacktest(prepared, all, LIMITS, {});
  const [first] = all;
  return runLine(strategy, all.map(({ market }) => market).join(', '), `${first!.timeframe.name}, one account`, document);
}

function runLine(strategy: string, market: string, data: string, document: BacktestResult['document']): StrategyRun {
  const { settings, metrics, warnings, resultHash } = document;
  const whys = warnings.filter(
    ({ code, message }) => code === 'WARM_UP_TOO_LONG' || (code === 'DATA' && message.includes('na throughout')),
  );
  return {
    strategy,
    market,
    data,
    bars: settings.period.bars,
    trades: metrics.tradeCount,
    result: resultHash.slice(0, 16),
    why: metrics.tradeCount > 0 ? '' : whys.map(({ message }) => message).join('; '),
  };
}

const needsOf = ({ program, source }: PreparedStrategy): Parameters<typeof loadMarketData>[0] & { readonly reads: readonly string[] } => ({
  file: source.file,
  markets: program.markets,
  timeframe: program.timeframe,
  reads: otherMarkets(program),
  wanted: fileColumns(program.columns),
});

/** What the candle files have of a universe, by name; empty without one. */
function universeOf({ program: { universe } }: PreparedStrategy): readonly string[] {
  if (universe === null || !hasSharedData) return [];
  const named = readdirSync(sharedPath('candles')).map((file) => parseCandleFileName(file).market);
  const members = named.filter((market) => market !== null && market.quote === universe.quote && !universe.exclude.includes(market.name));
  return [...new Set(members.map((market) => market!.name))].toSorted();
}

/** The first market of the strategy, and those that it reads, made by a generator. */
function generated(prepared: PreparedStrategy): MarketData {
  const needs = needsOf(prepared);
  return syntheticMarketData({ ...needs, markets: needs.markets.slice(0, 1) }, { seed: SEED, bars: SYNTHETIC_BARS, timeframe: null });
}

/** Members of a universe, made by a generator. */
function madeMembers(prepared: PreparedStrategy): readonly { readonly data: MarketData; readonly label: string }[] {
  const needs = { ...needsOf(prepared), universe: prepared.program.universe! };
  const made = syntheticMarkets(needs, { seed: SEED, bars: SYNTHETIC_BARS, timeframe: null });
  return made.map((data) => ({ data, label: SYNTHETIC }));
}

/** Candles of a market of the strategy, with those of the markets that it reads; null when the reference data lack one. */
function realData(prepared: PreparedStrategy, market: string): { readonly data: MarketData; readonly label: string } | null {
  const needs = needsOf(prepared);
  const names = [market, ...needs.reads];
  const files = names.map((name) => candlesOf(name, parseTimeframe(needs.timeframe)!));
  const [first] = files;
  if (first === undefined || first === null || files.includes(null)) return null;
  const data = names.map((name, place) => `${name}=${files[place]!.path}`);
  return { data: loadMarketData({ ...needs, markets: [market] }, { data, timeframe: null, from: null, to: null }), label: first.label };
}

interface Candles {
  readonly path: string;
  /** `binance 5m`. */
  readonly label: string;
}

/** The file of a market with the longest bars that make up those of a timeframe; of several the largest. */
function candlesOf(name: string, timeframe: Timeframe): Candles | null {
  const market = parseMarket(name);
  if (!hasSharedData || market === null) return null;
  const found = readdirSync(sharedPath('candles')).flatMap((file) => {
    const said = parseCandleFileName(file);
    if (said.timeframe === null || said.market === null || said.venue === null || /ask|mark/.test(said.venue)) return [];
    if (!isSame(said.market, market) || !isWholeMultiple(timeframe, said.timeframe)) return [];
    const path = sharedPath(`candles/${file}`);
    return [{ path, label: `${said.venue} ${said.timeframe.name}`, stepMs: said.timeframe.stepMs, size: statSync(path).size }];
  });
  return found.toSorted((a, b) => b.stepMs - a.stepMs || b.size - a.size)[0] ?? null;
}

/** A bare ticker is one in dollars. */
const isSame = (file: Market, wanted: Market): boolean =>
  wanted.quote === null ? file.base === wanted.base && file.quote === 'USD' : file.name === wanted.name;
