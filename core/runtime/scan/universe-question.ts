import { settingsArray } from '#core/engine/simulation-settings.ts';
import { parse } from '#dsl/grammar/parse.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import type { UniverseNames } from '../portfolio/universe-members.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { ScanRequest } from './scan-request.ts';

/** What the universe of a strategy asks of markets, and which it asks. */
export interface UniverseQuestion extends Pick<ScanRequest, 'filters' | 'rank' | 'top'> {
  readonly names: UniverseNames;
}

/** Null where the strategy has no universe. Its weights are no question: they say how much of a member is held. */
export function universeQuestion({ program, params, settings, source: { text } }: PreparedStrategy): UniverseQuestion | null {
  const { universe, graph } = program;
  const statement = parse(text).file?.statements.find(({ kind }) => kind === 'Universe');
  if (universe === null || statement?.kind !== 'Universe') return null;
  const written = ({ start, end }: Span): string => text.slice(start, end).replaceAll(/\s+/g, ' ');
  const rank = statement.clauses.find((clause) => clause.kind === 'Rank');
  const constants = runConstants(graph, params, settingsArray(settings, 0, Infinity));
  return {
    names: universe,
    filters: statement.clauses.flatMap((clause) => (clause.kind === 'Filter' ? [written(clause.condition.span)] : [])),
    rank: rank === undefined ? null : { by: written(rank.by.span), isAscending: !universe.descending },
    top: universe.hold === null ? null : Math.floor(constants[universe.hold]!),
  };
}
