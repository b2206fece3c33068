import { timeframeOfStep } from '#core/model/timeframe.ts';
import type { Word } from '../ast/expression.ts';
import type { NodeId } from '../graph/node.ts';
import { formulaNode } from '../plugin/formula.ts';
import type { IndicatorInput, IndicatorOutput, IndicatorParam } from '../plugin/indicator-manifest.ts';
import { annotated, typeOfWord } from './annotation.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { BoundArgument } from './functions.ts';
import type { ScriptPlugin } from './plugin-source.ts';
import { Scope } from './scope.ts';
import { isPoison, type Value } from './value.ts';

/** Each has state of its own, up to 100,000 doubles. */
const MAX_INSTANCES = 32;

/** Whether an input may be left out: one that is called after a series of the market, or `source`, which then is the close. */
export function hasUsualInput(checker: ExpressionChecker, { name, kind }: IndicatorInput): boolean {
  return (name === 'source' && kind === 'price') || checker.context.builtins.names.get(name)?.kind === 'value';
}

/**
 * A call of an indicator in JavaScript: a node for the instance, one for each output, in a group as the manifest names them.
 * @param given arguments by name
 */
export function pluginCall(
  checker: ExpressionChecker,
  callee: Word,
  plugin: ScriptPlugin,
  given: ReadonlyMap<string, BoundArgument>,
): Value {
  const { manifest } = plugin;
  const { builder, charts, plugins, statics } = checker.context;
  const inputs = manifest.inputs.map((input) => inputValue(checker, callee, input, given.get(input.name)));
  const params = manifest.params.map((param) => paramValue(checker, callee, param, given.get(param.name)));
  if ([...inputs, ...params].some(isPoison)) return checker.poison();
  const nodes = new Map(manifest.params.map(({ name }, index) => [name, params[index]!.node]));
  const place = plugins.used.includes(plugin) ? plugins.used.indexOf(plugin) : plugins.used.push(plugin) - 1;
  const args = [...inputs, ...params].map(({ node }) => node);
  const [state, lookback] = [manifest.state, manifest.lookback].map((formula) => formulaNode(formula, builder, nodes));
  const instance = builder.plugin(place, [...args, state!, lookback!], charts.current, statics.intervalOf(state!).high);
  plugins.instances.add(instance);
  if (plugins.instances.size > MAX_INSTANCES)
    return checker.error('E0108', callee.span, `a program uses plugins in at most ${MAX_INSTANCES} places`, 'equal calls count once');
  const members = new Map(
    manifest.outputs.map((output, index) => [output.name, outputValue(checker, output, builder.pluginOutput(instance, index))]),
  );
  return { type: { kind: 'group', members }, node: instance };
}

function inputValue(checker: ExpressionChecker, callee: Word, input: IndicatorInput, given: BoundArgument | undefined): Value {
  if (given !== undefined) return annotated(checker, given.value, input.kind, given.span);
  if (!hasUsualInput(checker, input)) return missing(checker, callee, input.name);
  const { name } = input;
  const usual = checker.check({ kind: 'Name', text: name === 'source' ? 'close' : name, span: callee.span }, new Scope(null));
  return annotated(checker, usual, input.kind, callee.span);
}

function paramValue(checker: ExpressionChecker, callee: Word, param: IndicatorParam, given: BoundArgument | undefined): Value {
  const { builder, statics, charts } = checker.context;
  if (given === undefined) return { type: typeOfWord(param.kind, charts.units.quote), node: builder.constant(param.default) };
  const value = annotated(checker, given.value, param.kind, given.span);
  if (isPoison(value)) return value;
  const { name, min, max } = param;
  if (!statics.isStatic(value.node))
    return checker.error('E0303', given.span, `${name} is fixed before the run, found a series`, 'use a number or a param');
  const { low, high } = statics.intervalOf(value.node);
  if (low >= min && high <= max) return value;
  const [least, most, from, to] = [min, max, low, high].map((x) => amountText(param.kind, x));
  return checker.error(
    'E0308',
    given.span,
    `${name} of ${callee.text} is from ${least} to ${most}, found ${from === to ? from : `${from} to ${to}`}`,
  );
}

/** A value of a param as the language writes it. */
function amountText(kind: IndicatorParam['kind'], value: number): string {
  if (kind === 'percent') return `${Number((value * 100).toPrecision(12))}%`;
  return (kind === 'duration' ? timeframeOfStep(value)?.name : undefined) ?? String(value);
}

function outputValue(checker: ExpressionChecker, { kind, min, max }: IndicatorOutput, node: NodeId): Value {
  const { builder, statics, charts } = checker.context;
  statics.bound(node, { low: min, high: max, whole: false });
  const type = typeOfWord(kind, charts.units.quote);
  // A condition comes as a number: 0 is false, na unknown, all else true.
  return kind === 'condition' ? { type, node: builder.compare('ne', node, builder.constant(0)) } : { type, node };
}

function missing(checker: ExpressionChecker, callee: Word, name: string): Value {
  return checker.error('E0205', callee.span, `${callee.text} needs ${name}`, `write ${callee.text}(${name}: ...)`);
}
