import { entryNames, FUEL, printStepCode } from '../print-step-code.ts';
import { STEP_FUEL, type StepCode } from '../step-code.ts';
import { OutOfFuel } from '../step-machine.ts';

/** `init` and `step` of printed code, run as JavaScript: what an isolate does, without the isolate. */
export interface PrintedStep {
  readonly init: (params: Float64Array, state: Float64Array) => void;
  readonly step: (params: Float64Array, state: Float64Array, input: Float64Array, out: Float64Array) => void;
  /** Fuel left of the last call. */
  readonly fuel: () => number;
}

/** @returns entries that throw OutOfFuel, as those of a StepMachine do */
export function loadPrinted(code: StepCode): PrintedStep {
  const { init, step } = entryNames(code, 0);
  const text = `"use strict";let ${FUEL}=0;${printStepCode(code, 0)}
return {init:(...w)=>{${FUEL}=${STEP_FUEL};${init}(...w);},step:(...w)=>{${FUEL}=${STEP_FUEL};${step}(...w);},fuel:()=>${FUEL}};`;
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the printed text is the thing under test
  const load = new Function(text) as () => PrintedStep;
  const printed = load();
  const run = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      throw error === 0 ? new OutOfFuel() : error;
    }
  };
  return {
    init: (params, state) => run(() => printed.init(params, state)),
    step: (params, state, input, out) => run(() => printed.step(params, state, input, out)),
    fuel: printed.fuel,
  };
}
