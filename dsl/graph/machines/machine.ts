/**
 * A step with a state of its own and several values: what the language cannot say, because its series read their own past only. Every machine is here in plain form, as
 * the definition that emitted code is compared with, and in dsl/emit/machine-functions.ts as the text that is emitted (ADR 15).
 */
export interface Machine {
  /** Series that it takes on each bar; what it is made with comes behind them and does not change within a run. */
  readonly inputs: number;
  readonly outputs: readonly MachineOutput[];
  readonly create: MachineFactory;
}

/** Makes one step function; `fixed` are the arguments behind the inputs. The values that it gives are in the order of the outputs, and hold until the next step. */
export type MachineFactory = (fixed: readonly number[]) => (inputs: readonly number[]) => readonly number[];

export interface MachineOutput {
  readonly name: string;
  /** `source`: in the unit of the first input. A condition is 1, 0, or na while it is unknown. */
  readonly kind: 'source' | 'number' | 'condition';
}

/** Outputs from `name: kind` pairs. */
export function outputsOf(kinds: Readonly<Record<string, MachineOutput['kind']>>): readonly MachineOutput[] {
  return Object.entries(kinds).map(([name, kind]) => ({ name, kind }));
}

export const isFinite = (x: number): boolean => x - x === 0;
