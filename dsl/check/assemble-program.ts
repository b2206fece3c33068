import type { CalendarColumn } from '#core/model/chart-column.ts';
import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { exposureBound } from '../analyse/exposure-bound.ts';
import type { SourceFile, TradeStatement } from '../ast/nodes.ts';
import { columnsOf, FUNDING_COLUMN } from '../graph/columns.ts';
import type { NodeId } from '../graph/node.ts';
import { runConstants } from '../graph/run-constants.ts';
import { unforgetting } from '../graph/warm-up.ts';
import { AT_MARKET, type EntryRule, type ExitRule, type Program, type ProgramParam, type TradeBlock } from '../program.ts';
import { mapNodes, nodesOf } from '../program-nodes.ts';
import type { CheckContext } from './context.ts';
import { reachableGraph } from './reachable-graph.ts';
import type { Scope } from './scope.ts';
import type { HeadingValues } from './heading.ts';
import type { SettingsChecker } from './settings-checker.ts';
import type { EntryDraft, ExitDraft } from './trading/rule-set.ts';
import { TradeBlocks } from './trading/trade-block.ts';
import type { TradingStatements } from './trading/trading-statements.ts';
import { warnOfRules } from './rule-warnings.ts';
import { checkWhole, warnWhole } from './whole-program.ts';

/** What the checkers of statements have collected. */
export interface ProgramDraft {
  readonly file: SourceFile;
  /** Of the bars that are traded; null when the `trade` line is missing or wrong. */
  readonly timeframe: Timeframe | null;
  readonly context: CheckContext;
  readonly heading: HeadingValues;
  readonly settings: SettingsChecker;
  readonly params: readonly ProgramParam[];
  readonly trading: TradingStatements;
  readonly scopes: readonly Scope[];
  /** Statements are missing or were not looked at, so nothing can be said about what is not there. */
  readonly isIncomplete: boolean;
  /** A value from outside was refused: no program, but no finding either. */
  readonly isRefused: boolean;
}

/** What only the whole file can tell, then the program itself; null when there is any error. */
export function assembleProgram(draft: ProgramDraft): Program | null {
  const { file, timeframe, context, trading } = draft;
  const { findings } = context;
  const isStrategy = file.heading.what === 'strategy';
  const whole = { file, findings, trading };
  if (isStrategy && !draft.isIncomplete) checkWhole(whole);
  const blocks = new TradeBlocks(trading.topRules);
  const entries = trading.rules.entries.map((entry) => entryRule(entry, blocks.of(entry)));
  if (findings.hasErrors || draft.isIncomplete) return null;
  warnWhole(whole, draft.scopes);
  warnOfRules(context, trading.rules.entries, trading.rules.exits, trading.topRules);
  const trade = file.statements.find((statement) => statement.kind === 'Trade');
  if (draft.isRefused || !isStrategy || trade === undefined || timeframe === null) return null;
  const known = entries.filter((entry) => entry !== null);
  const complete = program(draft, trade, timeframe, known);
  const exposure = exposureBound(complete, (id) => context.statics.intervalOf(id));
  return { ...reachableProgram(complete), exposure };
}

/** null when its size is wrong. */
function entryRule(draft: EntryDraft, block: TradeBlock | null): EntryRule | null {
  const { side, condition, confidence, order, reason, setup, basket, oco, span } = draft;
  if (block === null) return null;
  return { side, when: condition.node, confidence: confidence.node, order: order ?? AT_MARKET, reason, block, setup, basket, oco, span };
}

function exitRule({ side, condition, fraction, order, reason, setup, basket, span }: ExitDraft): ExitRule {
  return { side, when: condition.node, fraction: fraction.node, order: order ?? AT_MARKET, reason, setup, basket, span };
}

function program(draft: ProgramDraft, trade: TradeStatement, timeframe: Timeframe, entries: readonly EntryRule[]): Program {
  const { file, context, heading, settings, trading } = draft;
  const { rules, risk, reports } = trading;
  const exits = rules.exits.map(exitRule);
  const orders = [...entries, ...exits].map(({ order }) => order);
  const isTimed = risk.limits.some(({ per }) => per !== null) || orders.some(({ goodUntilMinutes }) => goodUntilMinutes !== null);
  const calendar = (name: CalendarColumn): NodeId => context.builder.columnOf({ kind: 'calendar', name }, 0);
  const clock = isTimed
    ? { year: calendar('year'), month: calendar('month'), day: calendar('day'), minuteOfDay: calendar('minute_of_day') }
    : null;
  const graph = context.builder.finish();
  const constants = runConstants(
    graph,
    Float64Array.from(draft.params, (param) => param.default),
    new Float64Array(SETTING_FIELDS),
  );
  return {
    name: file.heading.title.value,
    ...heading,
    markets: trade.markets.map(({ text }) => text),
    timeframe: timeframe.name,
    stepMs: timeframe.stepMs,
    sides: sidesOf(trade, entries),
    params: draft.params,
    account: settings.account,
    costs: settings.costs,
    graph,
    columns: [],
    clock,
    sessions: context.sessions,
    models: context.models,
    plugins: context.plugins.used,
    setups: rules.setups,
    entries,
    exits,
    baskets: trading.baskets.baskets,
    ranks: context.ranks.by,
    universe: trade.universe === null ? null : trading.universe.universe,
    limits: risk.limits,
    guards: risk.guards,
    notifications: reports.notifications,
    plots: reports.plots,
    marks: reports.marks,
    objective: trading.objective.objective,
    exposure: { leverage: Infinity, lossPerTrade: Infinity, enforcedLeverage: Infinity },
    priceLiterals: context.priceLiterals,
    unforgetting: context.keptStarts.names(unforgetting(graph, constants)),
    ...(context.watchedValues === null ? {} : { watched: context.watchedValues.found }),
  };
}

/** Those of the `trade` line; where it does not say, the ones that the rules use. */
function sidesOf({ side }: TradeStatement, entries: readonly EntryRule[]): readonly (1 | -1)[] {
  const allowed = side?.value;
  const isTraded = (sign: 1 | -1): boolean =>
    allowed === undefined ? entries.some((entry) => entry.side === sign) : allowed === 'both' || (allowed === 'long') === sign > 0;
  return ([1, -1] as const).filter(isTraded);
}

/** The program with only the nodes that it needs. */
export function reachableProgram(whole: Program): Program {
  const { graph, idOf } = reachableGraph(whole.graph, nodesOf(whole));
  return {
    ...mapNodes(whole, (id) => idOf.get(id)!),
    graph,
    columns: columnsOf(graph, whole.costs.funding === true ? [FUNDING_COLUMN] : []),
  };
}
