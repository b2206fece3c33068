import { StratError } from '#core/errors/strat-error.ts';
import { ok, type Result } from '#core/model/result.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { PrepareOptions, PreparedStrategy } from '../prepare-strategy.ts';
import { sharedSettings } from './shared-settings.ts';

/** A strategy of several, with what tells it apart: its name, and `#2` behind it where it is the second of that name. */
export interface LabelledStrategy {
  readonly label: string;
  readonly prepared: PreparedStrategy;
}

interface StrategyText {
  readonly file: string;
  readonly text: string;
}

/** What is asked for that has an effect only where a file says more: another file may say it. */
const ASKED_OF_ALL = { maintenance: undefined, liquidationRate: undefined, fundingMs: undefined } as const;

type Prepare = (
  strategy: StrategyText,
  options: Pick<PrepareOptions, 'set' | 'shared' | keyof typeof ASKED_OF_ALL>,
) => Result<PreparedStrategy, readonly Diagnostic[]>;

/**
 * Prepares strategies that are to share an account: one length of bars, and one word on the account and its costs. The first file with findings ends it.
 * @param set values for params, by `param` (of every strategy that has it) or `label.param` (of that one)
 * @throws StratError USAGE where they do not fit together, PARAM_VALUE, PARAM_LENGTH
 */
export function prepareTogether(
  files: readonly StrategyText[],
  request: PrepareOptions,
  prepare: Prepare,
): Result<readonly LabelledStrategy[], { readonly strategy: StrategyText; readonly findings: readonly Diagnostic[] }> {
  const asWritten: LabelledStrategy[] = [];
  for (const strategy of files) {
    const prepared = prepare(strategy, { set: new Map(), ...ASKED_OF_ALL });
    if (!prepared.ok) return { ok: false, error: { strategy, findings: prepared.error } };
    asWritten.push({ label: labelOf(prepared.value.source.name, asWritten), prepared: prepared.value });
  }
  const shared = sharedSettings(
    asWritten.map(({ label, prepared }) => ({ label, program: prepared.program })),
    request,
  );
  const sets = setsOf(asWritten, request.set ?? new Map());
  const all: LabelledStrategy[] = [];
  for (const [place, strategy] of files.entries()) {
    const prepared = prepare(strategy, { set: sets[place]!, shared });
    if (!prepared.ok) return { ok: false, error: { strategy, findings: prepared.error } };
    all.push({ label: asWritten[place]!.label, prepared: prepared.value });
  }
  return ok(all);
}

/** @throws StratError USAGE where strategies would run on bars of different lengths */
export function refuseOtherBars(strategies: readonly LabelledStrategy[]): void {
  const [first, ...more] = strategies;
  const other = more.find(({ prepared }) => prepared.program.timeframe !== first!.prepared.program.timeframe);
  if (other === undefined) return;
  const told = ({ label, prepared }: LabelledStrategy): string => `"${label}" on bars of ${prepared.program.timeframe}`;
  const reason = `Strategies on one account run on bars of one length, and these are ${told(first!)} and ${told(other)}`;
  throw new StratError('USAGE', {
    reason,
    hint: 'Give --timeframe, or read the longer bars inside of a strategy, as in: ema(close, 20) on 4h',
  });
}

function labelOf(name: string, before: readonly LabelledStrategy[]): string {
  const taken = new Set(before.map(({ label }) => label));
  for (let number = 1; ; number++) {
    const label = number === 1 ? name : `${name}#${number}`;
    if (!taken.has(label)) return label;
  }
}

/** The values of each strategy. @throws StratError USAGE when none has the param */
function setsOf(strategies: readonly LabelledStrategy[], set: ReadonlyMap<string, string>): readonly ReadonlyMap<string, string>[] {
  const sets = strategies.map(() => new Map<string, string>());
  const hasParam = (place: number, name: string): boolean =>
    strategies[place]!.prepared.program.params.some((param) => param.name === name);
  // What is meant for one goes before what is meant for all, in whatever order they were given.
  for (const [key, value] of [...set].toSorted(([a], [b]) => Number(a.includes('.')) - Number(b.includes('.')))) {
    const cut = key.lastIndexOf('.');
    const [label, name] = cut < 0 ? [null, key] : [key.slice(0, cut), key.slice(cut + 1)];
    const whose = [...strategies.keys()].filter((place) => (label === null || strategies[place]!.label === label) && hasParam(place, name));
    if (whose.length === 0) {
      const params = strategies.flatMap((one) => one.prepared.program.params.map((param) => `${one.label}.${param.name}`));
      const hint = params.length === 0 ? 'They have no params' : `They have ${params.join(', ')}`;
      throw new StratError('USAGE', { reason: `No strategy of the run has a param "${key}"`, hint });
    }
    for (const place of whose) sets[place]!.set(name, value);
  }
  return sets;
}
