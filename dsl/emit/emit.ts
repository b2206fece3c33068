import type { CompiledStrategy, RunConventions } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { BROKER_FUNCTIONS } from './broker-code.ts';
import { decideCode } from './decide-code.ts';
import { USABLE_FUNCTION } from './entry-code.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { isPlain } from './not-run-yet.ts';
import { plannedRunCode } from './planned-run-code.ts';
import { ProgramCode } from './program-code.ts';
import { runCode } from './run-code.ts';

/**
 * Writes a checked program as one JavaScript expression, `({ run, decide })` (see CompiledStrategy). Names are made of node
 * ids and numbers are printed by one function, so no text of the source can reach the output.
 */
export function emit(program: Program, conventions: RunConventions): CompiledStrategy {
  const code = new ProgramCode(program);
  const rest = {
    stateSlots: code.layout.slots,
    paramCount: program.params.length,
    lookBack: code.layout.lookBack,
    columns: program.columns,
  };
  if (!isPlain(program)) {
    const { plan, values } = tradePlanOf(program);
    return {
      text: `(()=>{"use strict";\n${code.functions()}\n${plannedRunCode(code, values)}\nreturn {run};})()`,
      planned: { plan, conventions },
      ...rest,
    };
  }
  const text = `(()=>{"use strict";
${code.functions()}
${USABLE_FUNCTION}
${BROKER_FUNCTIONS}
${runCode(code, conventions)}
${decideCode(code)}
return {run,decide};})()`;
  return { text, ...rest };
}
