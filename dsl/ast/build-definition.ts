import { StratError } from '#core/errors/strat-error.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { join, maybeNode, maybeToken, node, nodes, nodeSpan, token, tokenSpan } from '#dsl/grammar/cst.ts';
import type { CstNode } from '#dsl/grammar/cst.ts';
import {
  clauseWords,
  definedName,
  docOf,
  flag,
  maybeAdditive,
  maybeExpression,
  maybeText,
  maybeType,
  place,
  refuseRepeats,
} from './build-context.ts';
import type { BuildContext } from './build-context.ts';
import { buildAdditive, buildExpression, buildTimeframe, wordOf } from './build-expression.ts';
import { buildDuration, buildMarket } from './build-literal.ts';
import { buildPlainText, buildText } from './build-text.ts';
import type { UniverseClause } from './clauses.ts';
import type * as Ast from './nodes.ts';

/** Concrete tree -> statements that define and set. */

export function buildUse(cst: CstNode, context: BuildContext): Ast.UseStatement {
  const what = maybeToken(cst, 'what')?.image;
  return {
    kind: 'Use',
    ...place(cst),
    what: what === 'indicator' || what === 'strategy' || what === 'model' || what === 'calendar' ? what : 'functions',
    imports: nodes(cst, 'importedName').map((item) => {
      const [name, alias] = nodes(item, 'definedName').map((word) => definedName(word, context));
      if (name === undefined) throw new StratError('INTERNAL', { reason: 'an import without a name in the syntax tree' });
      return { span: nodeSpan(item), name, alias: alias ?? null };
    }),
    from: buildPlainText(token(cst, 'TextToken')),
    bindings: nodes(cst, 'binding').map((item) => {
      const [name, value] = [wordOf(token(item, 'Name')), buildExpression(node(item, 'expression'))];
      return { span: join(name.span, value.span), name, value };
    }),
  };
}

export function buildTrade(cst: CstNode): Ast.TradeStatement {
  const universe = maybeToken(cst, 'Word_universe');
  const side = maybeToken(cst, 'side');
  return {
    kind: 'Trade',
    ...place(cst),
    universe: universe === null ? null : tokenSpan(universe),
    markets: nodes(cst, 'market').map((item) => buildMarket(token(item, 'market'))),
    timeframe: buildTimeframe(node(cst, 'timeframe')),
    side: side === null ? null : { value: side.image === 'long' || side.image === 'short' ? side.image : 'both', span: tokenSpan(side) },
  };
}

export function buildSettings(cst: CstNode | null, context: BuildContext): Ast.Setting[] {
  if (cst === null) return [];
  const items = nodes(cst, 'setting');
  refuseRepeats(
    items.map((item) => token(item, 'Name')),
    context,
  );
  return items.map((item) => ({ span: nodeSpan(item), name: wordOf(token(item, 'Name')), value: settingValue(item, context) }));
}

function settingValue(cst: CstNode, context: BuildContext): Ast.SettingValue {
  const text = maybeToken(cst, 'TextToken');
  if (text !== null) return buildText(text, context.report);
  const low = buildAdditive(node(cst, 'value'));
  const high = maybeNode(cst, 'value', 1);
  if (high === null) return { kind: 'Value', span: low.span, value: low };
  const end = buildAdditive(high);
  return { kind: 'Range', span: join(low.span, end.span), low, high: end };
}

export function buildSettingsStatement(cst: CstNode, context: BuildContext): Ast.SettingsStatement {
  const word = token(cst, 'word').image;
  const kind = word === 'account' ? 'Account' : word === 'costs' ? 'Costs' : 'Grid';
  return { kind, ...place(cst), settings: buildSettings(maybeNode(cst, 'settings'), context) };
}

export function buildParam(cst: CstNode, context: BuildContext): Ast.ParamStatement {
  const clauses = clauseWords(cst, context);
  return {
    kind: 'Param',
    ...place(cst),
    doc: docOf(cst, context),
    name: definedName(node(cst, 'definedName'), context),
    type: maybeType(cst),
    value: buildAdditive(node(cst, 'value')),
    domain: buildDomain(cst),
    step: maybeAdditive(cst, 'step'),
    log: flag(clauses, 'log'),
    label: maybeText(cst, 'TextToken', context),
  };
}

function buildDomain(cst: CstNode): Ast.ParamDomain | null {
  const [low, high] = nodes(cst, 'domain').map(buildAdditive);
  if (low === undefined) return null;
  if (high === undefined) return { kind: 'Choice', span: low.span, list: low };
  return { kind: 'Range', span: join(low.span, high.span), low, high };
}

export function buildRequire(cst: CstNode, context: BuildContext): Ast.RequireStatement {
  return { kind: 'Require', ...place(cst), condition: buildExpression(node(cst, 'expression')), why: maybeText(cst, 'TextToken', context) };
}

export function buildLet(cst: CstNode, context: BuildContext): Ast.LetStatement {
  return {
    kind: 'Let',
    ...place(cst),
    doc: docOf(cst, context),
    name: definedName(node(cst, 'definedName'), context),
    type: maybeType(cst),
    value: buildExpression(node(cst, 'value')),
    start: maybeExpression(cst, 'start'),
  };
}

