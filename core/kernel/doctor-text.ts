import type { DoctorPlugin, DoctorReport, DoctorStrategy } from './doctor.ts';
import type { ReportedIndicator } from './indicator-report.ts';
import type { PluginProblem } from './plugin-problem.ts';

const MOST_MARKETS = 5;

/** The report as a tree for people: kinds, plugins, their instances with state and times, problems below what they are about. */
export function doctorText(report: DoctorReport): string {
  const { config, strategies, plugins, indicators, problems } = report;
  const count = problems.length + config.findings.length + strategies.filter(({ problem }) => problem !== null).length;
  const homeless = problems.filter(({ plugin }) => ![...plugins, ...indicators].some(({ id }) => id === plugin));
  const lines = [
    `strat ${report.strat}, Node ${report.node}`,
    `config ${config.file ?? 'built-in defaults'}${config.findings.length === 0 ? '' : ': not usable, so nothing was started'}`,
    ...config.findings.map((finding) => `  ! ${finding}`),
    ...(strategies.length === 0 ? [] : ['strategy', ...strategies.flatMap(strategyLines)]),
    ...[...Map.groupBy(plugins, ({ kind }) => kind)].flatMap(([kind, members]) => [
      kind,
      ...members.flatMap((plugin) => pluginLines(plugin, problems)),
    ]),
    ...(indicators.length === 0 ? [] : ['indicator', ...indicators.flatMap((indicator) => indicatorLines(indicator, problems))]),
    ...(homeless.length === 0 ? [] : ['not loaded', ...homeless.map(problemLine)]),
    report.ok ? 'No problems found.' : `${count} ${count === 1 ? 'problem' : 'problems'} found.`,
  ];
  return `${lines.join('\n')}\n`;
}

function strategyLines({ id, file, markets, timeframe, problem }: DoctorStrategy): readonly string[] {
  const trades = timeframe === null ? '' : `  ${someOf(markets)} ${timeframe}`;
  return [
    `  ${id}  ${file}${trades}`,
    ...(problem === null ? [] : problem.split('\n').map((line, at) => `    ${at === 0 ? '! ' : '  '}${line}`)),
  ];
}

/** The first markets: a universe may have hundreds. */
function someOf(markets: readonly string[]): string {
  const rest = markets.length - MOST_MARKETS;
  return `${markets.slice(0, MOST_MARKETS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function pluginLines(plugin: DoctorPlugin, problems: readonly PluginProblem[]): readonly string[] {
  const origin = plugin.isOwn ? '' : `  (${plugin.folder})`;
  const needs = plugin.requires.length === 0 ? '' : `  requires ${plugin.requires.join(', ')}`;
  return [
    `  ${plugin.id}  ${plugin.summary}${needs}${origin}`,
    ...plugin.instances.map(({ name, state, times, faults }) => {
      const steps = (['load', 'setup', 'start', 'stop'] as const).flatMap((step) => {
        const ms = times[`${step}Ms`];
        return ms === null ? [] : [`${step} ${Math.round(ms)} ms`];
      });
      const count = faults === 0 ? [] : [`${faults} ${faults === 1 ? 'fault' : 'faults'}`];
      return `    ${name === plugin.id ? '' : `${name}: `}${state === 'stopped' ? 'ok' : state}  ${[...steps, ...count].join(', ')}`.trimEnd();
    }),
    ...problems.filter(({ plugin: id }) => id === plugin.id).map(problemLine),
  ];
}

function indicatorLines(indicator: ReportedIndicator, problems: readonly PluginProblem[]): readonly string[] {
  const { id, name, version, summary, isOwn, folder, lock } = indicator;
  const about = summary === null ? '' : `  ${summary}`;
  return [
    `  ${id}  ${name} ${version}${about}  ${lock}${isOwn ? '' : `  (${folder})`}`,
    ...problems.filter(({ plugin }) => plugin === id).map(problemLine),
  ];
}

const problemLine = ({ text }: PluginProblem): string => `    ! ${text}`;
