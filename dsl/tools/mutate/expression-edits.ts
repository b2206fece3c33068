import type { Expression, NumberLiteral } from '#dsl/ast/expression.ts';
import { childrenOf } from '#dsl/check/children.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { Edit } from './mutants.ts';

/** What a comparison becomes: the edge counts or not, and the other way round. */
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '==': ['!='],
  '!=': ['=='],
};
const OPERATORS: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*' };
/** Functions and series that are taken for each other. */
const NAMES: Readonly<Record<string, string>> = {
  highest: 'lowest',
  lowest: 'highest',
  sma: 'ema',
  ema: 'sma',
  max: 'min',
  min: 'max',
  any: 'all',
  all: 'any',
  high: 'low',
  low: 'high',
  close: 'open',
  open: 'close',
};
const FACTOR = 1.5;
/** Numbers up to this are counts and lengths, of which one more or less is a change. */
const SMALL = 1000;

/** Every change of an expression and of those inside of it, one at a time. */
export function expressionEdits(source: string, expression: Expression): readonly Edit[] {
  return [
    ...ownEdits(source, expression),
    ...childrenOf(expression).flatMap((child) => expressionEdits(source, child)),
    ...amountEdits(expression),
  ];
}

function ownEdits(source: string, expression: Expression): readonly Edit[] {
  const textOf = ({ start, end }: Span): string => source.slice(start, end);
  switch (expression.kind) {
    case 'Comparison':
      return COMPARISONS[expression.operator]!.map((now) => ({
        span: expression.wordSpan,
        now,
        what: comparisonWords(expression.operator, now),
      }));
    case 'Crosses': {
      if (expression.direction === 'either') return [];
      const other = expression.direction === 'above' ? 'below' : 'above';
      const span = between(expression.left, expression.right);
      const now = textOf(span).replace(expression.direction, other);
      return [{ span, now, what: `it crosses ${other}` }];
    }
    case 'Logic':
      return [
        {
          span: expression.wordSpan,
          now: expression.operator === 'and' ? 'or' : 'and',
          what: `"${expression.operator}" becomes the other`,
        },
        { span: expression.span, now: `(${textOf(expression.left.span)})`, what: `"${textOf(expression.right.span)}" is dropped` },
        { span: expression.span, now: `(${textOf(expression.right.span)})`, what: `"${textOf(expression.left.span)}" is dropped` },
      ];
    case 'Not':
      return [{ span: expression.span, now: `(${textOf(expression.operand.span)})`, what: '"not" is dropped' }];
    case 'Arithmetic':
      return [
        {
          span: expression.wordSpan,
          now: OPERATORS[expression.operator]!,
          what: `"${expression.operator}" becomes "${OPERATORS[expression.operator]}"`,
        },
      ];
    case 'Between':
    case 'InRange':
    case 'Is':
    case 'InList':
      return [{ span: expression.span, now: `(not (${textOf(expression.span)}))`, what: 'it is turned into its opposite' }];
    case 'Trend': {
      const other = expression.direction === 'rises' ? 'falls' : 'rises';
      return [{ span: expression.wordSpan, now: other, what: `it ${other}` }];
    }
    case 'Temporal': {
      const other = expression.mode === 'for' ? 'within' : 'for';
      return [
        { span: expression.wordSpan, now: other, what: `"${expression.mode}" becomes "${other}"` },
        { span: expression.span, now: `(${textOf(expression.condition.span)})`, what: 'it counts at once' },
      ];
    }
    case 'If':
      return [{ span: expression.condition.span, now: `not (${textOf(expression.condition.span)})`, what: 'the branches are swapped' }];
    case 'Boolean':
      return [{ span: expression.span, now: String(!expression.value), what: `it is ${!expression.value}` }];
    case 'Call':
      return renamed(expression.callee.text, expression.callee.span);
    case 'Name':
      return renamed(expression.text, expression.span);
    default:
      return [];
  }
}

const renamed = (name: string, span: Span): readonly Edit[] => {
  const now = Object.hasOwn(NAMES, name) ? NAMES[name]! : null;
  return now === null ? [] : [{ span, now, what: `${name} becomes ${now}` }];
};

const between = (left: Expression, right: Expression): Span => ({ start: left.span.end, end: right.span.start });

function comparisonWords(was: string, now: string): string {
  if (was.replace('=', '') === now.replace('=', '')) return now.includes('=') ? 'the edge counts, too' : 'the edge does not count';
  return 'the comparison is turned around';
}

function amountEdits(expression: Expression): readonly Edit[] {
  switch (expression.kind) {
    case 'Number':
      return numberEdits(expression);
    case 'CurrencyAmount':
    case 'UnitAmount':
      return scaled(expression.number.span, expression.number.value, '');
    case 'Percent':
      return scaled(expression.span, expression.value * (expression.unit === '%' ? 100 : 10_000), expression.unit);
    case 'RMultiple':
      return scaled(expression.span, expression.value, 'R');
    case 'Duration':
      return [{ span: expression.span, now: `${expression.count * 2}${expression.unit}`, what: 'it is twice as long' }];
    default:
      return [];
  }
}

function numberEdits({ span, value }: NumberLiteral): readonly Edit[] {
  if (!Number.isInteger(value) || value > SMALL) return scaled(span, value, '');
  return [{ span, now: String(value + 1), what: 'one more' }, ...(value === 0 ? [] : [{ span, now: String(value - 1), what: 'one less' }])];
}

/** Half as much again, and a third less. */
function scaled(span: Span, value: number, unit: string): readonly Edit[] {
  return [value * FACTOR, value / FACTOR].map((changed, place) => ({
    span,
    now: `${decimal(changed)}${unit}`,
    what: place === 0 ? 'half as much again' : 'a third less',
  }));
}

/** Without an exponent, which not every literal may have. */
const decimal = (value: number): string => {
  const text = value.toFixed(10).replace(/\.?0+$/, '');
  return text === '0' && value > 0 ? '0.0000000001' : text;
};
