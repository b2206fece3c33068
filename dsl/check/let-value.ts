import type { LetStatement } from '../ast/nodes.ts';
import { joinedType } from './algebra.ts';
import { annotated } from './annotation.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { type Binding, Scope } from './scope.ts';
import { isScalar, scalarType, type Type, typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

/**
 * The value of a `let` on the current chart. Its own name means its past in its own line when it says where it starts, else E0404.
 *
 * @param fromPrelude a written type may then also say what a number without dimension is
 */
export function letValue(checker: ExpressionChecker, line: LetStatement, outer: Scope, fromPrelude = false): Value {
  if (line.start === null) return typed(checker, checker.check(line.value, inLine(line, outer, { kind: 'self' })), line, fromPrelude);
  const start = typed(checker, checker.check(line.start, outer), line, fromPrelude);
  if (isPoison(start)) {
    checker.check(line.value, inLine(line, outer, { kind: 'poison' }));
    return start;
  }
  if (!isNumeric(start) && start.type.kind !== 'condition') {
    return checker.error(
      'E0301',
      line.start.span,
      `a series starts with a number or a condition, found ${typeWords(start.type)}`,
      checker.memberHint(start),
    );
  }
  const { builder, charts, keptStarts } = checker.context;
  const type: Type = start.type.kind === 'na' ? scalarType('number') : start.type;
  const { self, loop } = builder.self(type.kind === 'condition', charts.current);
  const value = typed(
    checker,
    checker.check(line.value, inLine(line, outer, { kind: 'loop', self: { type, node: self } })),
    line,
    fromPrelude,
  );
  if (isPoison(value)) return value;
  const joined = joinedType({ type, bare: false, zero: false }, checker.operand(value));
  if (!joined.ok || (isScalar(type) && isScalar(joined.type) && type.kind !== joined.type.kind && !isPlainPair(type, joined.type))) {
    return checker.error(
      'E0310',
      line.start.span,
      `${line.name.text} starts as ${typeWords(type)} and goes on as ${typeWords(value.type)}`,
      `write its type: let ${line.name.text}: ${value.type.kind === 'money' ? 'money' : 'price'} = ...`,
    );
  }
  const node = (x: Value): number => (type.kind === 'condition' && x.type.kind === 'na' ? builder.truth(Number.NaN) : x.node);
  const series = builder.loop(loop, self, node(value), node(start));
  if (!fromPrelude) keptStarts.noteLoop(line.name.text, series);
  return { type: joined.type, node: series };
}

/** Numbers, ratios and percents may join: the kind that both are is right for the whole series. */
function isPlainPair(a: Type, b: Type): boolean {
  const plain = ['number', 'ratio'];
  return plain.includes(a.kind) && plain.includes(b.kind);
}

function typed(checker: ExpressionChecker, value: Value, line: LetStatement, fromPrelude: boolean): Value {
  return line.type === null || isPoison(value) ? value : annotated(checker, value, line.type.name, line.value.span, fromPrelude);
}

/** Names as the line itself sees them. */
function inLine({ name }: LetStatement, outer: Scope, binding: Binding): Scope {
  const scope = new Scope(outer);
  scope.declare(name.text, { what: 'let', span: name.span, binding, uses: 0 });
  return scope;
}
