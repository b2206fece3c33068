import { maybeNode, maybeToken, node, nodes, nodeSpan, token, tokenSpan } from '#dsl/grammar/cst.ts';
import type { CstNode } from '#dsl/grammar/cst.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { clauseWords, flag, maybeAdditive, maybeExpression, maybeText, maybeWord, place, refuseRepeats, sideOf } from './build-context.ts';
import type { BuildContext } from './build-context.ts';
import { buildAdditive, buildExpression, wordOf } from './build-expression.ts';
import { buildPercent, buildTime } from './build-literal.ts';
import { buildText } from './build-text.ts';
import type { AddTrigger, RiskAction, RiskRule, SizeRule, TakeShare } from './clauses.ts';
import type * as Ast from './nodes.ts';

/** Concrete tree -> statements that trade, protect, report and aim. */

export function buildEnter(cst: CstNode, context: BuildContext): Ast.EnterStatement {
  const confidence = onlyNode(cst, 'confidenceClause', 'with', context);
  return {
    kind: 'Enter',
    ...place(cst),
    side: sideOf(maybeNode(cst, 'sideWord')),
    name: maybeWord(cst, 'Name'),
    condition: buildExpression(node(cst, 'condition')),
    order: buildOrder(cst, context),
    confidence: confidence === null ? null : buildExpression(node(confidence, 'expression')),
    reason: buildReason(cst, context),
  };
}

export function buildExit(cst: CstNode, context: BuildContext): Ast.ExitStatement {
  const part = maybeToken(cst, 'PercentToken');
  return {
    kind: 'Exit',
    ...place(cst),
    side: sideOf(maybeNode(cst, 'sideWord')),
    name: maybeWord(cst, 'Name'),
    part: part === null ? null : buildPercent(part),
    condition: buildExpression(node(cst, 'condition')),
    order: buildOrder(cst, context),
    reason: buildReason(cst, context),
  };
}

/** A clause that is a node of its own: the first one; the others are E0109 at their first word. */
function onlyNode(cst: CstNode, label: string, word: string, context: BuildContext): CstNode | null {
  const [first, ...others] = nodes(cst, label);
  for (const other of others) {
    const { start } = nodeSpan(other);
    context.report(diagnostic('E0109', { start, end: start + word.length }, `"${word}" is said twice`, 'keep one of the two'));
  }
  return first ?? null;
}

function buildReason(cst: CstNode, context: BuildContext): Ast.Text | null {
  const clause = onlyNode(cst, 'reasonClause', 'reason', context);
  return clause === null ? null : buildText(token(clause, 'TextToken'), context.report);
}

function buildOrder(cst: CstNode, context: BuildContext): Ast.Order | null {
  const order = onlyNode(cst, 'order', 'at', context);
  if (order === null) return null;
  const type = token(order, 'type').image;
  const [price, limit] = nodes(order, 'price').map(buildAdditive);
  const options = nodes(order, 'orderOption');
  refuseRepeats(
    options.map((option) => token(option, 'option')),
    context,
  );
  return {
    span: nodeSpan(order),
    type: type === 'limit' || type === 'stop' ? type : 'market',
    price: price ?? null,
    limit: limit ?? null,
    options: options.map(orderOption),
  };
}

function orderOption(cst: CstNode): Ast.OrderOption {
  const span = nodeSpan(cst);
  switch (token(cst, 'option').image) {
    case 'post_only':
      return { kind: 'PostOnly', span };
    case 'ioc':
      return { kind: 'Ioc', span };
    case 'fok':
      return { kind: 'Fok', span };
    case 'good': {
      const time = maybeToken(cst, 'TimeToken');
      if (time !== null) return { kind: 'GoodUntil', span, time: buildTime(time) };
      const length = maybeAdditive(cst, 'additive');
      return length === null ? { kind: 'GoodUntilCancelled', span } : { kind: 'GoodFor', span, length };
    }
    default:
      return { kind: 'ElseMarket', span, after: buildAdditive(node(cst, 'additive')) };
  }
}

