import type { Config } from '#core/config/config.ts';
import type { PluginKind } from '#core/ports/plugin.ts';
import { codeProblems, reportIndicators, type ReportedIndicator } from './indicator-report.ts';
import type { Discovered } from './kernel.ts';
import type { Lifecycle, PluginStatus } from './lifecycle.ts';
import type { PluginProblem } from './plugin-problem.ts';
import type { StrategyPlan } from './strategy-plan.ts';

/** A strategy of the config: what it trades, or what is wrong with it. */
export interface DoctorStrategy {
  readonly id: string;
  readonly file: string;
  readonly markets: readonly string[];
  /** Null where it cannot be read. */
  readonly timeframe: string | null;
  readonly problem: string | null;
}

export interface DoctorPlugin {
  readonly id: string;
  readonly kind: PluginKind;
  readonly summary: string;
  /** Part of strat; else the folder is one that the config names. */
  readonly isOwn: boolean;
  readonly folder: string;
  readonly capabilities: readonly string[];
  readonly requires: readonly string[];
  readonly importMs: number;
  /** Those that the config wants, in its order; empty when it wants none. */
  readonly instances: readonly Omit<PluginStatus, 'id' | 'kind'>[];
}

/** What `strat doctor --json` prints, and what health is made of. */
export interface DoctorReport {
  readonly schema: 'strat.doctor/1';
  readonly ok: boolean;
  readonly strat: string;
  readonly node: string;
  /** Null = the built-in defaults; `findings` are lines for people. */
  readonly config: { readonly file: string | null; readonly findings: readonly string[] };
  /** Of the config, in its order; none where it has findings. */
  readonly strategies: readonly DoctorStrategy[];
  readonly plugins: readonly DoctorPlugin[];
  readonly indicators: readonly ReportedIndicator[];
  /** Of all plugins, those of folders that could not be read as a plugin included. */
  readonly problems: readonly PluginProblem[];
}

/** The strategies of a config as doctor shows them. */
export function doctorStrategies(config: Config, { strategies, faults }: StrategyPlan): readonly DoctorStrategy[] {
  return config.strategies.map(({ id, file }) => {
    const planned = strategies.find((one) => one.config.id === id);
    const problem = faults.find((one) => one.id === id)?.text ?? null;
    return { id, file, markets: planned?.markets ?? [], timeframe: planned?.timeframe ?? null, problem };
  });
}

/** Puts together what is known. */
export function doctorReport(
  discovery: Discovered,
  lifecycle: Lifecycle,
  config: DoctorReport['config'],
  strategies: readonly DoctorStrategy[],
  versions: { readonly strat: string; readonly node: string },
): DoctorReport {
  const status = lifecycle.status();
  const plugins = [...discovery.plugins.values()].map(({ manifest, folder, isOwn, importMs }) => ({
    id: manifest.id,
    kind: manifest.kind,
    summary: manifest.summary,
    isOwn,
    folder,
    capabilities: manifest.capabilities,
    requires: manifest.requires,
    importMs,
    instances: status.filter(({ id }) => id === manifest.id).map(({ id: _id, kind: _kind, ...instance }) => instance),
  }));
  const problems = [...discovery.problems, ...codeProblems(discovery.indicators), ...lifecycle.problems()];
  return {
    schema: 'strat.doctor/1',
    ok: problems.length === 0 && config.findings.length === 0 && strategies.every(({ problem }) => problem === null),
    ...versions,
    config,
    strategies,
    plugins,
    indicators: reportIndicators(discovery.indicators),
    problems,
  };
}
