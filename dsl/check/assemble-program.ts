import { parseTimeframe } from '#core/model/timeframe.ts';
import type { SourceFile } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { columnsOf } from '../graph/columns.ts';
import type { NodeId } from '../graph/node.ts';
import { AT_MARKET, type TextTemplate, type StopRule } from '../program.ts';
import type { EntryRule, ExitRule, LevelDistance, PlotRule, Program, ProgramParam, SizeAmount, TradeBlock } from '../program.ts';
import type { CheckContext } from './context.ts';
import { reachableGraph } from './reachable-graph.ts';
import type { RuleChecker } from './rule-checker.ts';
import type { EntryDraft, RuleSet } from './rule-set.ts';
import type { Scope } from './scope.ts';
import type { SettingsValues } from './settings-checker.ts';
import { isPoison } from './value.ts';

export interface ProgramDraft {
  readonly file: SourceFile;
  readonly context: CheckContext;
  readonly rules: RuleChecker;
  readonly topRules: RuleSet;
  readonly plots: readonly (PlotRule & { readonly span: Span })[];
  readonly params: readonly ProgramParam[];
  readonly settings: SettingsValues;
  readonly scopes: readonly Scope[];
  /** Statements are missing or were not looked at, so nothing can be said about what is not there. */
  readonly isIncomplete: boolean;
  /** A value from outside was refused: no program, but no finding either. */
  readonly isRefused: boolean;
}

/** What only the whole file can tell, then the program itself; null when there is any error. */
export function assembleProgram(draft: ProgramDraft): Program | null {
  const { context, file } = draft;
  const { findings } = context;
  if (file.heading.what === 'strategy') {
    if (!draft.isIncomplete) checkWhole(draft);
    checkStops(draft);
  }
  refuseLater(draft);
  if (findings.hasErrors || draft.isIncomplete) return null;
  warn(draft);
  return draft.isRefused || file.heading.what !== 'strategy' ? null : build(draft);
}

function checkWhole({ file, context: { findings }, rules, topRules }: ProgramDraft): void {
  const { word } = file.heading;
  const isLater = rules.later.some(({ construct }) => construct === '"basket"');
  if (!file.statements.some(({ kind }) => kind === 'Trade') && !isLater) {
    findings.add('E0504', word, 'the strategy does not say what to trade', 'add: trade BTC/USDT on 1h');
  } else if (!hasEntry(file)) {
    findings.add('E0504', word, 'the strategy never enters', 'add: enter long when ...');
  }
  const sides = new Set(rules.entries.map(({ side }) => side));
  for (const exit of rules.exits) {
    if (sides.has(exit.side)) continue;
    const side = exit.side > 0 ? 'long' : 'short';
    findings.add(
      'E0505',
      exit.word,
      `there is no entry that this exit could close: nothing enters ${side}`,
      `add: enter ${side} when ..., or remove the exit`,
    );
  }
  for (const entry of rules.entries) {
    if (sizeOf(entry.rules, topRules) === null)
      findings.add('E0506', entry.word, 'this entry does not say how much to trade', 'add: size 10% of equity');
  }
}

/** Whether anything was written that enters, also where the entry itself was refused. */
function hasEntry({ statements }: SourceFile): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'Enter' || statement.kind === 'Oco' || statement.kind === 'Basket') return true;
    return (statement.kind === 'Side' || statement.kind === 'Setup') && statement.body.some(({ kind }) => kind === 'Enter');
  });
}

const sizeOf = (rules: RuleSet, top: RuleSet): RuleSet['size'] => rules.size ?? top.size;
const stopsOf = (rules: RuleSet, top: RuleSet): RuleSet['stops'] => (rules.stops.length > 0 ? rules.stops : top.stops);
const trailOf = (rules: RuleSet, top: RuleSet): RuleSet['trail'] => (rules.trail === undefined ? top.trail : rules.trail);

/** Risk and R need a stop in the place they apply to; a stop that could not be read may be missing. */
function checkStops({ context: { findings }, rules, topRules, isIncomplete }: ProgramDraft): void {
  if (isIncomplete) return;
  const sets = new Set([topRules, ...rules.places]);
  const entered = new Set(rules.entries.map((entry) => entry.rules));
  for (const set of sets) {
    const isStopped = stopsOf(set, topRules).length > 0;
    const users = set.isTop ? [...entered].filter((other) => other === set || other.size === null) : [set];
    if (set.size?.needsStop === true && users.some((user) => stopsOf(user, topRules).length === 0)) {
      findings.add('E0501', set.size.word, 'size risk needs a stop to know how much is at risk', 'add: stop 2 atr');
    }
    const isStoppedElsewhere = set.isTop && [...entered].some((other) => other.stops.length > 0);
    if (isStopped || isStoppedElsewhere) continue;
    for (const place of set.rMultiples)
      findings.add('E0503', place, 'R is the distance to the stop, and there is no stop', 'add: stop 2 atr');
  }
}

/** One refusal per construct, and none where its statement has another error to be corrected first. */
function refuseLater({ context: { findings }, rules }: ProgramDraft): void {
  const places = findings.all.filter(({ code, severity }) => severity === 'error' && code !== 'E0801').map(({ span }) => span.start);
  for (const { construct, word, statement } of rules.later) {
    if (places.some((place) => place >= statement.start && place <= statement.end)) continue;
    findings.add(
      'E0801',
      word,
      `${construct} is part of edition 1, but this version does not run it yet`,
      'remove it, or wait for a later version',
    );
  }
}

