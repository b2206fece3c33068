import { type MachineName, machineOf } from '../graph/machines/machines.ts';
import type { NodeId, StatefulOp } from '../graph/node.ts';
import { productType } from './algebra.ts';
import type { BoundArgument, BuiltinFunction, FunctionContext } from './functions.ts';
import { startsAnew } from './period-start.ts';
import { scalarType, type Type } from './type.ts';
import type { Value } from './value.ts';

type WindowOp = Exclude<StatefulOp, 'delay'>;
type TypeOfResult = (context: FunctionContext, args: readonly BoundArgument[]) => Type;

const NUMBER = scalarType('number');
const CONDITION: Type = { kind: 'condition' };

const window = (op: WindowOp, typeOf: TypeOfResult, parameters: readonly string[]): BuiltinFunction => ({
  parameters,
  takesConditions: true,
  apply: (context, args) => ({
    type: typeOf(context, args),
    node: context.builder.stateful(
      op,
      args.map(({ value }) => value.node),
      context.chart,
    ),
  }),
});

const unitOfSource: TypeOfResult = (_, [source]) => source!.value.type;

const product = (context: FunctionContext, x: Value, y: Value): Type => {
  const type = productType(context.operand(x), context.operand(y), '*');
  return type.ok ? type.type : NUMBER;
};

/** Of a condition it is how often it was true. */
const sumType: TypeOfResult = (context, args) => {
  const type = unitOfSource(context, args);
  return type.kind === 'condition' ? NUMBER : type;
};

const WITH_LENGTH = ['source', 'length'];

/** Root of the variance, in the unit of the source. */
const deviation: BuiltinFunction = {
  parameters: WITH_LENGTH,
  apply: ({ builder, chart }, [source, length]) => ({
    type: source!.value.type,
    node: builder.numeric('sqrt', builder.stateful('variance', [source!.value.node, length!.value.node], chart)),
  }),
};

/** How long ago the extreme was: of equal ones the latest, or the earliest where that is asked for. */
const age = (latest: WindowOp, earliest: WindowOp): BuiltinFunction => ({
  parameters: [...WITH_LENGTH, 'earliest'],
  takesConditions: true,
  apply: (context, [source, length, isEarliest]) => {
    const { builder, chart } = context;
    const asked = builder.node(isEarliest!.value.node);
    if (asked.op !== 'const') return context.refuse(isEarliest!.span, 'earliest is true or false', undefined, 'E0303');
    const args = [source!.value.node, length!.value.node];
    return { type: NUMBER, node: builder.stateful(asked.value === 1 ? earliest : latest, args, chart) };
  },
});

/** A value that holds for the whole run and stays between two others; null after a refusal. */
function fixed(context: FunctionContext, { value, span }: BoundArgument, what: string, low: number, high: number): NodeId | null {
  const range = context.fixedRange(value.node);
  if (range !== null && range.low >= low && range.high <= high) return value.node;
  const found = range === null ? 'a series' : range.low === range.high ? `${range.low}` : `${range.low} to ${range.high}`;
  context.refuse(span, `${what} is from ${low} to ${high} and fixed before the run, found ${found}`);
  return null;
}

/** A window with one more number, which is fixed and within bounds. */
const windowWith = (op: WindowOp, typeOf: TypeOfResult, last: string, what: string, low: number, high: number): BuiltinFunction => ({
  parameters: ['source', 'length', last],
  apply: (context, [source, length, argument]) => {
    const value = fixed(context, argument!, what, low, high);
    if (value === null) return context.poison();
    const args = [source!.value.node, length!.value.node, value];
    return { type: typeOf(context, [source!]), node: context.builder.stateful(op, args, context.chart) };
  },
});

const OF_LAST = ['source', 'count', 'length'];

const parabolic: BuiltinFunction = {
  parameters: ['high', 'low', 'step', 'max'],
  apply: (context, [high, low, step, max]) => {
    const factors = [fixed(context, step!, 'the step of psar', 0, 10), fixed(context, max!, 'the maximum of psar', 0, 10)];
    if (factors[0] === null || factors[1] === null) return context.poison();
    const args = [high!.value.node, low!.value.node, factors[0]!, factors[1]!];
    return { type: high!.value.type, node: context.builder.stateful('parabolic', args, context.chart) };
  },
};

/**
 * A group of the outputs of a machine; those in the unit of its first input have that. What it is made with does not change within a run.
 * @param positive the argument that has to be above 0 where it is known before the run
 */
const machine = (name: MachineName, parameters: readonly string[], positive: string | null = null): BuiltinFunction => ({
  parameters,
  apply: (context, args) => {
    const { inputs, outputs } = machineOf(name);
    const late = args.findIndex(({ value }, place) => place >= inputs && context.fixedRange(value.node) === null);
    if (late >= 0)
      return context.refuse(args[late]!.span, `${parameters[late]} is fixed before the run, found a series`, undefined, 'E0303');
    const amount = positive === null ? undefined : args[parameters.indexOf(positive)];
    const least = amount === undefined ? null : (context.fixedRange(amount.value.node)?.low ?? null);
    if (amount !== undefined && least !== null && least <= 0)
      return context.refuse(amount.span, `a ${positive} is above 0, found ${least}`, undefined, 'E0308');
    const { builder, chart } = context;
    const node = builder.machine(
      name,
      args.map(({ value }) => value.node),
      chart,
    );
    const types = { source: args[0]!.value.type, number: NUMBER, condition: CONDITION };
    const members = outputs.map(({ name: member, kind }, place) => {
      const output = builder.machineOutput(node, place);
      return [
        member,
        { type: types[kind], node: kind === 'condition' ? builder.compare('ne', output, builder.constant(0)) : output },
      ] as const;
    });
    return { type: { kind: 'group', members: new Map(members) }, node: builder.constant(Number.NaN) };
  },
});

