import type { ScriptPlugin } from '#dsl/check/plugin-source.ts';
import { formulaValue } from '#dsl/plugin/formula.ts';
import { memorySize, PLUGIN_STATUS, PluginInstance, type StepEntries } from '#dsl/plugin/plugin-instance.ts';
import { StepMachine } from '#dsl/plugin/step-machine.ts';
import { sampleInputs } from './sample-inputs.ts';

const BARS = 200;
const SEED = 20;
/** Bars after which a run is broken off and another one goes on with its memory. */
const CUTS: ReadonlySet<number> = new Set([1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 199]);
/** Fuel for all runs together: what a loop over a thousand bars takes on each of them, many times over; half a second of the machine. */
const MOST_FUEL = 5_000_000;

/** With what else a plugin is tried. */
export interface Trial {
  /** By name, in the order of the manifest; left out: the defaults. */
  readonly params?: ReadonlyMap<string, number>;
  /** Entries for one piece; left out: the machine that walks the code. */
  readonly create?: () => StepEntries;
}

/**
 * What a plugin does that none may, on 200 generated bars; null when nothing was found. In one piece and in pieces, each gone on with by fresh entries, the
 * bits must be equal: else it keeps something outside of its state (threats.md 20).
 */
export function conformanceFault({ manifest, code }: ScriptPlugin, trial: Trial = {}): string | null {
  const { inputs, outputs } = manifest;
  const {
    params = new Map(manifest.params.map((param) => [param.name, param.default])),
    create = (): StepEntries => new StepMachine(code),
  } = trial;
  const columns = sampleInputs(inputs, BARS, SEED);
  const runs: StepEntries[] = [];
  let memory = new Float64Array(memorySize(formulaValue(manifest.state, params)));
  const start = (): PluginInstance => {
    const run = create();
    runs.push(run);
    return new PluginInstance(run, Float64Array.from(params.values()), memory, inputs.length, outputs.length);
  };
  const whole = start();
  memory = memory.slice();
  let piece = start();
  for (let bar = 0; bar < BARS; bar++) {
    if (CUTS.has(bar)) {
      memory = memory.slice();
      piece = start();
    }
    const input = columns.map((column) => column[bar]!);
    whole.step(input);
    piece.step(input);
    if (whole.status === PLUGIN_STATUS.disabled)
      return `it ran out of fuel on bar ${bar} of a test run: a step may take 1,000,000 turns of loops and calls`;
    for (const [index, { name, min, max }] of outputs.entries()) {
      const value = whole.out[index]!;
      if (!Object.is(value, piece.out[index]))
        return `it keeps something outside of its state: ${name} is ${value} on bar ${bar} of a run in one piece, and ${piece.out[index]} when the run is broken off before`;
      if (value < min || value > max) return `${name} is ${value} on bar ${bar} of a test run; the manifest says from ${min} to ${max}`;
    }
    if (runs.reduce((sum, { spent = 0 }) => sum + spent, 0) > MOST_FUEL)
      return `it is too slow: ${bar + 1} bars took more than ${MOST_FUEL} turns of loops and calls`;
  }
  return null;
}
