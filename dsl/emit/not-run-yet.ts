import { parseMarket } from '#core/model/market.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { GraphNode, NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';
import type { Program, SourceSpan } from '../program.ts';
import { nodesOfEntry, nodesOfExit } from '../program-nodes.ts';

/** Something of edition 1 that a program has and that this version understands but does not do. */
export interface NotRunYet {
  /** As it is named to people: `"basket"`, `a longer chart`. */
  readonly construct: string;
  /** Where it stands first. */
  readonly span: SourceSpan;
}

const START: SourceSpan = { start: 0, end: 0 };

/** What this version does not do of a program, each construct once, in the order of the text; empty: all of it runs. */
export function notRunYet(program: Program): readonly NotRunYet[] {
  const found = [...ofFile(program), ...ofGraph(program)];
  const first = new Map<string, NotRunYet>();
  for (const one of found.toSorted((a, b) => a.span.start - b.span.start)) if (!first.has(one.construct)) first.set(one.construct, one);
  return [...first.values()];
}

/** Why a program is refused where it should run, as findings. */
export function notRunFindings(program: Program): readonly Diagnostic[] {
  return notRunYet(program).map(({ construct, span }) => {
    const message = `${construct} is part of edition 1, but this version does not run it yet`;
    return diagnostic('E0801', span, message, 'remove it, or wait for a later version');
  });
}

const each = (rules: readonly { readonly span: SourceSpan }[], construct: string): readonly NotRunYet[] =>
  rules.map(({ span }) => ({ construct, span }));

function ofFile(program: Program): readonly NotRunYet[] {
  const { baskets, universe, markets } = program;
  return [
    ...markets
      .filter(isInverse)
      .map((market) => ({ construct: `trading ${market}, which settles in ${parseMarket(market)!.base},`, span: START })),
    ...each(baskets, '"basket"'),
    ...each(universe === null ? [] : [universe], '"universe"'),
  ];
}

/** Its profit is in what is traded, and no straight line of the price (docs/adr/0010-inverse-perpetuals.md). */
function isInverse(name: string): boolean {
  const market = parseMarket(name);
  return market !== null && market.settle !== null && market.settle === market.base;
}

/** Series, each at the first rule that needs it. */
function ofGraph(program: Program): readonly NotRunYet[] {
  const { graph } = program;
  if (!graph.nodes.some((node) => constructOf(node) !== null)) return [];
  const found: NotRunYet[] = [];
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