export function buildAdd(cst: CstNode, context: BuildContext): Ast.AddStatement {
  clauseWords(cst, context);
  return {
    kind: 'Add',
    ...place(cst),
    amount: maybeAdditive(cst, 'amount'),
    trigger: addTrigger(node(cst, 'addTrigger')),
    max: maybeAdditive(cst, 'max'),
    scale: maybeAdditive(cst, 'scale'),
    order: buildOrder(cst, context),
  };
}

function addTrigger(cst: CstNode): AddTrigger {
  const span = nodeSpan(cst);
  const condition = maybeExpression(cst, 'condition');
  if (condition !== null) return { kind: 'When', span, condition };
  const direction = token(cst, 'direction').image === 'in_favor' ? 'in_favor' : 'against';
  return { kind: 'Every', span, distance: buildAdditive(node(cst, 'distance')), direction };
}

export function buildSize(cst: CstNode, context: BuildContext): Ast.SizeStatement {
  const words = clauseWords(cst, context);
  const bounds = nodes(cst, 'bound');
  const bound = (image: string) => {
    const found = bounds[words.findIndex((word) => word.image === image)];
    return found === undefined ? null : buildAdditive(found);
  };
  return {
    kind: 'Size',
    ...place(cst),
    rule: sizeRule(node(cst, 'sizeRule')),
    times: bound('times'),
    max: bound('max'),
    min: bound('min'),
  };
}

function sizeRule(cst: CstNode): SizeRule {
  const span = nodeSpan(cst);
  const over = maybeAdditive(cst, 'over');
  const value = maybeAdditive(cst, 'value');
  switch (maybeToken(cst, 'mode')?.image) {
    case 'risk':
      return { kind: 'Risk', span, value: buildAdditive(node(cst, 'value')) };
    case 'kelly':
      return { kind: 'Kelly', span, fraction: value, over };
    case 'volatility':
      return { kind: 'Volatility', span, target: buildAdditive(node(cst, 'value')), over };
    case 'unit':
      return { kind: 'Unit', span, value: buildAdditive(node(cst, 'value')), per: buildAdditive(node(cst, 'per')) };
    default:
      return { kind: 'Amount', span, value: buildAdditive(node(cst, 'value')) };
  }
}

export function buildStop(cst: CstNode, context: BuildContext): Ast.StopStatement {
  const words = clauseWords(cst, context);
  const at = maybeToken(cst, 'Word_at');
  return {
    kind: 'Stop',
    ...place(cst),
    at: at === null ? null : tokenSpan(at),
    value: buildAdditive(node(cst, 'value')),
    moving: flag(words, 'moving'),
    closing: flag(words, 'closing'),
    limit: maybeAdditive(cst, 'limit'),
  };
}

export function buildTake(cst: CstNode): Ast.TakeStatement {
  return {
    kind: 'Take',
    ...place(cst),
    legs: nodes(cst, 'takeLeg').map((leg) => ({ span: nodeSpan(leg), share: takeShare(leg), at: buildAdditive(node(leg, 'additive')) })),
  };
}

function takeShare(cst: CstNode): TakeShare | null {
  const share = maybeToken(cst, 'share');
  if (share === null) return null;
  if (share.image === 'rest') return { kind: 'Rest', span: tokenSpan(share) };
  return share.image === 'all' ? { kind: 'All', span: tokenSpan(share) } : buildPercent(share);
}

export function buildTrail(cst: CstNode, context: BuildContext): Ast.TrailStatement {
  const words = clauseWords(cst, context);
  return {
    kind: 'Trail',
    ...place(cst),
    distance: buildAdditive(node(cst, 'distance')),
    from: maybeAdditive(cst, 'from'),
    after: maybeAdditive(cst, 'after'),
    step: maybeAdditive(cst, 'step'),
    closing: flag(words, 'closing'),
    moving: flag(words, 'moving'),
  };
}

