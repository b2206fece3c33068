import type { Timeframe } from '#core/model/timeframe.ts';
import { Exclusions } from '../analyse/exclusions.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Charts } from './charts.ts';
import type { CheckContext } from './context.ts';
import { Findings } from './findings.ts';
import { KeptStarts } from './kept-starts.ts';
import type { CheckInput } from './program-checker.ts';
import { StaticValues } from './static-values.ts';
import { baseChart, marketUnits } from './trade-line.ts';

/**
 * What checking a file starts from.
 * @param timeframe of the bars that are traded; null when the `trade` line is missing or wrong
 */
export function openContext(
  { file, builtins, calendars, syntaxErrors, module, watch, watchValues }: CheckInput,
  timeframe: Timeframe | null,
  definedNames: ReadonlySet<string>,
  spend: CheckContext['spend'],
): CheckContext {
  const trade = file.statements.find((statement) => statement.kind === 'Trade');
  const builder = new GraphBuilder(baseChart(timeframe));
  const market = marketUnits(file, timeframe);
  const statics = new StaticValues(builder);
  return {
    builder,
    findings: new Findings(),
    statics,
    exclusions: new Exclusions(
      (id) => builder.node(id),
      (id) => statics.intervalOf(id),
    ),
    builtins,
    market,
    charts: new Charts(builder, market),
    spend,
    sessions: [],
    calendars,
    models: [],
    ranks: { hasUniverse: trade !== undefined && trade.universe !== null, by: [] },
    isInput: false,
    plugins: { used: [], instances: new Set() },
    keptStarts: new KeptStarts(),
    watchedValues: watchValues === null ? null : { wants: watchValues, found: [] },
    priceLiterals: [],
    definedNames,
    isIncomplete: syntaxErrors.length > 0,
    failedNames: new Set(file.brokenNames),
    module,
    watch,
  };
}
