import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { dataNeeds } from '../data-needs.ts';
import { loadMarkets, type MarketData, type MarketSeries } from '../market-data.ts';
import { universeMembers } from '../portfolio/universe-members.ts';
import { parseMarket } from '#core/model/market.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { syntheticMarkets } from '../synthetic-market-data.ts';
import { type BarTable, readBarTable } from './bar-table.ts';
import type { TableText, TestMarkets } from './test-file.ts';

/** The markets of one run of a test; a test on generated ones has several runs. */
export interface TestRun {
  /** `seed 7`; null = the test has one run. */
  readonly source: string | null;
  readonly load: () => readonly MarketData[];
}

/** A table that cannot be read: a line of the file of tests, and what is wrong there. */
export interface TableFaultAt {
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

/** Thrown for tables at fault: they are told as what the test found. */
export class TablesInvalid extends Error {
  readonly faults: readonly TableFaultAt[];

  constructor(faults: readonly TableFaultAt[]) {
    super('tables');
    this.faults = faults;
  }
}

/** @param timeframe null = that of the trade line */
export function runsOf(markets: TestMarkets, prepared: PreparedStrategy, timeframe: string | null): readonly TestRun[] {
  const bars = timeframe === null ? null : parseTimeframe(timeframe);
  switch (markets.kind) {
    case 'table':
      return [{ source: null, load: () => tableMarkets(markets.tables, markets.start, prepared, bars) }];
    case 'data':
      return [{ source: null, load: () => loadMarkets(dataNeeds(prepared), { ...markets, timeframe: bars }) }];
    case 'generated':
      return markets.seeds.map((seed) => ({
        source: `seed ${seed}`,
        load: () => syntheticMarkets(dataNeeds(prepared), { seed, bars: markets.bars, timeframe: bars }),
      }));
    default:
      return markets satisfies never;
  }
}

/** @throws TablesInvalid, StratError DATA_MISSING */
function tableMarkets(
  tables: ReadonlyMap<string, TableText>,
  start: number,
  prepared: PreparedStrategy,
  wanted: Timeframe | null,
): readonly MarketData[] {
  const needs = dataNeeds(prepared);
  const named = [...tables.keys()].filter((name) => name !== '');
  const traded =
    needs.universe === undefined
      ? needs.markets
      : universeMembers(needs.universe, () => named.map(parseMarket).filter((market) => market !== null)).map(({ name }) => name);
  const reads = needs.reads ?? [];
  const timeframe = wanted ?? parseTimeframe(needs.timeframe);
  if (timeframe === null)
    throw new StratError('DATA_MISSING', {
      market: traded[0] ?? 'the strategy',
      reason: `"${needs.timeframe}" is no timeframe`,
      hint: 'Give timeframe:',
    });
  const faults: TableFaultAt[] = [];
  const seriesOf = (market: string): MarketSeries | null => {
    const isAlone = traded.length + reads.length === 1;
    const table = tables.get(market) ?? (isAlone ? tables.get('') : undefined);
    if (table === undefined) {
      const first = [...tables.values()][0];
      const hint = `write a table for each market: bars: { ${[...traded, ...reads].join(': ..., ')}: ... }`;
      faults.push({ line: first?.line ?? 1, message: `${market} has no table of bars`, hint });
      return null;
    }
    const read = readBarTable(table.text, start, timeframe.stepMs);
    if (read.ok) return series(market, timeframe, read.value);
    for (const { line, message, hint } of read.error) faults.push({ line: table.line + line, message, hint });
    return null;
  };
  const found = new Map([...traded, ...reads].map((market) => [market, seriesOf(market)] as const));
  const unknown = named.find((name) => !found.has(name));
  if (unknown !== undefined)
    faults.push({
      line: tables.get(unknown)!.line,
      message: `the strategy neither trades nor reads ${unknown}`,
      hint: `its markets are ${[...found.keys()].join(', ')}`,
    });
  if (faults.length > 0) throw new TablesInvalid(faults);
  const others = reads.map((market) => found.get(market)!);
  return traded.map((market) => ({ ...found.get(market)!, fromIndex: 0, others }));
}

function series(market: string, timeframe: Timeframe, { columns, further }: BarTable): MarketSeries {
  return { market, timeframe, columns, further, file: 'table', sha256: '', warnings: [] };
}
