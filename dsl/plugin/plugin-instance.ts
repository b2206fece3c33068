import type { ScriptPlugin } from '../check/plugin-source.ts';
import type { Graph, NodeId } from '../graph/node.ts';
import { OutOfFuel, StepMachine } from './step-machine.ts';

/** What runs the code of a plugin: a StepMachine, or printed code. */
export interface StepEntries {
  readonly init: (params: Float64Array, state: Float64Array) => void;
  readonly step: (params: Float64Array, state: Float64Array, input: Float64Array, out: Float64Array) => void;
  /** Turns of loops and calls so far, where they are told. */
  readonly spent?: number;
}

/** First double of an instance's memory. Above `running` is a fault (E1005); it never goes back. */
export const PLUGIN_STATUS = {
  new: 0,
  running: 1,
  /** It gave an infinite value, which became na; it goes on. */
  flagged: 2,
  /** It ran out of fuel: all its outputs are na from then on. */
  disabled: 3,
} as const;

/** Doubles of memory of an instance with so much state. */
export const memorySize = (state: number): number => 1 + state;

/**
 * One use of a plugin, with its params. All that it keeps is in `memory` (status, then state), so that it can go on from a copy of it. `out` is na before
 * each step, so that nothing of an earlier bar can be read there.
 */
export class PluginInstance {
  /** Outputs of the last step; na where there is no value. */
  readonly out: Float64Array;
  /** Inputs of the last step, its own copy. */
  readonly input: Float64Array;
  readonly #entries: StepEntries;
  readonly #params: Float64Array;
  readonly #memory: Float64Array;
  readonly #state: Float64Array;

  constructor(entries: StepEntries, params: Float64Array, memory: Float64Array, inputs: number, outputs: number) {
    this.#entries = entries;
    this.#params = params;
    this.#memory = memory;
    this.#state = memory.subarray(1);
    this.input = new Float64Array(inputs);
    this.out = new Float64Array(outputs);
  }

  get status(): number {
    return this.#memory[0]!;
  }

  /** Turns of loops and calls so far; 0 where they are not told. */
  get spent(): number {
    return this.#entries.spent ?? 0;
  }

  /** The outputs of the next bar into `out`. */
  step(input: ArrayLike<number>): void {
    this.out.fill(Number.NaN);
    if (this.status === PLUGIN_STATUS.disabled) return;
    this.input.set(input);
    try {
      if (this.status === PLUGIN_STATUS.new) {
        this.#entries.init(this.#params, this.#state);
        this.#memory[0] = PLUGIN_STATUS.running;
      }
      this.#entries.step(this.#params, this.#state, this.input, this.out);
    } catch (error) {
      if (!(error instanceof OutOfFuel)) throw error;
      this.#memory[0] = PLUGIN_STATUS.disabled;
      this.out.fill(Number.NaN);
      return;
    }
    for (const [index, value] of this.out.entries()) {
      if (value - value === 0 || Number.isNaN(value)) continue;
      this.out[index] = Number.NaN;
      this.#memory[0] = PLUGIN_STATUS.flagged;
    }
  }
}

/** Instances at the plugin nodes of a graph, run by the machine. `constants`: values of what does not change within the run, by node. */
export function pluginInstances(
  { nodes }: Pick<Graph, 'nodes'>,
  plugins: readonly ScriptPlugin[],
  constants: Float64Array,
): ReadonlyMap<NodeId, PluginInstance> {
  const instances = new Map<NodeId, PluginInstance>();
  for (const [id, node] of nodes.entries()) {
    if (node.op !== 'plugin') continue;
    const { manifest, code } = plugins[node.plugin]!;
    const { inputs, params, outputs } = manifest;
    const values = node.args.slice(inputs.length).map((arg) => constants[arg]!);
    const memory = new Float64Array(memorySize(values[params.length]!));
    const own = Float64Array.from(values.slice(0, params.length));
    instances.set(id, new PluginInstance(new StepMachine(code), own, memory, inputs.length, outputs.length));
  }
  return instances;
}