function warn({ context: { findings }, rules, topRules, scopes }: ProgramDraft): void {
  for (const scope of scopes) {
    for (const [name, { what, uses, span }] of scope.entries()) {
      if (uses > 0) continue;
      if (what === 'param') findings.add('W0903', span, `the param ${name} is not used`, 'remove it');
      else if (what === 'import') findings.add('W0902', span, `the imported ${name} is not used`, 'remove it from the use line');
      else if (what === 'let' || what === 'def') findings.add('W0902', span, `${name} is not used`, 'remove it');
    }
  }
  for (const entry of rules.entries) {
    if (stopsOf(entry.rules, topRules).length === 0)
      findings.add('W0905', entry.word, 'this entry has no stop, so its loss is not bounded', 'add: stop 5%, or stop 2 atr');
  }
}

/** The program with only the nodes it needs; null where a part of it failed (which has been reported). */
function build(draft: ProgramDraft): Program | null {
  const { file, context, rules, params, settings } = draft;
  const trade = file.statements.find((statement) => statement.kind === 'Trade');
  const timeframe = trade?.timeframe.kind === 'Duration' ? parseTimeframe(trade.timeframe.source) : null;
  if (trade === undefined || timeframe === null) return null;
  const entries: EntryRule[] = [];
  for (const entry of rules.entries) {
    const block = blockOf(entry, draft.topRules);
    if (block === null || isPoison(entry.condition) || isPoison(entry.confidence)) return null;
    entries.push({
      side: entry.side,
      when: entry.condition.node,
      confidence: entry.confidence.node,
      order: AT_MARKET,
      reason: templateOf(entry.reason),
      block,
      setup: null,
      basket: null,
      oco: null,
      span: entry.span,
    });
  }
  const exits = rules.exits.map(({ side, condition, fraction, reason, span }): ExitRule => ({
    side,
    when: condition.node,
    fraction: fraction.node,
    order: AT_MARKET,
    reason: templateOf(reason),
    setup: null,
    basket: null,
    span,
  }));
  const roots = [
    ...entries.flatMap(entryRoots),
    ...exits.flatMap(({ when, fraction }) => [when, fraction]),
    ...draft.plots.map(({ value }) => value),
  ];
  const { graph, idOf } = reachableGraph(context.builder.finish(), roots);
  const at = (id: NodeId): NodeId => idOf.get(id)!;
  const side = trade.side?.value;
  const used = new Set(entries.map((entry) => entry.side));
  return {
    name: file.heading.title.value,
    markets: trade.markets.map(({ text }) => text),
    timeframe: timeframe.name,
    stepMs: timeframe.stepMs,
    sides: ([1, -1] as const).filter((sign) => (side === undefined ? used.has(sign) : side === 'both' || (side === 'long') === sign > 0)),
    params,
    author: null,
    version: null,
    tags: [],
    account: { capital: settings.capital, leverage: null, margin: null },
    costs: { maker: null, taker: settings.taker, slippage: settings.slippage, funding: null, borrow: null },
    graph,
    columns: columnsOf(graph),
    sessions: context.sessions,
    models: [],
    plugins: context.plugins.used,
    setups: [],
    baskets: [],
    universe: null,
    limits: [],
    guards: [],
    notifications: [],
    marks: [],
    objective: null,
    entries: entries.map((entry) => ({
      ...entry,
      when: at(entry.when),
      confidence: at(entry.confidence),
      block: movedBlock(entry.block, at),
    })),
    exits: exits.map((exit) => ({ ...exit, when: at(exit.when), fraction: at(exit.fraction) })),
    plots: draft.plots.map(({ label, value, color, pane, style }) => ({ label, value: at(value), color, pane, style })),
  };
}

const templateOf = (text: string | null): TextTemplate | null => (text === null ? null : { source: text, parts: [{ kind: 'text', text }] });

function blockOf(entry: EntryDraft, top: RuleSet): TradeBlock | null {
  const checked = sizeOf(entry.rules, top)?.forEntry(entry.confidence) ?? null;
  const trail = trailOf(entry.rules, top);
  if (checked === null || trail === null) return null;
  const stops: StopRule[] = [];
  for (const stop of stopsOf(entry.rules, top)) {
    if (stop === null) return null;
    stops.push({ ...stop, moving: false, closing: false, limit: null });
  }
  return {
    ...checked,
    kellyTrades: null,
    stops,
    takes: [],
    trail: trail ?? null,
    breakeven: null,
    timeouts: [],
    cooldowns: [],
    adds: [],
    cancels: [],
  };
}

function blockRoots({ size, max, min, stops, trail }: TradeBlock): readonly NodeId[] {
  const values = [size, max, min, ...stops, trail?.distance, trail?.after].flatMap((part) =>
    part === null || part === undefined ? [] : [part.value],
  );
  return trail?.from === null || trail === null ? values : [...values, trail.from];
}

const entryRoots = ({ when, confidence, block }: EntryRule): readonly NodeId[] => [when, confidence, ...blockRoots(block)];

function movedBlock(block: TradeBlock, at: (id: NodeId) => NodeId): TradeBlock {
  const amount = (part: SizeAmount | null): SizeAmount | null => (part === null ? null : { ...part, value: at(part.value) });
  const level = (part: LevelDistance): LevelDistance => ({ ...part, value: at(part.value) });
  const { size, trail } = block;
  return {
    ...block,
    size: { ...size, value: at(size.value) },
    max: amount(block.max),
    min: amount(block.min),
    stops: block.stops.map((stop) => ({ ...stop, value: at(stop.value) })),
    trail:
      trail === null
        ? null
        : {
            ...trail,
            distance: level(trail.distance),
            after: trail.after === null ? null : level(trail.after),
            from: trail.from === null ? null : at(trail.from),
          },
  };
}
