import { sha256 } from '#sha256';
import { generateFunding } from '#core/data/funding-generator.ts';
import { generateMarket, type MarketKind, SYNTHETIC_VENUE } from '#core/data/market-generator.ts';
import { isPerpetual } from '#core/model/market.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { columnsDigest } from './columns-digest.ts';
import { cutToPeriod } from './market-candles.ts';
import type { DataNeeds, MarketData, MarketDataRequest, MarketSeries } from './market-data.ts';

/** Generated markets begin here: 2024-01-01, a Monday. */
export const SYNTHETIC_START = Date.UTC(2024, 0, 1);
/** Their length, where none is asked for. */
export const SYNTHETIC_BARS = 10_000;
/** As much as fits well into memory: nineteen years of minutes. */
export const MAX_SYNTHETIC_BARS = 10_000_000;

/** Generated markets for a strategy of any name: the same seed gives the same candles. Labelled synthetic wherever it shows. */
export function syntheticMarketData(strategy: DataNeeds, request: SyntheticRequest): MarketData {
  const [market] = strategy.markets;
  if (market === undefined || strategy.markets.length > 1)
    throw new StratError('MARKETS_MANY', { file: strategy.file, count: strategy.markets.length });
  return syntheticMarket(strategy, market, request.seed, request);
}

/** Generated candles of every market that a strategy trades; a universe without a list has ten of them. */
export function syntheticMarkets(strategy: DataNeeds, request: SyntheticRequest): readonly MarketData[] {
  const { universe } = strategy;
  const members = universe === undefined ? strategy.markets : (universe.list ?? syntheticNames(universe.quote ?? 'USDT'));
  const markets = members.filter((name) => universe?.exclude.includes(name) !== true);
  if (markets.length === 1 && strategy.isOneOfMany !== true) return [syntheticMarket(strategy, markets[0]!, request.seed, request)];
  return markets.map((name) => syntheticMarket(strategy, name, seedOfMarket(request.seed, name), request));
}

const syntheticNames = (quote: string): readonly string[] => Array.from({ length: 10 }, (_, place) => `SYN${place + 1}/${quote}`);

type SyntheticRequest = {
  readonly seed: number;
  readonly bars: number;
  readonly timeframe: Timeframe | null;
  readonly kind?: MarketKind;
} & Partial<Pick<MarketDataRequest, 'from' | 'to'>>;

/** @param own seed of this market; those that it reads have the ones they have for any strategy */
function syntheticMarket(strategy: DataNeeds, market: string, own: number, request: SyntheticRequest): MarketData {
  const timeframe = request.timeframe ?? parseTimeframe(strategy.timeframe);
  if (timeframe === null)
    throw new StratError('DATA_MISSING', { market, reason: `"${strategy.timeframe}" is no timeframe`, hint: 'Give --timeframe' });
  const { seed, bars, kind = 'mixed' } = request;
  const isFunded = strategy.wanted?.includes('funding_rate') === true;
  const generate = (name: string, marketSeed: number): MarketSeries =>
    generated(name, timeframe, { seed: marketSeed, bars, kind }, isFunded && isPerpetual(name));
  const traded = generate(market, own);
  return {
    ...traded,
    ...cutToPeriod(market, traded.columns, { from: request.from ?? null, to: request.to ?? null }),
    others: (strategy.reads ?? []).map((name) => generate(name, name === market ? own : seedOfMarket(seed, name))),
    warnings: [
      `${SYNTHETIC_VENUE} market, seed ${seed}: made by a generator, it says nothing about real markets`,
      ...(traded.further.size === 0 ? [] : ['its funding rates are made by the generator too']),
    ],
  };
}

/** Each market that a strategy reads is another one than the market it trades, and the same one in every run. */
export function seedOfMarket(seed: number, market: string): number {
  return Number.parseInt(sha256(`${seed} ${market}`).slice(0, 12), 16);
}

/** @param isFunded with funding rates beside the candles, which are the same without */
function generated(
  market: string,
  timeframe: Timeframe,
  { seed, ...said }: { readonly seed: number; readonly bars: number; readonly kind: MarketKind },
  isFunded: boolean,
): MarketSeries {
  const columns = generateMarket({ seed, ...said, stepMs: timeframe.stepMs, startTime: SYNTHETIC_START, startPrice: 30_000, tick: 0.01 });
  const file = `${SYNTHETIC_VENUE} seed ${seed}`;
  const further = new Map(isFunded ? [['funding_rate' as const, generateFunding(columns, seed)] as const] : []);
  return { market, timeframe, columns, further, file, sha256: columnsDigest(columns), synthetic: true, warnings: [] };
}
