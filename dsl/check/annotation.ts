import type { TypeName } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isLength } from './length-check.ts';
import { isScalar, scalarType, type Type, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

/** Kinds that a written type accepts besides its own; a bare number takes every unit but percent and duration. */
const ACCEPTED: Readonly<Record<Exclude<TypeName, 'length'>, readonly Type['kind'][]>> = {
  number: ['number', 'ratio', 'r', 'na'],
  percent: ['percent', 'ratio', 'na'],
  price: ['price', 'na'],
  quantity: ['quantity', 'na'],
  money: ['money', 'na'],
  duration: ['duration', 'na'],
  bars: ['bars', 'na'],
  condition: ['condition', 'na'],
};

/** The type that a word stands for in this market. */
export function typeOfWord(name: TypeName, quote: string | null): Type {
  if (name === 'condition') return { kind: 'condition' };
  if (name === 'length') return scalarType('number');
  return scalarType(name, name === 'price' || name === 'money' ? quote : null);
}

/**
 * A value where a type is written: the value in that kind, or an error at `span`. The prelude may also say what a number
 * means (`rsi` is a number, `natr` a percent, `slope` a number although it is a price a bar).
 */
export function annotated(checker: ExpressionChecker, value: Value, name: TypeName, span: Span, fromPrelude = false): Value {
  if (isPoison(value)) return value;
  if (name === 'length')
    return isLength(checker, value, span, 'length') ? { type: scalarType('number'), node: value.node } : checker.poison();
  const type = typeOfWord(name, checker.context.charts.units.quote);
  const { kind } = value.type;
  if (kind === 'na' && name === 'condition') return { type, node: checker.context.builder.truth(Number.NaN) };
  if (ACCEPTED[name].includes(kind)) return { ...value, type: kind === 'money' ? value.type : type };
  const isBare = checker.operand(value).bare && name !== 'percent' && name !== 'duration' && name !== 'condition';
  const isDeclared = fromPrelude && isScalar(value.type) && isScalar(type);
  if (isBare || isDeclared) return { type, node: value.node };
  const hint = name === 'percent' && kind === 'number' ? 'write the percent sign: 5%' : undefined;
  return checker.error('E0307', span, `${typeWords(type)} is needed here, found ${typeWords(value.type)}`, hint);
}
