import { type ErrorCode, type ErrorData, isStratError, StratError } from '#core/errors/strat-error.ts';
import { MESSAGES } from '#core/errors/messages.ts';
import { isRecord } from '#core/model/record.ts';
import { TRIAL_METRICS, type TrialMetrics } from './trial-metrics.ts';

/** Values of a set by the names of its params, as `--set` takes them. */
export type SetValues = Readonly<Record<string, string>>;

/** What a backtest of one set gave: its figures, or why it could not run. */
export type PlainTrial = { readonly metrics: TrialMetrics } | { readonly error: string };

/** The same, or what ends the sweep. */
export type TrialOutcome = PlainTrial | { readonly fault: unknown };

/** Runs a set; what it throws is the outcome. */
export async function outcomeOf(trial: () => Promise<TrialOutcome>): Promise<TrialOutcome> {
  try {
    return await trial();
  } catch (fault) {
    return { fault };
  }
}

/** An outcome as it goes from process to process. */
export function outcomeText(outcome: TrialOutcome): string {
  if (!('fault' in outcome)) return JSON.stringify(outcome);
  const { fault } = outcome;
  if (isStratError(fault)) return JSON.stringify({ code: fault.code, data: fault.data });
  return JSON.stringify({ code: 'INTERNAL', data: { reason: fault instanceof Error ? fault.message : String(fault) } });
}

/** The outcome that a text is of; null = of none. */
export function parseOutcome(text: string): TrialOutcome | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { metrics, error, code, data } = value;
  if (typeof error === 'string') return { error };
  if (isRecord(metrics)) return isMetrics(metrics) ? { metrics } : null;
  if (!isCode(code) || !isRecord(data) || !Object.values(data).every((slot) => typeof slot === 'string' || typeof slot === 'number'))
    return null;
  return { fault: new StratError(code, data as ErrorData<ErrorCode>) };
}

const isMetrics = (metrics: Readonly<Record<string, unknown>>): metrics is TrialMetrics =>
  Object.keys(metrics).length === TRIAL_METRICS.length &&
  TRIAL_METRICS.every((name) => metrics[name] === null || typeof metrics[name] === 'number');

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(MESSAGES, code);
