import { StratError } from '#core/errors/strat-error.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { Columns } from '#core/model/columns.ts';
import { runInPlace } from '#core/sandbox/run-in-place.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { ProgramParam } from '#dsl/program.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import { dataNeeds } from '../data-needs.ts';
import type { DataNeeds } from '../market-data.ts';
import { type Drawings, drawingsOf } from '../drawings.ts';
import { evaluateRun } from '../evaluate-run.ts';
import { freeInput, needsSteps } from '../free-run.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { prepareText } from '../prepare-text.ts';
import { playgroundData } from './playground-data.ts';
import type { PlaygroundRequest } from './playground-request.ts';
import { playgroundSources } from './playground-sources.ts';

/** What a run made, and what is drawn of it. Everything in it can be sent to another thread. */
export interface PlaygroundRun {
  /** The document of `strat backtest --json`, without `significance`. */
  readonly document: BacktestDocument;
  readonly params: readonly ProgramParam[];
  readonly columns: Columns;
  /** At the close of each bar. */
  readonly equity: Float64Array;
  readonly drawings: Drawings;
}

/**
 * Compiles a strategy and runs it over candles, without disk, isolate or network: what `strat backtest` makes of the same, to the last bit.
 * @param shipped texts of the strategies that come with strat, by name
 * @returns the findings of the compiler where it does not compile
 * @throws StratError as `prepareText` and `playgroundData`; USAGE where the strategy trades baskets or a universe
 */
export function runPlayground(
  compiler: Compiler,
  request: PlaygroundRequest,
  shipped: ReadonlyMap<string, string>,
): Result<PlaygroundRun, readonly Diagnostic[]> {
  const started = performance.now();
  const result = prepareText(compiler, request.text, request.file, playgroundSources(shipped), { set: request.set });
  if (!result.ok) return fail(result.error);
  const prepared = result.value;
  const { needs, warnings } = oneMarket(prepared);
  const compiled = performance.now();
  const found = playgroundData(needs, request.market);
  const data = { ...found, warnings: [...warnings, ...found.warnings] };
  if (needsSteps(prepared, data)) throw new StratError('INTERNAL', { reason: 'a run of the playground that only the host can make' });
  const loaded = performance.now();
  const input = freeInput(prepared, data);
  const { log, equity } = runInPlace(prepared.compiled, input);
  const ran = performance.now();
  const { columns, fromIndex, market } = data;
  const outcome = { columns, further: input.further, fromIndex, log, equity, data };
  const strategies = [{ label: prepared.source.name, prepared, markets: [data] }];
  const timing = { startMs: started, compileMs: compiled - started, loadMs: loaded - compiled };
  // Resampling takes longer than all the rest, and is not shown.
  const { document } = evaluateRun(strategies, outcome, new Map(), { seed: null }, timing, [], { runMs: ran - loaded, ran });
  const drawings = drawingsOf(prepared, market, columns, input.further, fromIndex, { hasStops: true });
  return ok({ document, params: prepared.program.params, columns, equity, drawings });
}

/** Of several markets the first is traded, as if the user had given candles of that one alone. */
function oneMarket(prepared: PreparedStrategy): { readonly needs: DataNeeds; readonly warnings: readonly string[] } {
  const { universe, baskets } = prepared.program;
  const needs = dataNeeds(prepared);
  const [first, ...more] = needs.markets;
  if (universe !== null || baskets.length > 0 || first === undefined) {
    const what = universe === null ? 'baskets' : 'a universe of markets';
    const reason = `This strategy trades ${what}, and the playground has one market`;
    throw new StratError('USAGE', { reason, hint: 'Run it on the command line: strat backtest' });
  }
  if (more.length === 0) return { needs, warnings: [] };
  const left = `the playground trades ${first} alone, and the strategy ${more.join(', ')} too: strat backtest runs them on one account`;
  return { needs: { ...needs, markets: [first] }, warnings: [left] };
}