export function buildDef(cst: CstNode, context: BuildContext): Ast.DefStatement {
  const exported = maybeToken(cst, 'Word_export');
  return {
    kind: 'Def',
    ...place(cst),
    doc: docOf(cst, context),
    exported: exported === null ? null : tokenSpan(exported),
    name: definedName(node(cst, 'definedName'), context),
    parameters: nodes(cst, 'parameter').map((item) => ({
      span: nodeSpan(item),
      name: definedName(node(item, 'definedName'), context),
      type: maybeType(item),
      value: maybeAdditive(item, 'value'),
    })),
    type: maybeType(cst),
    lets: nodes(cst, 'letStatement').map((item) => buildLet(item, context)),
    result: buildExpression(node(cst, 'expression')),
  };
}

export function buildChart(cst: CstNode, context: BuildContext): Ast.ChartStatement {
  const market = maybeNode(cst, 'market');
  const timeframe = maybeNode(cst, 'timeframe');
  return {
    kind: 'Chart',
    ...place(cst),
    market: market === null ? null : buildMarket(token(market, 'market')),
    timeframe: timeframe === null ? null : buildTimeframe(timeframe),
    lets: nodes(cst, 'letStatement').map((item) => buildLet(item, context)),
  };
}

export function buildSession(cst: CstNode, context: BuildContext): Ast.SessionStatement {
  const name = definedName(node(cst, 'definedName'), context);
  return { kind: 'Session', ...place(cst), doc: docOf(cst, context), name, settings: buildSettings(maybeNode(cst, 'settings'), context) };
}

export function buildRegime(cst: CstNode, context: BuildContext): Ast.RegimeStatement {
  return {
    kind: 'Regime',
    ...place(cst),
    doc: docOf(cst, context),
    name: definedName(node(cst, 'definedName'), context),
    start: definedName(node(cst, 'initial'), context),
    transitions: nodes(cst, 'transition').map((item) => ({
      span: nodeSpan(item),
      from: definedName(node(item, 'definedName'), context),
      to: definedName(node(item, 'definedName', 1), context),
      condition: buildExpression(node(item, 'expression')),
    })),
  };
}

const MAY_REPEAT: ReadonlySet<string> = new Set(['filter', 'exclude', 'list']);

export function buildUniverse(cst: CstNode, context: BuildContext): Ast.UniverseStatement {
  const items = nodes(cst, 'universeClause');
  refuseRepeats(
    items.map((item) => token(item, 'clause')),
    context,
    MAY_REPEAT,
  );
  return { kind: 'Universe', ...place(cst), clauses: items.map(universeClause) };
}

function universeClause(cst: CstNode): UniverseClause {
  const span = nodeSpan(cst);
  const word = token(cst, 'clause').image;
  switch (word) {
    case 'quote':
      return { kind: 'Quote', span, currency: wordOf(token(cst, 'Upper')) };
    case 'list':
    case 'exclude': {
      const markets = nodes(cst, 'market').map((item) => buildMarket(token(item, 'market')));
      return { kind: word === 'list' ? 'Include' : 'Exclude', span, markets };
    }
    case 'filter':
      return { kind: 'Filter', span, condition: buildExpression(node(cst, 'expression')) };
    case 'rank': {
      const order = maybeToken(cst, 'order')?.image;
      return {
        kind: 'Rank',
        span,
        by: buildExpression(node(cst, 'expression')),
        order: order === 'ascending' || order === 'descending' ? order : null,
      };
    }
    case 'hold':
      return { kind: 'Hold', span, count: buildAdditive(node(cst, 'additive')) };
    case 'rebalance':
    case 'refresh':
      return { kind: word === 'rebalance' ? 'Rebalance' : 'Refresh', span, every: buildDuration(token(cst, 'DurationToken')) };
    default: {
      const mode = token(cst, 'mode').image;
      return {
        kind: 'Weight',
        span,
        mode: mode === 'by' || mode === 'inverse' ? mode : 'equal',
        value: maybeExpression(cst, 'expression'),
      };
    }
  }
}

export function buildBasket(cst: CstNode, context: BuildContext): Ast.BasketStatement {
  return {
    kind: 'Basket',
    ...place(cst),
    doc: docOf(cst, context),
    name: definedName(node(cst, 'definedName'), context),
    legs: nodes(cst, 'basketLeg').map((item) => ({
      span: nodeSpan(item),
      action: token(item, 'action').image === 'sell' ? 'sell' : 'buy',
      market: buildMarket(token(node(item, 'market'), 'market')),
      weight: maybeAdditive(item, 'additive'),
    })),
  };
}

/** The first lines of a file. An edition other than 1 is E0103 at its number. */
export function buildHeading(cst: CstNode, context: BuildContext): Ast.Heading {
  const what = token(cst, 'what');
  const edition = maybeToken(cst, 'NumberToken');
  if (edition !== null && edition.image !== '1') {
    const message = `edition ${edition.image.slice(0, 20)} of the language is not known`;
    context.report(diagnostic('E0103', tokenSpan(edition), message, 'the first line is: strat 1'));
  }
  return {
    what: what.image === 'module' ? 'module' : 'strategy',
    word: tokenSpan(what),
    title: buildText(token(cst, 'TextToken'), context.report),
    settings: buildSettings(maybeNode(cst, 'settings'), context),
  };
}
