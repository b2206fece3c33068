import { StratError } from '#core/errors/strat-error.ts';
import { maybeNode, maybeToken, node, nodes, nodeSpan, token, tokenSpan } from '#dsl/grammar/cst.ts';
import type { CstNode } from '#dsl/grammar/cst.ts';
import { definedName, docOf, place, sideOf } from './build-context.ts';
import type { BuildContext } from './build-context.ts';
import * as definition from './build-definition.ts';
import { buildNumber } from './build-literal.ts';
import * as trading from './build-trading.ts';
import type { BlockItem, Comment, OcoStatement, SetupStatement, SideStatement, SourceFile, Statement } from './nodes.ts';

/** Concrete tree -> file; null when the heading did not parse. Findings of meaningless repeats, names and texts go to `context.report`. */
export function buildFile(
  tree: CstNode,
  length: number,
  comments: readonly Comment[],
  brokenNames: ReadonlySet<string>,
  context: BuildContext,
): SourceFile | null {
  const statements = nodes(tree, 'statement').map((item) => buildStatement(node(item, 'body'), context));
  const heading = maybeNode(tree, 'heading');
  if (heading === null) return null;
  const edition = maybeToken(heading, 'NumberToken');
  return {
    kind: 'SourceFile',
    span: { start: 0, end: length },
    edition: edition === null ? null : buildNumber(edition),
    heading: definition.buildHeading(heading, context),
    statements,
    comments,
    brokenNames,
  };
}

function buildStatement(cst: CstNode, context: BuildContext): Statement {
  switch (cst.name) {
    case 'useStatement':
      return definition.buildUse(cst, context);
    case 'tradeStatement':
      return definition.buildTrade(cst);
    case 'settingsStatement':
      return definition.buildSettingsStatement(cst, context);
    case 'paramStatement':
      return definition.buildParam(cst, context);
    case 'requireStatement':
      return definition.buildRequire(cst, context);
    case 'defStatement':
      return definition.buildDef(cst, context);
    case 'chartStatement':
      return definition.buildChart(cst, context);
    case 'sessionStatement':
      return definition.buildSession(cst, context);
    case 'regimeStatement':
      return definition.buildRegime(cst, context);
    case 'universeStatement':
      return definition.buildUniverse(cst, context);
    case 'basketStatement':
      return definition.buildBasket(cst, context);
    case 'sideStatement':
      return buildSide(cst, context);
    case 'setupStatement':
      return buildSetup(cst, context);
    case 'ocoStatement':
      return buildOco(cst, context);
    case 'riskStatement':
      return trading.buildRisk(cst);
    case 'notifyStatement':
      return trading.buildNotify(cst, context);
    case 'plotStatement':
      return trading.buildPlot(cst, context);
    case 'markStatement':
      return trading.buildMark(cst, context);
    case 'objectiveStatement':
      return trading.buildObjective(cst);
    default:
      return buildItem(node(cst, 'body'), context);
  }
}

function buildItem(cst: CstNode, context: BuildContext): BlockItem {
  switch (cst.name) {
    case 'letStatement':
      return definition.buildLet(cst, context);
    case 'enterStatement':
      return trading.buildEnter(cst, context);
    case 'exitStatement':
      return trading.buildExit(cst, context);
    case 'addStatement':
      return trading.buildAdd(cst, context);
    case 'sizeStatement':
      return trading.buildSize(cst, context);
    case 'stopStatement':
      return trading.buildStop(cst, context);
    case 'takeStatement':
      return trading.buildTake(cst);
    case 'trailStatement':
      return trading.buildTrail(cst, context);
    case 'breakevenStatement':
      return trading.buildBreakeven(cst);
    case 'timeoutStatement':
      return trading.buildTimeout(cst);
    case 'cooldownStatement':
      return trading.buildCooldown(cst);
    case 'cancelStatement':
      return trading.buildCancel(cst);
    default:
      throw new StratError('INTERNAL', { reason: `unknown statement ${cst.name} in the syntax tree` });
  }
}

function buildBody(cst: CstNode, context: BuildContext): BlockItem[] {
  return nodes(node(cst, 'block'), 'blockItem').map((item) => buildItem(node(item, 'body'), context));
}

function buildSide(cst: CstNode, context: BuildContext): SideStatement {
  const word = token(node(cst, 'sideWord'), 'side');
  const side = word.image === 'short' ? 'short' : 'long';
  return { kind: 'Side', span: nodeSpan(cst), word: tokenSpan(word), side, body: buildBody(cst, context) };
}

function buildSetup(cst: CstNode, context: BuildContext): SetupStatement {
  const side = sideOf(maybeNode(cst, 'sideWord'));
  if (side === null) throw new StratError('INTERNAL', { reason: 'a setup without a side in the syntax tree' });
  const name = definedName(node(cst, 'definedName'), context);
  return { kind: 'Setup', ...place(cst), doc: docOf(cst, context), name, side, body: buildBody(cst, context) };
}

function buildOco(cst: CstNode, context: BuildContext): OcoStatement {
  return { kind: 'Oco', ...place(cst), entries: nodes(cst, 'enterStatement').map((item) => trading.buildEnter(item, context)) };
}
