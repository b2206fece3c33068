import type { ComparisonOperator, Expression, Word } from '../../ast/expression.ts';
import type { ObjectiveStatement } from '../../ast/nodes.ts';
import type { DiagnosticCode } from '../../diagnostics/codes.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { CompareOp, LogicOp, NumericOp } from '../../graph/node.ts';
import type { MetricExpression, MetricName, Objective } from '../../program.ts';
import { additiveType, type AlgebraResult, comparedType, joinedType, type Operand, productType } from '../algebra.ts';
import { accountType, currencyOfAccount } from '../account-units.ts';
import type { CheckContext } from '../context.ts';
import { isScalar, scalarType, type ScalarType, type Type, typeWords } from '../type.ts';

interface Metric {
  readonly type: Type;
  readonly value: MetricExpression;
}

type Unit = 'number' | 'percent' | 'money';

/** Figures of a finished run that an objective may name. */
export const METRICS: ReadonlyMap<string, readonly [name: MetricName, unit: Unit]> = new Map(
  (
    [
      ['sharpe', 'number'],
      ['sortino', 'number'],
      ['calmar', 'number'],
      ['profit_factor', 'number'],
      ['net_profit', 'money'],
      ['cagr', 'percent'],
      ['max_drawdown', 'percent'],
      ['win_rate', 'percent'],
      ['expectancy', 'money'],
      ['exposure_time', 'percent'],
      ['trades.count', 'number'],
      ['trades.wins', 'number'],
      ['trades.losses', 'number'],
      ['trades.losing_streak', 'number'],
      ['trades.win_rate', 'percent'],
    ] as const
  ).map(([name, unit]) => [name, [name, unit]]),
);

const COMPARISONS: Readonly<Record<ComparisonOperator, CompareOp>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};
const ARITHMETIC = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
const BINARY_CALLS: ReadonlySet<string> = new Set(['min', 'max']);

/**
 * `objective maximize sortino where trades.count >= 100`: a language of its own whose names are the metrics of a finished run, with the units and the
 * arithmetic of the rest.
 */
export class ObjectiveChecker {
  objective: Objective | null = null;
  readonly #context: CheckContext;
  readonly #textOf: (span: Span) => string;
  #isGiven = false;

  constructor(context: CheckContext, textOf: (span: Span) => string) {
    this.#context = context;
    this.#textOf = textOf;
  }

  check({ direction, metric: wanted, condition: written, word }: ObjectiveStatement): void {
    if (this.#isGiven) {
      this.#refuse('E0509', word, 'the objective is given twice', 'keep one of the two; several wishes go into its where');
      return;
    }
    this.#isGiven = true;
    const metric = this.#metric(wanted);
    const condition = written === null ? null : this.#condition(written);
    if (metric === null || (written !== null && condition === null)) return;
    this.objective = {
      direction,
      metricText: this.#textOf(wanted.span),
      conditionText: written === null ? null : this.#textOf(written.span),
      metric,
      condition,
    };
  }

