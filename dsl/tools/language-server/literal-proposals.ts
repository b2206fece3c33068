import { isWholeMultiple, parseTimeframe } from '#core/model/timeframe.ts';
import type { NextWord } from '#dsl/grammar/next-words.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { TYPE_WORDS, UNIT_WORDS } from '#dsl/grammar/words.ts';
import type { CompletionPlace, Proposal } from './completion.ts';

const TIMEFRAMES = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '3d', '1w', '1mo'];
const MARKETS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USD', 'EUR/USD', 'SPY'];
const UNIT_DOCS: ReadonlyMap<string, string> = new Map([
  ['atr', 'average true ranges: a distance that grows with the volatility'],
  ['tick', 'the smallest step of the price'],
  ['ticks', 'the smallest step of the price'],
  ['pip', 'the usual step of a currency pair'],
  ['pips', 'the usual step of a currency pair'],
  ['bar', 'bars of the chart'],
  ['bars', 'bars of the chart'],
  ['contract', 'contracts of the market'],
  ['contracts', 'contracts of the market'],
]);
/** Endings that touch their number, by what the grammar takes. */
const ENDINGS: ReadonlyMap<unknown, readonly (readonly [ending: string, words: string])[]> = new Map([
  [T.PercentToken, [['%', 'percent']]],
  [T.BasisPoints, [['bp', 'basis points: hundredths of a percent']]],
  [T.RMultiple, [['R', 'times the distance from the entry to the stop']]],
  [
    T.DurationToken,
    [
      ['m', 'minutes'],
      ['h', 'hours'],
      ['d', 'days'],
      ['w', 'weeks'],
    ],
  ],
] as const);

/** A number that is being written, with the endings that may touch it. */
export function numberProposals({ type }: NextWord, { written }: CompletionPlace): readonly Proposal[] {
  if (!/^\d+(?:\.\d+)?$/.test(written)) return [];
  return (ENDINGS.get(type) ?? []).map(([ending, detail]) => ({ label: written + ending, kind: 'unit', detail, rank: 2 }));
}

/** Lengths of charts. Behind `on` and `chart` those that the traded chart allows. */
export function timeframeProposals({ checked, count }: CompletionPlace): readonly Proposal[] {
  const trade = checked.file?.statements.find((statement) => statement.kind === 'Trade');
  const isTrade = trade === undefined || (checked.tokens[count - 1]?.startOffset ?? 0) < trade.span.end;
  const traded = trade?.timeframe.kind === 'Duration' ? parseTimeframe(trade.timeframe.source) : null;
  return TIMEFRAMES.filter((name) => {
    const length = parseTimeframe(name);
    return isTrade || traded === null || length === null || (length.stepMs >= traded.stepMs && isWholeMultiple(length, traded));
  }).map((name, index) => ({ label: name, kind: 'timeframe', rank: index < 9 ? 0 : 1 }));
}

/** Markets that the file names, then a few that many trade. */
export function marketProposals({ checked }: CompletionPlace): readonly Proposal[] {
  const named = checked.tokens.filter(({ tokenType }) => tokenType === T.MarketToken).map(({ image }) => image);
  const proposals = (names: readonly string[], rank: number): Proposal[] => names.map((label) => ({ label, kind: 'market', rank }));
  return [...proposals([...new Set(named)], 0), ...proposals(MARKETS, 1)];
}

/** Units and currencies behind a number, kinds behind a colon. */
export function literalProposals({ type, rules }: NextWord, place: CompletionPlace): readonly Proposal[] {
  if (type === T.UnitWord) return UNIT_WORDS.map((label) => ({ label, kind: 'unit', detail: UNIT_DOCS.get(label) ?? '', rank: 1 }));
  if (type === T.TypeWord) return [...TYPE_WORDS, 'bars'].map((label) => ({ label, kind: 'unit', rank: 0 }));
  // A ticker stands where a market does.
  return rules[0] === 'market' ? [] : currencies(place).map((label) => ({ label, kind: 'unit', detail: 'currency', rank: 1 }));
}

/** Currencies of the markets that are traded. */
function currencies({ checked }: CompletionPlace): readonly string[] {
  const trade = checked.file?.statements.find((statement) => statement.kind === 'Trade');
  const named = trade?.markets.flatMap(({ quote, settle, base }) => [settle, quote, base]).filter((name) => name !== null);
  return [...new Set([...(named ?? []), 'USDT', 'USD'])];
}
