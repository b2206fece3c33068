import { fail, ok, type Result } from '#core/model/result.ts';
import type { Expression } from '../ast/expression.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { parse } from '../grammar/parse.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { NodeId, NumericOp } from '../graph/node.ts';

/** A formula of a manifest over its params, in the language: numbers, `+ - * /`, `min max abs floor ceil round`. */
export interface Formula {
  readonly text: string;
  readonly expression: Expression;
}

const MAX_LENGTH = 500;
const MAX_PARTS = 100;
const BEFORE = 'strat 1 module "formula" let value = ';
const FUNCTIONS: ReadonlyMap<string, { readonly op: NumericOp; readonly takes: 1 | 2 }> = new Map([
  ['abs', { op: 'abs', takes: 1 }],
  ['floor', { op: 'floor', takes: 1 }],
  ['ceil', { op: 'ceil', takes: 1 }],
  ['round', { op: 'round', takes: 1 }],
  ['min', { op: 'min', takes: 2 }],
  ['max', { op: 'max', takes: 2 }],
]);
const OPERATORS: ReadonlyMap<string, NumericOp> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['*', 'mul'],
  ['/', 'div'],
]);

/** Reads a formula with the parser of the language; what it may hold is less. The error says what is wrong with it. */
export function readFormula(text: string, params: readonly string[]): Result<Formula, string> {
  if (text.length > MAX_LENGTH) return fail(`a formula has at most ${MAX_LENGTH} characters`);
  const { file, diagnostics } = parse(BEFORE + text);
  const [first] = diagnostics;
  if (first !== undefined) return fail(`"${text}": ${first.message}`);
  const [statement, more] = file?.statements ?? [];
  if (statement?.kind !== 'Let' || more !== undefined || statement.start !== null)
    return fail(`"${text}" is no formula; write something like "4 + 2 * length"`);
  const parts = { left: MAX_PARTS };
  const reason = unfit(statement.value, new Set(params), parts);
  return reason === null ? ok({ text, expression: statement.value }) : fail(`"${text}": ${reason}`);
}

/** What in an expression is no part of a formula. The parser has bounded its nesting. */
function unfit(e: Expression, params: ReadonlySet<string>, parts: { left: number }): string | null {
  parts.left -= 1;
  if (parts.left < 0) return `a formula has at most ${MAX_PARTS} parts`;
  switch (e.kind) {
    case 'Number':
      return null;
    case 'Name':
      if (params.has(e.text)) return null;
      return `there is no param "${e.text}"; ${didYouMean(e.text, params) ?? (params.size === 0 ? 'there are none' : `there are: ${[...params].join(', ')}`)}`;
    case 'Negate':
      return unfit(e.operand, params, parts);
    case 'Arithmetic':
      return unfit(e.left, params, parts) ?? unfit(e.right, params, parts);
    case 'Call': {
      const known = FUNCTIONS.get(e.callee.text);
      if (known === undefined) return `formulas have ${[...FUNCTIONS.keys()].join(', ')}, and no "${e.callee.text}"`;
      if (e.args.length !== known.takes || e.args.some(({ name }) => name !== null))
        return `${e.callee.text} takes ${known.takes === 1 ? 'one number' : 'two numbers'}`;
      return e.args.reduce<string | null>((found, { value }) => found ?? unfit(value, params, parts), null);
    }
    default:
      return 'formulas are made of numbers, params, + - * / and functions like max';
  }
}

/** The node that computes a formula from the nodes of its params, by name. */
export function formulaNode({ expression }: Formula, builder: GraphBuilder, params: ReadonlyMap<string, NodeId>): NodeId {
  const node = (e: Expression): NodeId => {
    if (e.kind === 'Number') return builder.constant(e.value);
    if (e.kind === 'Name') return params.get(e.text)!;
    if (e.kind === 'Negate') return builder.numeric('neg', node(e.operand));
    if (e.kind === 'Arithmetic') return builder.numeric(OPERATORS.get(e.operator)!, node(e.left), node(e.right));
    if (e.kind !== 'Call') throw new RangeError(`"${e.kind}" is no part of a formula`);
    const [x, y] = e.args.map(({ value }) => node(value));
    return builder.numeric(FUNCTIONS.get(e.callee.text)!.op, x!, y);
  };
  return node(expression);
}

/** A builder for formulas: no chart is ever looked at. */
export const formulaBuilder = (): GraphBuilder => new GraphBuilder({ market: null, timeframe: '', stepMs: Number.NaN });

/** Value of a formula for given params, by name. */
export function formulaValue(formula: Formula, params: ReadonlyMap<string, number>): number {
  const builder = formulaBuilder();
  const constants = new Map([...params].map(([name, value]) => [name, builder.constant(value)]));
  const node = builder.node(formulaNode(formula, builder, constants));
  return node.op === 'const' ? node.value : Number.NaN;
}