  #metric(e: Expression): MetricExpression | null {
    const value = this.#expression(e);
    if (value === null) return null;
    if (isScalar(value.type)) return value.value;
    return this.#refuse('E0307', e.span, `what is sought is a number, found ${typeWords(value.type)}`, 'write the condition behind: where');
  }

  #condition(e: Expression): MetricExpression | null {
    const value = this.#expression(e);
    if (value === null) return null;
    if (value.type.kind === 'condition') return value.value;
    const hint = 'compare it with something, for example: trades.count >= 100';
    return this.#refuse('E0302', e.span, `a condition is needed here, found ${typeWords(value.type)}`, hint);
  }

  #expression(e: Expression): Metric | null {
    switch (e.kind) {
      case 'Number':
        return constant(e.value, scalarType('number'));
      case 'Percent':
        return constant(e.value, scalarType('percent'));
      case 'CurrencyAmount':
        return constant(
          e.number.value,
          this.#isAccount(e.currency) ? accountType(this.#context.market) : scalarType('money', e.currency.text),
        );
      case 'Boolean':
        return { type: { kind: 'condition' }, value: { kind: 'number', value: e.value ? 1 : 0 } };
      case 'Name':
        return this.#name(e);
      case 'Member':
        return e.object.kind === 'Name'
          ? this.#name({ text: `${e.object.text}.${e.member.text}`, span: e.object.text === 'trades' ? e.member.span : e.object.span })
          : this.#foreign(e);
      case 'Negate':
        return this.#numeric('neg', [e.operand], e.wordSpan, ([x]) => ({ ok: true, type: x!.type }));
      case 'Arithmetic': {
        const { operator } = e;
        return this.#numeric(ARITHMETIC[operator], [e.left, e.right], e.wordSpan, ([a, b]) =>
          operator === '+' || operator === '-' ? additiveType(a!, b!, operator) : productType(a!, b!, operator),
        );
      }
      case 'Call': {
        const { text } = e.callee;
        if (!(text === 'abs' ? e.args.length === 1 : BINARY_CALLS.has(text) && e.args.length === 2)) return this.#foreign(e);
        return this.#numeric(
          text === 'abs' ? 'abs' : text === 'min' ? 'min' : 'max',
          e.args.map(({ value }) => value),
          e.callee.span,
          ([a, b]) => (b === undefined ? { ok: true, type: a!.type } : joinedType(a!, b)),
        );
      }
      case 'Comparison':
        return this.#compared(COMPARISONS[e.operator], e.left, e.right, e.wordSpan);
      case 'Between':
      case 'InRange':
        return this.#joined('and', [this.#compared('ge', e.value, e.low, e.wordSpan), this.#compared('le', e.value, e.high, e.wordSpan)]);
      case 'Logic':
        return this.#joined(e.operator, [this.#truth(e.left), this.#truth(e.right)]);
      case 'Not':
        return this.#joined('not', [this.#truth(e.operand)]);
      default:
        return this.#foreign(e);
    }
  }

  #isAccount({ text }: Word): boolean {
    return text === currencyOfAccount(this.#context.market);
  }

  #name(name: Word): Metric | null {
    const known = METRICS.get(name.text);
    if (known !== undefined) {
      const [metric, unit] = known;
      return {
        type: unit === 'money' ? accountType(this.#context.market) : scalarType(unit),
        value: { kind: 'metric', name: metric },
      };
    }
    if (name.text.startsWith('trades.')) return this.#unknownMember(name);
    const hint = didYouMean(name.text, [...METRICS.keys()]) ?? `the metrics are: ${[...METRICS.keys()].join(', ')}`;
    return this.#refuse('E0201', name.span, `"${name.text}" is no metric of a finished run`, hint);
  }

  #unknownMember({ text, span }: Word): null {
    const members = [...METRICS.keys()].flatMap((name) => (name.startsWith('trades.') ? [name.slice('trades.'.length)] : []));
    const member = text.slice('trades.'.length);
    return this.#refuse(
      'E0206',
      span,
      `trades has no member "${member}" here`,
      didYouMean(member, members) ?? `it has: ${members.join(', ')}`,
    );
  }

  #foreign({ span }: { readonly span: Span }): null {
    return this.#refuse(
      'E0207',
      span,
      'an objective is made of the metrics of a finished run',
      `use numbers and: ${[...METRICS.keys()].slice(0, 6).join(', ')}, ...`,
    );
  }

  #numeric(
    op: NumericOp,
    parts: readonly Expression[],
    symbol: Span,
    typeOf: (operands: readonly Operand[]) => AlgebraResult,
  ): Metric | null {
    const values = parts.map((part) => this.#expression(part));
    if (!isWhole(values)) return null;
    const odd = values.find(({ type }) => !isScalar(type));
    if (odd !== undefined) return this.#refuse('E0301', symbol, `this works with numbers, found ${typeWords(odd.type)}`);
    const result = typeOf(values.map(operand));
    if (!result.ok) return this.#refuse(result.code, symbol, result.message, result.hint);
    const [first, second] = values.map(({ value }) => value);
    if (result.relative === true) {
      const factor: MetricExpression = { kind: 'operation', op, args: [{ kind: 'number', value: 1 }, second!] };
      return { type: result.type, value: { kind: 'operation', op: 'mul', args: [first!, factor] } };
    }
    return { type: result.type, value: operation(op, values) };
  }

  #compared(op: CompareOp, left: Expression, right: Expression, symbol: Span): Metric | null {
    const values = [this.#expression(left), this.#expression(right)];
    if (!isWhole(values)) return null;
    const [a, b] = values;
    const result = comparedType(operand(a!), operand(b!));
    if (!result.ok) return this.#refuse(result.code, symbol, result.message, result.hint);
    return { type: { kind: 'condition' }, value: operation(op, values) };
  }

  #truth(e: Expression): Metric | null {
    const value = this.#condition(e);
    return value === null ? null : { type: { kind: 'condition' }, value };
  }

  #joined(op: LogicOp, values: readonly (Metric | null)[]): Metric | null {
    return isWhole(values) ? { type: { kind: 'condition' }, value: operation(op, values) } : null;
  }

  #refuse(code: DiagnosticCode, span: Span, message: string, hint?: string): null {
    this.#context.findings.add(code, span, message, hint);
    return null;
  }
}

const constant = (value: number, type: ScalarType): Metric => ({ type, value: { kind: 'number', value } });

const operation = (op: NumericOp | CompareOp | LogicOp, values: readonly Metric[]): MetricExpression => ({
  kind: 'operation',
  op,
  args: values.map(({ value }) => value),
});

function operand({ type, value }: Metric): Operand {
  const bare = value.kind === 'number' && type.kind === 'number';
  return { type, bare, zero: bare && value.value === 0 };
}

const isWhole = (values: readonly (Metric | null)[]): values is Metric[] => !values.includes(null);
