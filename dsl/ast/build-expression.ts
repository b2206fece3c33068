import { StratError } from '#core/errors/strat-error.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { join, maybeNode, maybeToken, node, nodes, nodeSpan, token, tokens, tokenSpan } from '#dsl/grammar/cst.ts';
import type { CstNode, IToken } from '#dsl/grammar/cst.ts';
import type { Argument, Expression, MemberExpression, NameExpression, Timeframe, Word } from './expression.ts';
import { buildDuration, buildLiteral, buildMarket, buildNumber, UNIT_OF } from './build-literal.ts';

/** Concrete tree -> expressions. Chains of operators become nodes in loops; recursion goes only as deep as brackets nest. */

export function wordOf(of: IToken): Word {
  return { text: of.image, span: tokenSpan(of) };
}

function impossible(what: string): StratError {
  return new StratError('INTERNAL', { reason: `unknown form of ${what} in the syntax tree` });
}

export function buildExpression(cst: CstNode): Expression {
  return chain(cst, buildConjunction, (operator, left, right) => logic('or', operator, left, right));
}

function buildConjunction(cst: CstNode): Expression {
  return chain(cst, buildNegation, (operator, left, right) => logic('and', operator, left, right));
}

function logic(operator: 'and' | 'or', word: IToken, left: Expression, right: Expression): Expression {
  return { kind: 'Logic', span: join(left.span, right.span), wordSpan: tokenSpan(word), operator, left, right };
}

/** Operands joined by operators of one strength, to the left. */
function chain(
  cst: CstNode,
  operand: (cst: CstNode) => Expression,
  combine: (operator: IToken, left: Expression, right: Expression) => Expression,
): Expression {
  let left = operand(node(cst, 'operand'));
  const operators = cst.children['operator'];
  if (operators === undefined) return left;
  const operands = nodes(cst, 'operand');
  tokens(cst, 'operator').forEach((operator, index) => {
    const right = operands[index + 1];
    if (right !== undefined) left = combine(operator, left, operand(right));
  });
  return left;
}

function buildNegation(cst: CstNode): Expression {
  let result = buildComparison(node(cst, 'operand'));
  const mode = maybeToken(cst, 'mode');
  if (mode !== null) {
    const length = buildAdditive(node(cst, 'length'));
    result = {
      kind: 'Temporal',
      span: join(result.span, length.span),
      wordSpan: tokenSpan(mode),
      mode: mode.image === 'for' ? 'for' : 'within',
      condition: result,
      length,
    };
  }
  for (const operator of tokens(cst, 'operator').toReversed()) {
    const wordSpan = tokenSpan(operator);
    result = { kind: 'Not', span: join(wordSpan, result.span), wordSpan, operand: result };
  }
  return result;
}

function buildComparison(cst: CstNode): Expression {
  const value = buildAdditive(node(cst, 'operand'));
  const relation = maybeNode(cst, 'relation');
  return relation === null ? value : buildRelation(relation, value);
}

function buildRelation(cst: CstNode, value: Expression): Expression {
  const operator = token(cst, 'operator');
  const wordSpan = tokenSpan(operator);
  const span = join(value.span, nodeSpan(cst));
  const [first, second] = nodes(cst, 'operand').map(buildAdditive);
  switch (operator.image) {
    case 'rises':
    case 'falls':
      return { kind: 'Trend', span, wordSpan, direction: operator.image, value };
    case 'is':
      return { kind: 'Is', span, wordSpan, value, negated: maybeToken(cst, 'Word_not') !== null, state: wordOf(token(cst, 'state')) };
    default:
  }
  if (first === undefined) throw impossible('comparison');
  switch (operator.image) {
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return { kind: 'Comparison', span, wordSpan, operator: operator.image, left: value, right: first };
    case 'crosses': {
      const direction = maybeToken(cst, 'direction')?.image;
      return {
        kind: 'Crosses',
        span,
        wordSpan,
        direction: direction === 'above' || direction === 'below' ? direction : 'either',
        left: value,
        right: first,
      };
    }
    case 'between':
      if (second === undefined) throw impossible('between');
      return { kind: 'Between', span, wordSpan, value, low: first, high: second };
    case 'in':
      if (second === undefined) return { kind: 'InList', span, wordSpan, value, list: first };
      return { kind: 'InRange', span, wordSpan, value, low: first, high: second };
    default:
      throw impossible('comparison');
  }
}

export function buildAdditive(cst: CstNode): Expression {
  return chain(cst, buildProduct, arithmetic);
}

function buildProduct(cst: CstNode): Expression {
  return chain(cst, buildUnary, arithmetic);
}

function arithmetic(word: IToken, left: Expression, right: Expression): Expression {
  const operator = word.image;
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') throw impossible('operator');
  return { kind: 'Arithmetic', span: join(left.span, right.span), wordSpan: tokenSpan(word), operator, left, right };
}

