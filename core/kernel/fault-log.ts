import type { PluginLog } from '#core/ports/plugin-log.ts';
import { type PluginProblem, problemOf } from './plugin-problem.ts';

/** Faults of one running plugin. A plugin that fails on every bar fills neither the log nor the memory. */
export interface FaultLog {
  readonly count: () => number;
  /** The last few that differ in their text. */
  readonly problems: () => readonly PluginProblem[];
  readonly add: (error: unknown) => PluginProblem;
}

const KEPT = 5;

/** Logs the 1st, 10th, 100th, ... fault. */
export function createFaultLog(plugin: string, log: PluginLog): FaultLog {
  let count = 0;
  let kept: readonly PluginProblem[] = [];
  return {
    count: () => count,
    problems: () => kept,
    add: (error) => {
      const problem = problemOf(plugin, 'running', error);
      count += 1;
      kept = [...kept.filter(({ text }) => text !== problem.text), problem].slice(-KEPT);
      if (/^10*$/.test(String(count))) log.error({ code: problem.code, reason: problem.text, faults: count }, 'plugin fault');
      return problem;
    },
  };
}
