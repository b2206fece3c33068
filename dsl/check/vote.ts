import type { Argument, Word } from '../ast/expression.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

const FORM = 'write the strategies and their weights: vote(trend: 2, dips: 1)';

/** `vote(a: 2, b: 1)`: the mean of the strategies' sides, weighted: -1 (all short) to 1 (all long). */
export function vote(checker: ExpressionChecker, callee: Word, args: readonly Argument[], scope: Scope): Value {
  const { builder, statics, charts, findings } = checker.context;
  if (args.length === 0) return checker.error('E0205', callee.span, 'vote needs strategies', FORM);
  const errors = findings.errors;
  let [total, weights]: [NodeId, NodeId] = [builder.constant(0), builder.constant(0)];
  for (const { name, value: e } of args) {
    const weight = checker.numeric(e, scope);
    if (name === null) {
      checker.error('E0205', e.span, 'vote takes strategies by name', FORM);
      continue;
    }
    const strategy = strategyOf(checker, name, scope);
    if (strategy === null || isPoison(weight)) continue;
    if (weight.type.kind !== 'number' && weight.type.kind !== 'ratio') {
      checker.error('E0307', e.span, `a weight is a number, found ${typeWords(weight.type)}`, FORM);
    } else if (!(statics.intervalOf(weight.node).high > 0)) {
      checker.error('E0511', e.span, 'a weight is above zero');
    } else {
      total = builder.numeric('add', total, builder.numeric('mul', weight.node, strategy));
      weights = builder.numeric('add', weights, weight.node);
    }
  }
  if (findings.errors > errors) return checker.poison();
  const node = builder.numeric('div', total, weights);
  if (builder.node(node).rate !== 'series' || builder.node(node).chart !== charts.current) return checker.poison();
  statics.declare(node, { low: -1, high: 1, whole: false });
  return { type: scalarType('number'), node };
}

/** The side that a strategy is on; null when the name is none, which is reported. */
function strategyOf(checker: ExpressionChecker, name: Word, scope: Scope): NodeId | null {
  const value = checker.check({ kind: 'Name', span: name.span, text: name.text }, scope);
  if (isPoison(value)) return null;
  if (value.type.kind === 'strategy') return value.type.members.get('side')!.node;
  checker.error(
    'E0207',
    name.span,
    `${name.text} is no strategy, it is ${typeWords(value.type)}`,
    didYouMean(name.text, [...scope.names()]) ?? 'name what a line "use strategy" gives',
  );
  return null;
}