function buildUnary(cst: CstNode): Expression {
  let result = buildPrimary(node(cst, 'primary'));
  if (cst.children['suffix'] !== undefined) for (const suffix of nodes(cst, 'suffix')) result = buildSuffix(suffix, result);
  if (cst.children['operator'] !== undefined) {
    for (const operator of tokens(cst, 'operator').toReversed()) {
      const wordSpan = tokenSpan(operator);
      result = { kind: 'Negate', span: join(wordSpan, result.span), wordSpan, operand: result };
    }
  }
  return result;
}

function buildSuffix(cst: CstNode, value: Expression): Expression {
  const operator = token(cst, 'operator');
  const wordSpan = tokenSpan(operator);
  const span = join(value.span, nodeSpan(cst));
  switch (operator.image) {
    case '[':
      return { kind: 'Index', span, wordSpan, object: value, index: buildExpression(node(cst, 'expression')) };
    case '.':
      return { kind: 'Member', span, object: value, member: wordOf(token(cst, 'member')) };
    case 'of': {
      const market = maybeNode(cst, 'market');
      if (market !== null) return { kind: 'OfMarket', span, wordSpan, value, market: buildMarket(token(market, 'market')) };
      return { kind: 'OfValue', span, wordSpan, value, base: buildPath(node(cst, 'path')) };
    }
    case 'on':
      return { kind: 'On', span, wordSpan, value, timeframe: buildTimeframe(node(cst, 'timeframe')) };
    default:
      throw impossible('suffix');
  }
}

function buildPath(cst: CstNode): NameExpression | MemberExpression {
  const [first, ...members] = tokens(cst, 'name').map(wordOf);
  if (first === undefined) throw impossible('name');
  let result: NameExpression | MemberExpression = { kind: 'Name', span: first.span, text: first.text };
  for (const member of members) result = { kind: 'Member', span: join(result.span, member.span), object: result, member };
  return result;
}

export function buildTimeframe(cst: CstNode): Timeframe {
  const duration = maybeToken(cst, 'DurationToken');
  if (duration !== null) return buildDuration(duration);
  const name = token(cst, 'Name');
  return { kind: 'Name', span: tokenSpan(name), text: name.image };
}

function buildPrimary(cst: CstNode): Expression {
  const literal = maybeToken(cst, 'literal');
  if (literal !== null) return buildLiteral(literal);
  const name = maybeToken(cst, 'Name');
  if (name !== null) {
    const args = maybeNode(cst, 'args');
    if (args === null) return { kind: 'Name', span: tokenSpan(name), text: name.image };
    return { kind: 'Call', span: nodeSpan(cst), callee: wordOf(name), args: buildArguments(args) };
  }
  const quantity = maybeNode(cst, 'quantity');
  if (quantity !== null) return buildQuantity(quantity);
  const inner = maybeNode(cst, 'inner');
  if (inner !== null) return { ...buildExpression(inner), span: nodeSpan(cst) };
  const list = maybeNode(cst, 'list');
  if (list !== null) return { kind: 'List', span: nodeSpan(list), items: nodes(list, 'expression').map(buildExpression) };
  return buildChoice(node(cst, 'choice'));
}

function buildQuantity(cst: CstNode): Expression {
  const number = buildNumber(token(cst, 'NumberToken'));
  const span = nodeSpan(cst);
  const currency = maybeToken(cst, 'currency');
  if (currency !== null) return { kind: 'CurrencyAmount', span, number, currency: wordOf(currency) };
  const word = maybeToken(cst, 'unit');
  if (word === null) return number;
  const unit = UNIT_OF.get(word.image);
  if (unit === undefined) throw impossible('unit');
  const args = maybeNode(cst, 'args');
  return { kind: 'UnitAmount', span, number, unit, word: wordOf(word), args: args === null ? null : buildArguments(args) };
}

function buildArguments(cst: CstNode): Argument[] {
  return nodes(cst, 'argument').map((argument) => {
    const name = maybeToken(argument, 'Name');
    return { span: nodeSpan(argument), name: name === null ? null : wordOf(name), value: buildExpression(node(argument, 'expression')) };
  });
}

/** `else if` is a loop in the grammar and becomes nested nodes here, from the last one up. */
function buildChoice(cst: CstNode): Expression {
  const parts = nodes(cst, 'expression').map(buildExpression);
  const words: Span[] = tokens(cst, 'Word_if').map(tokenSpan);
  const last = parts.at(-1);
  if (last === undefined) throw impossible('if');
  let result = last;
  for (let index = words.length - 1; index >= 0; index--) {
    const [condition, then, wordSpan] = [parts[2 * index], parts[2 * index + 1], words[index]];
    if (condition === undefined || then === undefined || wordSpan === undefined) throw impossible('if');
    result = { kind: 'If', span: join(wordSpan, last.span), wordSpan, condition, then, otherwise: result };
  }
  return result;
}