const bellMean: BuiltinFunction = {
  parameters: ['source', 'length', 'center', 'sharpness'],
  apply: (context, [source, length, center, sharpness]) => {
    const shape = [fixed(context, center!, 'the offset of alma', 0, 1), fixed(context, sharpness!, 'the sigma of alma', 0.1, 100)];
    if (shape[0] === null || shape[1] === null) return context.poison();
    const args = [source!.value.node, length!.value.node, shape[0]!, shape[1]!];
    return { type: unitOfSource(context, [source!]), node: context.builder.stateful('bellMean', args, context.chart) };
  },
};

/** A length of at least 2: one value has no slope. */
const twoOrMore: BuiltinFunction = {
  parameters: ['length'],
  apply: (context, [length]) => {
    const { value, span } = length!;
    const low = context.fixedRange(value.node)?.low ?? 1;
    return low >= 2 ? value : context.refuse(span, `a length is from 2 to 10,000 here, found ${low}`, undefined, 'E0308');
  },
};

/**
 * What the prelude is written with, and only it sees: the operators with memory (node.ts) as functions. Lengths and conditions have been checked where the
 * user wrote them.
 */
export const PRIMITIVES: ReadonlyMap<string, BuiltinFunction> = new Map<string, BuiltinFunction>([
  ['window_sum', window('sum', sumType, WITH_LENGTH)],
  ['window_highest', window('highest', unitOfSource, WITH_LENGTH)],
  ['window_lowest', window('lowest', unitOfSource, WITH_LENGTH)],
  ['window_highest_age', age('highestAge', 'highestFirstAge')],
  ['window_lowest_age', age('lowestAge', 'lowestFirstAge')],
  ['weighted_sum', window('weightedSum', unitOfSource, WITH_LENGTH)],
  ['bell_mean', bellMean],
  ['mean_deviation', window('meanDeviation', unitOfSource, WITH_LENGTH)],
  ['window_deviation', deviation],
  ['window_variance', window('variance', (context, [source]) => product(context, source!.value, source!.value), WITH_LENGTH)],
  ['window_covariance', window('covariance', (context, [x, y]) => product(context, x!.value, y!.value), ['x', 'y', 'length'])],
  ['window_percentile', windowWith('percentile', unitOfSource, 'percent', 'a percentile', 0, 100)],
  ['window_nearest_rank', windowWith('nearestRank', unitOfSource, 'percent', 'a percentile', 0, 100)],
  ['window_mode', window('mode', unitOfSource, WITH_LENGTH)],
  ['median_deviation', window('medianDeviation', unitOfSource, WITH_LENGTH)],
  ['window_skewness', window('skewness', () => NUMBER, WITH_LENGTH)],
  ['window_kurtosis', window('kurtosis', () => NUMBER, WITH_LENGTH)],
  ['window_entropy', windowWith('entropy', () => NUMBER, 'bins', 'a number of bins', 2, 1000)],
  ['rank_correlation', window('rankCorrelation', () => NUMBER, WITH_LENGTH)],
  ['rescaled_range', windowWith('rescaledRange', () => NUMBER, 'corrected', 'a correction', 0, 1)],
  ['last_mean', window('lastMean', unitOfSource, OF_LAST)],
  ['sine_sum', window('sineSum', unitOfSource, OF_LAST)],
  ['cosine_sum', window('cosineSum', unitOfSource, OF_LAST)],
  ['window_percent_rank', window('percentRank', () => NUMBER, WITH_LENGTH)],
  ['any_of', window('anyOf', () => CONDITION, ['condition', 'length'])],
  ['all_of', window('allOf', () => CONDITION, ['condition', 'length'])],
  ['recursive_mean', window('recursive', unitOfSource, ['source', 'factor', 'length'])],
  ['parabolic', parabolic],
  ['zigzag_of', machine('zigzag', ['high', 'low', 'distance', 'share'])],
  ['zigzag_by', machine('zigzag', ['high', 'low', 'distance', 'change'], 'change')],
  ['bricks_of', machine('bricks', ['source', 'brick', 'base'], 'brick')],
  ['range_bars_of', machine('rangeBars', ['source', 'range'], 'range')],
  ['wilder_stop', machine('wilderStop', ['source', 'distance'])],
  ['ratchet_stop', machine('ratchetStop', ['source', 'distance'])],
  ['levels_of', machine('levels', ['peak', 'trough', 'high', 'low', 'close', 'tolerance', 'kept', 'needed'])],
  ['two_or_more', twoOrMore],
  ['starts_anew', startsAnew],
]);
