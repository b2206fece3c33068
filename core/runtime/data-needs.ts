import { fileColumns } from '#core/data/columns/column-stream.ts';
import { otherMarkets } from './further-columns.ts';
import type { DataNeeds } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** The candles that a strategy needs. @param isOneOfMany its market is traded beside others */
export function dataNeeds(
  { program, source }: Pick<PreparedStrategy, 'program'> & { readonly source: Pick<PreparedStrategy['source'], 'file'> },
  isOneOfMany = false,
): DataNeeds {
  const { universe } = program;
  return {
    file: source.file,
    markets: [...new Set([...program.markets, ...program.baskets.flatMap(({ legs }) => legs.map(({ market }) => market))])],
    timeframe: program.timeframe,
    reads: otherMarkets(program),
    wanted: fileColumns(program.columns),
    isOneOfMany,
    ...(universe === null ? {} : { universe }),
  };
}
