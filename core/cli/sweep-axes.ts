import { combinationsOf, gridSpace, MOST_COMBINATIONS, sampleSpace, type SweepSpace } from '#core/runtime/sweep/sweep-space.ts';
import { declaredAxis, hasDomain, type ParamAxis, writtenAxis } from '#core/runtime/sweep/param-axis.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { ProgramParam } from '#dsl/program.ts';
import type { Command, CommandInput } from './command.ts';
import { usage } from './command-line.ts';
import { assignmentsOption, countOption, seedOption } from './option-values.ts';

/** Sets of a sweep that names its params, and of one that goes over all that the file declares. */
const MOST_SETS = 10_000_000;
const MOST_DECLARED = 10_000;
const MOST_SAMPLE = 1_000_000;

/** The sets that the options of a command ask for. @throws StratError USAGE */
export function sweepSpace(command: Command, input: CommandInput, params: readonly ProgramParam[]): SweepSpace {
  const axes = axesOf(command, input, params);
  const combinations = combinationsOf(axes);
  const size = countOption(command, input, 'sample');
  const seed = seedOption(command, input, 'seed');
  if (size === undefined && seed !== undefined) throw usage('--seed is that of a sample and needs --sample', command);
  if (combinations > MOST_COMBINATIONS) throw usage('These are more combinations than can be numbered: name fewer values', command);
  if (size !== undefined) {
    if (size > MOST_SAMPLE) throw usage(`--sample takes at most ${MOST_SAMPLE}, found "${input.value('sample')}"`, command);
    return sampleSpace(axes, size, seed ?? 1);
  }
  const isNamed = input.values('param').length > 0;
  if (combinations > (isNamed ? MOST_SETS : MOST_DECLARED)) {
    const names = axes.map(({ name, values }) => `${name} (${values.length})`).join(', ');
    const hint = isNamed ? 'name fewer values' : 'name params with --param name=2..50:2';
    throw usage(`These are ${combinations.toLocaleString('en-US')} sets of ${names}: ${hint}, or draw some with --sample 1000`, command);
  }
  return gridSpace(axes);
}

function axesOf(command: Command, input: CommandInput, params: readonly ProgramParam[]): readonly ParamAxis[] {
  const asked = assignmentsOption(command, input, 'param');
  const set = assignmentsOption(command, input, 'set');
  const names = params.map(({ name }) => name);
  for (const name of asked.keys()) {
    if (set.has(name)) throw usage(`--param and --set both name ${name}`, command);
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'the strategy has no params' : (didYouMean(name, names) ?? `the params are ${names.join(', ')}`);
    throw usage(`There is no param "${name}"; ${known}`, command);
  }
  if (asked.size === 0)
    return declaredAxes(
      command,
      params.filter(({ name }) => !set.has(name)),
      names,
    );
  return [...asked].map(([name, text]) => {
    const index = names.indexOf(name);
    const axis = writtenAxis(params[index]!, index, text);
    if (!axis.ok) throw usage(`--param ${name}=${text}: ${axis.error}`, command);
    return axis.value;
  });
}

function declaredAxes(command: Command, free: readonly ProgramParam[], names: readonly string[]): readonly ParamAxis[] {
  const axes = free.filter(hasDomain).map((param) => {
    const axis = declaredAxis(param, names.indexOf(param.name));
    if (!axis.ok) throw usage(`${param.name}: ${axis.error}`, command);
    return axis.value;
  });
  if (axes.length > 0) return axes;
  throw usage('No param has a range to go over: name one with --param name=2..50:2', command);
}
