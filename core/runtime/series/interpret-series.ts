import { columnList } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import type { PreparedSeries } from './prepare-series.ts';
import type { SeriesInput } from './series-input.ts';

/** The results by the slow reference: what the emitted code must give to the last bit. */
export function interpretSeries({ program }: PreparedSeries, { columns, further, params, settings }: SeriesInput): readonly Float64Array[] {
  const evaluator = new GraphEvaluator(program, params, settings);
  const list = columnList(columns, further.columns);
  const account = new Float64Array(ACCOUNT_FIELDS).fill(Number.NaN);
  const rows = columns.time.length;
  const results = program.plots.map(() => new Float64Array(rows));
  for (let index = 0; index < rows; index++) {
    evaluator.step(index, list, account);
    for (const [place, { value }] of program.plots.entries()) results[place]![index] = evaluator.values[value]!;
  }
  return results;
}
