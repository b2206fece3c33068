import type { GraphNode, NodeId } from '../graph/node.ts';
import type { OrderRule } from '../program.ts';
import type { CheckContext } from './context.ts';
import { type EntryDraft, type ExitDraft, type RuleSet, rulesOf } from './trading/rule-set.ts';

/** Rules that get in each other's way: allowed, and probably not meant. */
export function warnOfRules(context: CheckContext, entries: readonly EntryDraft[], exits: readonly ExitDraft[], top: RuleSet): void {
  warnOfExits(context, entries, exits);
  warnOfTwins(context, entries);
  warnOfStops(context, entries, top);
}

const isMarket = (order: OrderRule | null): boolean => order === null || order.type === 'market';

/** W0909: an exit that is true whenever its entry is closes what was just opened; an entry that is true whenever its exit is opens it again. */
function warnOfExits({ statics, exclusions, findings }: CheckContext, entries: readonly EntryDraft[], exits: readonly ExitDraft[]): void {
  /** Whether a condition depends on the market. One that is never true at all has been told. */
  const isOpen = ({ condition }: EntryDraft | ExitDraft): boolean =>
    !statics.isStatic(condition.node) && !exclusions.isNeverTrue(condition.node);
  const implies = (a: EntryDraft | ExitDraft, b: EntryDraft | ExitDraft): boolean =>
    exclusions.exclude({ id: a.condition.node, isTrue: true }, { id: b.condition.node, isTrue: false });
  const rivals = entries.filter((entry) => isMarket(entry.order) && isOpen(entry));
  for (const exit of exits) {
    if (exclusions.isSpent) return;
    if (statics.defaultOf(exit.fraction.node) < 1 || !isOpen(exit)) continue;
    for (const entry of rivals) {
      if (entry.side !== exit.side || entry.setup !== exit.setup || entry.basket !== exit.basket) continue;
      if (implies(entry, exit))
        findings.add(
          'W0909',
          exit.word,
          'this exit is true whenever its entry is: it closes what was just opened',
          'is one of the comparisons the wrong way round?',
        );
      else if (implies(exit, entry))
        findings.add(
          'W0909',
          exit.word,
          'its entry is true whenever this exit is: what it closes is opened again',
          'is one of the comparisons the wrong way round?',
        );
    }
  }
}

/** W0907: the second of two entries with one condition and one side never acts. */
function warnOfTwins({ findings }: CheckContext, entries: readonly EntryDraft[]): void {
  const seen = new Set<string>();
  for (const { side, condition, order, oco, basket, word } of entries) {
    if (!isMarket(order)) continue;
    const key = `${side} ${condition.node} ${basket}`;
    if (seen.has(key) && oco === null)
      findings.add(
        'W0907',
        word,
        'an entry above is always true together with this one, and comes first',
        'remove one, or give them conditions that exclude each other',
      );
    seen.add(key);
  }
}

/** W0911: the stop of a long trade at a high, of a short trade at a low, is on the side of the profit. */
function warnOfStops({ builder, findings }: CheckContext, entries: readonly EntryDraft[], top: RuleSet): void {
  const nodeOf = (id: NodeId): GraphNode => builder.node(id);
  for (const entry of entries) {
    for (const stop of rulesOf('stops', entry.rules, top)) {
      if (stop?.kind !== 'price' || extremeOf(stop.value, nodeOf) !== (entry.side > 0 ? 'high' : 'low')) continue;
      const [side, where] = entry.side > 0 ? ['long', 'below'] : ['short', 'above'];
      findings.add(
        'W0911',
        entry.word,
        `the stop of this ${side} trade lies at a ${entry.side > 0 ? 'high' : 'low'}`,
        `the stop of a ${side} trade is ${where} the price`,
      );
    }
  }
}

/** Whether a price is a high or a low of the market, moved further out or not at all; null when it is neither for sure. */
function extremeOf(id: NodeId, nodeOf: (id: NodeId) => GraphNode): 'high' | 'low' | null {
  const node = nodeOf(id);
  const [a, b] = node.args;
  switch (node.op) {
    case 'column':
      return node.column.kind === 'bar' && (node.column.name === 'high' || node.column.name === 'low') ? node.column.name : null;
    case 'delay':
    case 'sample':
      return extremeOf(a!, nodeOf);
    case 'highest':
      return 'high';
    case 'lowest':
      return 'low';
    case 'add':
      return extremeOf(a!, nodeOf) === 'high' && extremeOf(b!, nodeOf) === null ? 'high' : null;
    case 'sub':
      return extremeOf(a!, nodeOf) === 'low' && extremeOf(b!, nodeOf) === null ? 'low' : null;
    default:
      return null;
  }
}
