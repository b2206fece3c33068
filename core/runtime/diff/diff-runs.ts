import { exactDifference, exactSum } from '#core/engine/position-books.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { JsonObject } from '#core/model/strict-json.ts';
import { diffPrograms, type RuleChange } from '#dsl/tools/diff/diff-programs.ts';
import { type ComparedMetric, compareResults } from '../report/compare-results.ts';
import { type DiffedRun, netProfitOf, type RunPosition, runPositions } from './run-positions.ts';

/** What about a position is another in the second run. */
export type PositionDifference = 'size' | 'price' | 'exit' | 'reason' | 'costs';

export interface ChangedPosition {
  readonly a: RunPosition;
  readonly b: RunPosition;
  readonly differs: readonly PositionDifference[];
  /** What b earned more than a, exact decimal. */
  readonly difference: string;
}

/** The profits of both runs, and what leads from one to the other: exact decimals, profitA + appeared - vanished + changed = profitB. */
export interface Reconciliation {
  readonly currency: string;
  readonly profitA: string;
  readonly appeared: string;
  readonly vanished: string;
  readonly changed: string;
  readonly profitB: string;
}

/** What `strat diff --json` prints: `schema` names its form. */
export interface DiffDocument {
  readonly schema: 'strat.diff/1';
  readonly a: DiffedInput;
  readonly b: DiffedInput;
  readonly rules: readonly RuleChange[];
  /** Values of params that were used and are not equal; null = it has none of that name. */
  readonly params: readonly { readonly name: string; readonly a: string | null; readonly b: string | null }[];
  readonly trades: {
    /** With equal fills. */
    readonly common: number;
    readonly appeared: readonly RunPosition[];
    readonly vanished: readonly RunPosition[];
    readonly changed: readonly ChangedPosition[];
  };
  readonly reconciliation: Reconciliation;
  readonly metrics: readonly ComparedMetric[];
  /** Programs that mean the same, run on the same values, and traded the same. */
  readonly isSame: boolean;
}

interface DiffedInput {
  readonly name: string;
  readonly file: string;
  readonly resultHash: string;
}

/**
 * What differs between two backtests: rules, trades, and the profit to the last unit.
 * @throws StratError USAGE when their accounts are in different currencies; INTERNAL when the sums do not agree, which no run should bring about
 */
export function diffRuns(a: DiffedRun, b: DiffedRun): DiffDocument {
  const [docA, docB] = [a.result.document, b.result.document];
  const { currency } = docA.settings;
  if (currency !== docB.settings.currency)
    throw new StratError('USAGE', {
      reason: `The accounts are in ${currency} and in ${docB.settings.currency}, and profits of two currencies cannot be subtracted`,
      hint: 'Give a currency for both, as in --currency USD',
    });
  const trades = diffPositions(runPositions(a), runPositions(b));
  const params = diffedParams(docA.params, docB.params);
  const rules = diffPrograms(programOf(a), programOf(b));
  return {
    schema: 'strat.diff/1',
    a: inputOf(a),
    b: inputOf(b),
    rules,
    params,
    trades,
    reconciliation: reconciled(currency, netProfitOf(a.result), netProfitOf(b.result), trades),
    metrics: compareResults(jsonOf(docA), jsonOf(docB)).metrics,
    isSame: rules.length === 0 && params.length === 0 && docA.resultHash === docB.resultHash,
  };
}

/** Positions of the same market, side and time of entry belong together; the others appear or vanish. */
export function diffPositions(a: readonly RunPosition[], b: readonly RunPosition[]): DiffDocument['trades'] {
  const entryOf = ({ market, side, entryTime }: RunPosition): string => `${market} ${side} ${entryTime}`;
  const left = Map.groupBy(b, entryOf);
  const vanished: RunPosition[] = [];
  const changed: ChangedPosition[] = [];
  let common = 0;
  for (const position of a) {
    // Of several on one bar, as legs of baskets may be, equal ones first.
    const same = left.get(entryOf(position)) ?? [];
    const place = Math.max(
      0,
      same.findIndex((other) => differencesOf(position, other).length === 0),
    );
    const other = same[place];
    if (other === undefined) {
      vanished.push(position);
      continue;
    }
    same.splice(place, 1);
    const differs = differencesOf(position, other);
    if (differs.length === 0) common += 1;
    else changed.push({ a: position, b: other, differs, difference: exactDifference(position.profit, other.profit) });
  }
  const rest = new Set([...left.values()].flat());
  return { common, appeared: b.filter((position) => rest.has(position)), vanished, changed };
}

function differencesOf(a: RunPosition, b: RunPosition): readonly PositionDifference[] {
  const exits = (position: RunPosition, of: (exit: RunPosition['exits'][number]) => unknown): string =>
    JSON.stringify(position.exits.map(of));
  const isSizeOther = a.qty !== b.qty || a.exits.length !== b.exits.length;
  const found: PositionDifference[] = [
    ...(isSizeOther ? (['size'] as const) : []),
    ...(a.entryPrice !== b.entryPrice ? (['price'] as const) : []),
    ...(a.isOpen !== b.isOpen || exits(a, ({ time, price }) => [time, price]) !== exits(b, ({ time, price }) => [time, price])
      ? (['exit'] as const)
      : []),
    ...(exits(a, ({ reason }) => reason) !== exits(b, ({ reason }) => reason) ? (['reason'] as const) : []),
  ];
  return found.length === 0 && a.profit !== b.profit ? ['costs'] : found;
}

function reconciled(currency: string, profitA: string, profitB: string, trades: DiffDocument['trades']): Reconciliation {
  const { appeared, vanished, changed } = trades;
  const sums = {
    currency,
    profitA,
    appeared: exactSum(appeared.map(({ profit }) => profit)),
    vanished: exactSum(vanished.map(({ profit }) => profit)),
    changed: exactSum(changed.map(({ difference }) => difference)),
    profitB,
  };
  const led = exactDifference(sums.vanished, exactSum([profitA, sums.appeared, sums.changed]));
  if (exactDifference(led, profitB) !== '0')
    throw new StratError('INTERNAL', { reason: `the profits of two runs do not reconcile: ${led} and ${profitB}` });
  return sums;
}

const programOf = ({ prepared }: DiffedRun): Parameters<typeof diffPrograms>[0] => ({
  source: prepared.source.text,
  program: prepared.program,
});

const inputOf = ({ result: { document } }: DiffedRun): DiffedInput => ({
  name: document.strategy.name,
  file: document.strategy.file,
  resultHash: document.resultHash,
});

function diffedParams(a: DiffedRun['result']['document']['params'], b: typeof a): DiffDocument['params'] {
  const told = (value: number | boolean | string | undefined): string | null => (value === undefined ? null : String(value));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((name) => ({ name, a: told(a[name]), b: told(b[name]) }))
    .filter((param) => param.a !== param.b);
}

/** As `--json` prints it. */
const jsonOf = (document: DiffedRun['result']['document']): JsonObject => JSON.parse(JSON.stringify(document)) as JsonObject;
