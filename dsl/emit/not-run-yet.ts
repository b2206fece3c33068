import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { GraphNode, NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';
import type { EntryRule, OrderRule, Program, SourceSpan, TextTemplate } from '../program.ts';
import { nodesOfEntry, nodesOfExit } from '../program-nodes.ts';

/** Something of edition 1 that a program has and that this version understands but cannot run. */
export interface NotRunYet {
  /** As it is named to people: `"take"`, `a longer chart`. */
  readonly construct: string;
  /** Where it stands first. */
  readonly span: SourceSpan;
  /** Paper trading refuses it; a backtest may run it, or leave it out because it changes no trade. */
  readonly inBacktests: 'run' | 'leftOut' | 'refused';
}

/** Where a program is to run; `ruled`: in a backtest under risk rules of a config, which goes step by step as paper does. */
export type RunMode = 'backtest' | 'ruled' | 'paper';

/** What a mode refuses, and why; what is not named here it runs or leaves out. */
const REFUSED: Readonly<Record<RunMode, Partial<Readonly<Record<NotRunYet['inBacktests'], string>>>>> = {
  backtest: { refused: 'this version does not run it yet' },
  ruled: { refused: 'this version does not run it yet', run: 'this version does not run it under the risk rules of a config yet' },
  paper: {
    refused: 'this version does not run it yet',
    run: 'this version runs it in backtests only',
    leftOut: 'this version does not run it on paper yet',
  },
};

/** What this version cannot run of a program everywhere, each construct once, in the order of the text; empty: all of it runs. */
export function notRunYet(program: Program): readonly NotRunYet[] {
  const told = (inBacktests: NotRunYet['inBacktests'], places: readonly Place[]): readonly NotRunYet[] =>
    places.map((place) => ({ ...place, inBacktests }));
  const found = [
    ...told('run', ofEngine(program)),
    ...told('leftOut', ofReports(program)),
    ...told('refused', [...ofReasons(program), ...ofFile(program), ...ofGraph(program)]),
  ];
  const first = new Map<string, NotRunYet>();
  for (const one of found.toSorted((a, b) => a.span.start - b.span.start)) if (!first.has(one.construct)) first.set(one.construct, one);
  return [...first.values()];
}

/** The same as findings: why the program is refused where it should run. */
export function notRunFindings(program: Program, mode: RunMode): readonly Diagnostic[] {
  return notRunYet(program).flatMap(({ construct, span, inBacktests }) => {
    const why = REFUSED[mode][inBacktests];
    if (why === undefined) return [];
    return [diagnostic('E0801', span, `${construct} is part of edition 1, but ${why}`, 'remove it, or wait for a later version')];
  });
}

/** Whether the broker that is inlined into `run` knows everything that the program does; what it does not know takes the engine. */
export function isPlain(program: Program): boolean {
  return ofEngine(program).length === 0;
}

type Place = Pick<NotRunYet, 'construct' | 'span'>;

const when = (isThere: boolean, construct: string, span: SourceSpan): readonly Place[] => (isThere ? [{ construct, span }] : []);

const each = (rules: readonly { readonly span: SourceSpan }[], construct: string): readonly Place[] =>
  rules.map(({ span }) => ({ construct, span }));

/** What the trading engine runs and the inlined broker does not. */
function ofEngine(program: Program): readonly Place[] {
  return [...ofOrders(program), ...ofBlocks(program), ...ofRisk(program)];
}

const hasValues = (text: TextTemplate | null): boolean => text?.parts.some(({ kind }) => kind !== 'text') ?? false;

const ofOrder = ({ type }: OrderRule, span: SourceSpan): readonly Place[] =>
  when(type !== 'market', `"at ${type === 'stopLimit' ? 'stop ... limit' : type}"`, span);

function ofOrders({ entries, exits }: Program): readonly Place[] {
  return [
    ...entries.flatMap(({ oco, span }) => when(oco !== null, '"oco"', span)),
    ...[...entries, ...exits].flatMap(({ order, span }) => ofOrder(order, span)),
  ];
}

function ofReasons({ entries, exits }: Program): readonly Place[] {
  return [...entries, ...exits].flatMap(({ reason, span }) => when(hasValues(reason), '{...} in a reason', span));
}

/** What the trading engine does beside orders. */
function ofRisk({ setups, limits, guards, account, costs }: Program): readonly Place[] {
  const [accountSpan, costSpan] = [account.span ?? START, costs.span ?? START];
  return [
    ...when(account.leverage !== null && account.leverage !== 1, '"leverage"', accountSpan),
    ...when(account.margin !== null, '"margin"', accountSpan),
    ...when(costs.funding === true, '"funding"', costSpan),
    ...when(costs.borrow !== null, '"borrow"', costSpan),
    ...each(setups, '"setup"'),
    ...each([...limits, ...guards], '"risk"'),
  ];
}

/** What tells of trading and changes none. */
function ofReports({ notifications, marks }: Program): readonly Place[] {
  return [...each(notifications, '"notify"'), ...each(marks, '"mark"')];
}

/** Of entries that share a block the first one in the text stands for it. */
function ofBlocks({ entries }: Program): readonly Place[] {
  const blocks = new Map(entries.toReversed().map((entry) => [entry.block, entry] as const));
  return [...blocks.values()].flatMap(ofBlock);
}

function ofBlock({ block, span: entry }: EntryRule): readonly Place[] {
  const { trail } = block;
  return [
    ...when(block.kellyTrades !== null, '"size kelly"', entry),
    ...block.stops.flatMap(({ moving, closing, limit, span }) => [
      ...when(moving, '"stop ... moving"', span),
      ...when(closing, '"stop ... closing"', span),
      ...when(limit !== null, '"stop ... limit"', span),
    ]),
    ...(trail === null
      ? []
      : [
          ...when(trail.moving, '"trail ... moving"', trail.span),
          ...when(trail.closing, '"trail ... closing"', trail.span),
          ...when(trail.step !== null, '"trail ... step"', trail.span),
          ...when(trail.distance.kind === 'r', 'a trail in R', trail.span),
        ]),
    ...each(block.takes, '"take"'),
    ...each(block.breakeven === null ? [] : [block.breakeven], '"breakeven"'),
    ...each(block.timeouts, '"timeout"'),
    ...each(block.cooldowns, '"cooldown"'),
    ...each(block.adds, '"add"'),
    ...each(block.cancels, '"cancel"'),
  ];
}

function ofFile(program: Program): readonly Place[] {
  const { baskets, universe } = program;
  return [...each(baskets, '"basket"'), ...each(universe === null ? [] : [universe], '"universe"')];
}

const START: SourceSpan = { start: 0, end: 0 };

/** Series, each at the first rule that needs it. */
function ofGraph(program: Program): readonly Place[] {
  const { graph } = program;
  if (!graph.nodes.some((node) => constructOf(node) !== null)) return [];
  const found: Place[] = [];
  const seen = new Set<NodeId>();
  const look = (roots: readonly NodeId[], span: SourceSpan): void => {
    for (const id of reach(graph, roots)) {
      if (seen.has(id)) continue;
      seen.add(id);
      const construct = constructOf(graph.nodes[id]!);
      if (construct !== null) found.push({ construct, span });
    }
  };
  for (const entry of program.entries) look(nodesOfEntry(entry), entry.span);
  for (const exit of program.exits) look(nodesOfExit(exit), exit.span);
  for (const { value, span } of program.plots) look([value], span);
  look([...graph.nodes.keys()], START);
  return found;
}

/** Whatever emitted code and host compute, but for members of a universe. */
const constructOf = (node: GraphNode): string | null => (node.op === 'column' && node.column.kind === 'rank' ? '"rank"' : null);