export function buildBreakeven(cst: CstNode): Ast.BreakevenStatement {
  return { kind: 'Breakeven', ...place(cst), after: buildAdditive(node(cst, 'after')), plus: maybeAdditive(cst, 'plus') };
}

export function buildTimeout(cst: CstNode): Ast.TimeoutStatement {
  return { kind: 'Timeout', ...place(cst), length: buildAdditive(node(cst, 'length')), condition: maybeExpression(cst, 'condition') };
}

export function buildCooldown(cst: CstNode): Ast.CooldownStatement {
  const event = maybeToken(cst, 'event');
  const value = event?.image;
  const known = value === 'win' || value === 'stop' || value === 'exit' ? value : 'loss';
  return {
    kind: 'Cooldown',
    ...place(cst),
    length: buildAdditive(node(cst, 'length')),
    after: event === null ? null : { value: known, span: tokenSpan(event) },
  };
}

export function buildCancel(cst: CstNode): Ast.CancelStatement {
  return { kind: 'Cancel', ...place(cst), condition: buildExpression(node(cst, 'condition')) };
}

export function buildRisk(cst: CstNode): Ast.RiskStatement {
  return { kind: 'Risk', ...place(cst), rules: nodes(cst, 'rule').map(riskRule) };
}

function riskRule(cst: CstNode): RiskRule {
  const span = nodeSpan(cst);
  if (cst.name === 'riskLimit') {
    return {
      kind: 'Limit',
      span,
      name: wordOf(token(cst, 'name')),
      value: buildAdditive(node(cst, 'additive')),
      per: maybeWord(cst, 'per'),
      actions: nodes(cst, 'riskAction').map(riskAction),
    };
  }
  const action = token(cst, 'action').image;
  return {
    kind: 'Guard',
    span,
    action: action === 'flatten' || action === 'halt' ? action : 'block',
    side: sideOf(maybeNode(cst, 'sideWord')),
    condition: buildExpression(node(cst, 'expression')),
  };
}

function riskAction(cst: CstNode): RiskAction {
  const span = nodeSpan(cst);
  switch (token(cst, 'action').image) {
    case 'pause':
      return { kind: 'Pause', span, length: buildAdditive(node(cst, 'additive')) };
    case 'flatten':
      return { kind: 'Flatten', span };
    case 'halt':
      return { kind: 'Halt', span };
    default:
      return { kind: 'Notify', span };
  }
}

export function buildNotify(cst: CstNode, context: BuildContext): Ast.NotifyStatement {
  clauseWords(cst, context);
  return {
    kind: 'Notify',
    ...place(cst),
    text: buildText(token(cst, 'TextToken'), context.report),
    condition: maybeExpression(cst, 'expression'),
    via: maybeWord(cst, 'via'),
    level: maybeWord(cst, 'level'),
    oncePer: maybeWord(cst, 'once'),
  };
}

export function buildPlot(cst: CstNode, context: BuildContext): Ast.PlotStatement {
  clauseWords(cst, context);
  return {
    kind: 'Plot',
    ...place(cst),
    value: buildExpression(node(cst, 'expression')),
    title: maybeText(cst, 'title', context),
    color: maybeWord(cst, 'color'),
    pane: maybeText(cst, 'pane', context),
    style: maybeWord(cst, 'style'),
  };
}

export function buildMark(cst: CstNode, context: BuildContext): Ast.MarkStatement {
  clauseWords(cst, context);
  return {
    kind: 'Mark',
    ...place(cst),
    where: token(cst, 'where').image === 'below' ? 'below' : 'above',
    condition: buildExpression(node(cst, 'expression')),
    text: maybeText(cst, 'TextToken', context),
    color: maybeWord(cst, 'color'),
  };
}

export function buildObjective(cst: CstNode): Ast.ObjectiveStatement {
  return {
    kind: 'Objective',
    ...place(cst),
    direction: token(cst, 'direction').image === 'minimize' ? 'minimize' : 'maximize',
    metric: buildAdditive(node(cst, 'additive')),
    condition: maybeExpression(cst, 'expression'),
  };
}
