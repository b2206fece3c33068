import type { Market } from '#core/model/market.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { plainName } from './column-names.ts';
import { notSaid } from './import-error.ts';
import type { ImportNote, ImportRequest } from './import-request.ts';
import type { OpenedTable } from './opened-table.ts';
import type { SaidOfFile } from './said-of-file.ts';
import { marketOfSymbol } from './symbol-text.ts';
import type { Layout } from './table-layout.ts';

/** Names that venues of futures have beside those of their spot markets, as ccxt writes them. */
const DERIVATIVE_VENUES = new Set(['binanceusdm', 'krakenfutures', 'kucoinfutures']);

/** What of a table is known by now. */
export interface TableFacts {
  readonly said: SaidOfFile;
  readonly table: OpenedTable;
  readonly layout: Layout;
  /** Name of the file without its ends. */
  readonly stem: string;
}

const hasName = ({ table }: TableFacts, name: string): boolean => table.head.names?.some((one) => plainName(one) === name) ?? false;
/** Yahoo writes prices that are adjusted for dividends beside the others. */
const isYahoo = (facts: TableFacts): boolean => hasName(facts, 'adj_close');

/** @throws StratError IMPORT_UNSAID */
export function venueOf(facts: TableFacts, { venue }: ImportRequest, notes: ImportNote[]): string {
  const { said, table } = facts;
  if (venue !== null) return venue;
  const found = said.venue ?? (isYahoo(facts) ? 'yahoo' : table.facts.has('granularity') ? 'oanda' : null);
  if (found === null)
    throw notSaid(
      table.head.file,
      'the venue',
      said.unsure === null ? 'Give it: --venue NAME, such as --venue binance' : capital(said.unsure),
    );
  if (said.by !== 'strat')
    notes.push({
      kind: 'guessed',
      text: `the venue is ${found}, by ${said.venue === null ? 'the header' : `a name as ${said.by} writes it`}`,
    });
  return found;
}

/** @throws StratError IMPORT_UNSAID */
export function marketOf(facts: TableFacts, request: ImportRequest, notes: ImportNote[]): Market {
  const { said, table, stem } = facts;
  if (request.market !== null) return request.market;
  const guess = (text: string): void => void notes.push({ kind: 'guessed', text });
  if (said.market !== null) {
    if (said.isSplit) guess(`the market is ${said.market.name}, as ${said.by} writes names`);
    return said.market;
  }
  const symbol = table.facts.get('symbol') ?? table.facts.get('instrument') ?? table.facts.get('ticker') ?? table.facts.get('pair');
  const inTable = symbol === undefined ? null : (parseMarket(symbol) ?? marketOfSymbol(symbol));
  const inName = /^([A-Z0-9]+)-/.exec(stem)?.[1];
  if (said.by === 'Binance' && request.venue !== null && inName !== undefined) {
    const market = marketOfSymbol(inName, DERIVATIVE_VENUES.has(request.venue) ? 'quote' : null);
    if (market !== null) {
      guess(`the market is ${market.name}, as Binance writes names and --venue says`);
      return market;
    }
  }
  if (said.unsure === null && inTable !== null) {
    const split = inTable.quote === null ? (marketOfSymbol(symbol!) ?? inTable) : inTable;
    guess(`the market is ${split.name}, as the file says ("${symbol!.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)}")`);
    return split;
  }
  const ticker = isYahoo(facts)
    ? /^([A-Z0-9]+)-([A-Z]{3,4})$/.test(stem)
      ? marketOfSymbol(stem)
      : parseMarket(stem.replace(/=X$/, ''))
    : null;
  if (ticker !== null) {
    guess(`the market is ${ticker.name}, by the name of the file`);
    return ticker;
  }
  throw notSaid(
    table.head.file,
    'the market',
    said.unsure === null ? 'Give it: --market BASE/QUOTE, such as --market BTC/USDT' : capital(said.unsure),
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const GRANULARITIES = new Map([
  ['D', '1d'],
  ['W', '1w'],
  ['M', '1mo'],
]);

/** The length of bars where it was said; null where only the bars tell it. */
export function timeframeSaid({ said, table }: TableFacts, request: ImportRequest): Timeframe | null {
  if (request.timeframe !== null) return request.timeframe;
  if (said.timeframe !== null) return said.timeframe;
  const oanda = table.facts.get('granularity');
  if (oanda !== undefined)
    return parseTimeframe(
      GRANULARITIES.get(oanda) ?? oanda.replace(/^([SMH])(\d+)$/, (_, unit: string, count: string) => count + unit.toLowerCase()),
    );
  return parseTimeframe(table.facts.get('interval') ?? table.facts.get('timeframe') ?? '');
}
