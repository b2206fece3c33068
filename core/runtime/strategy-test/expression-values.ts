import { settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import { columnList } from '#core/model/columns.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import { furtherColumns } from '../further-columns.ts';
import { type PrepareOptions, prepareStrategy, type PreparedStrategy } from '../prepare-strategy.ts';
import type { MarketTrace } from './run-trace.ts';

/** Expressions that the compiler has taken, in the place of lines of the strategy. */
export interface PreparedExpressions {
  readonly sources: readonly string[];
  readonly prepared: PreparedStrategy;
}

/** An expression that it has not. */
export interface ExpressionFault {
  readonly source: string;
  readonly finding: Pick<Diagnostic, 'message' | 'hint'>;
}

/**
 * Compiles expressions with the names of a strategy, as if each stood in a `plot` line at the end of its file: what they are is computed beside the rules and changes
 * nothing of them.
 * @throws StratError as `prepareStrategy`
 */
export function prepareExpressions(
  compiler: Compiler,
  text: string,
  file: string,
  options: PrepareOptions,
  sources: readonly string[],
): Result<PreparedExpressions, ExpressionFault> {
  const starts: number[] = [];
  let whole = text;
  for (const source of sources) {
    whole += '\nplot (';
    starts.push(whole.length);
    whole += `${source})`;
  }
  const before = prepareStrategy(compiler, text, file, options);
  const prepared = prepareStrategy(compiler, whole, file, options);
  if (!prepared.ok) {
    const findings = prepared.error.filter(({ severity }) => severity === 'error');
    const finding = findings.find(({ span }) => span.start >= text.length) ?? findings[0] ?? { message: 'it cannot be read' };
    const place = 'span' in finding ? starts.findLastIndex((start) => start <= finding.span.end) : 0;
    return fail({ source: sources[Math.max(0, place)]!, finding });
  }
  const own = before.ok ? before.value.program.plots.length : 0;
  if (prepared.value.program.plots.length !== own + sources.length)
    return fail({ source: sources[0]!, finding: { message: 'this is more than one expression', hint: 'write one condition or value' } });
  return ok({ sources, prepared: prepared.value });
}

/** The values of the expressions at each bar of a market, conditions as 1 and 0; NaN = na. By source. */
export function expressionValues({ sources, prepared }: PreparedExpressions, trace: MarketTrace): ReadonlyMap<string, Float64Array> {
  const { program, params, settings, warmUpBars } = prepared;
  const { data, accounts } = trace;
  const rows = data.columns.time.length;
  const array = settingsArray(settingsOn(settings, data.market), Math.max(warmUpBars, data.fromIndex), rows);
  const interpreter = new RowInterpreter(program, params, array);
  const plots = program.plots.slice(-sources.length);
  const series = new Map(sources.map((source) => [source, new Float64Array(rows)]));
  const columns = columnList(data.columns, furtherColumns(prepared, data).columns);
  for (let index = 0; index < rows; index++) {
    interpreter.decide(index, columns, accounts.subarray(index * ACCOUNT_FIELDS, (index + 1) * ACCOUNT_FIELDS));
    for (const [place, source] of sources.entries()) series.get(source)![index] = interpreter.valueOf(plots[place]!.value);
  }
  return series;
}
