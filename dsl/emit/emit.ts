import type { CompiledStrategy, RunConventions, SweptStrategy } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { brokerFunctions, register } from './broker-functions.ts';
import { EngineCode } from './engine-code.ts';
import { withComparedDifferences } from './compared-quotients.ts';
import { USABLE_FUNCTION } from './entry-code.ts';
import { EntryTerms } from './entry-terms.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { isPlain } from './is-plain.ts';
import { ProgramCode } from './program-code.ts';
import { runCode } from './run-code.ts';
import { MOST_TOGETHER } from './series-split.ts';
import { FEWEST_APART } from './watch-code.ts';

/**
 * Writes a checked program as one JavaScript expression, `({ run, decide })` (see CompiledStrategy). Names are made of node
 * ids and numbers are printed by one function, so no text of the source can reach the output.
 * @param needsEngine the run has what only the engine knows how to use: finer bars, models of costs
 * @param mostTogether nodes of one function of series
 * @param fewestApart nodes of a program whose loops that watch are functions
 */
export function emit(
  checked: Program,
  conventions: RunConventions,
  needsEngine = false,
  mostTogether = MOST_TOGETHER,
  fewestApart = FEWEST_APART,
): CompiledStrategy {
  const program = withComparedDifferences(checked);
  const trading = tradePlanOf(program);
  const isInlined = !needsEngine && isPlain(program, conventions);
  const deciding = new ProgramCode(program, 'decide');
  const running = isInlined ? inlinedCode(program, mostTogether) : new ProgramCode(program, 'engine', { mostTogether });
  const run = isInlined ? inlinedRun(running, conventions, fewestApart) : new EngineCode(running, trading).run();
  return {
    text: `(()=>{"use strict";\n${deciding.functions()}\n${running.aheadFunctions()}${run}\n${new EngineCode(deciding, trading).decide()}\nreturn {run,decide};})()`,
    plan: trading.plan,
    engine: isInlined ? null : conventions,
    stateSlots: Math.max(running.layout.slots, deciding.layout.slots),
    paramCount: program.params.length,
    lookBack: deciding.layout.lookBack,
    columns: program.columns,
  };
}

/** Writes `run` alone, for the sets of a sweep; null where the engine has the rules. */
export function emitSwept(checked: Program, conventions: RunConventions): SweptStrategy | null {
  const program = withComparedDifferences(checked);
  if (!isPlain(program, conventions)) return null;
  const code = inlinedCode(program, MOST_TOGETHER);
  return {
    text: `(()=>{"use strict";\n${code.functions()}\n${code.aheadFunctions()}${inlinedRun(code, conventions, null)}\nreturn {run};})()`,
    stateSlots: code.layout.slots,
  };
}

const inlinedCode = (program: Program, mostTogether: number): ProgramCode =>
  new ProgramCode(program, 'inlined', { registerText: register, mostTogether });

/** @param fewestApart as for `emit`; null = of a sweep */
function inlinedRun(code: ProgramCode, conventions: RunConventions, fewestApart: number | null): string {
  return `${USABLE_FUNCTION}\n${brokerFunctions(code.program, new EntryTerms(code), conventions)}\n${fewestApart === null ? runCode(code, conventions, false) : runCode(code, conventions, true, fewestApart)}`;
}
