import type { DoctorPlugin, DoctorReport } from './doctor.ts';
import type { ReportedIndicator } from './indicator-report.ts';
import type { PluginProblem } from './plugin-problem.ts';

/** The report as a tree for people: kinds, plugins, their instances with state and times, problems below what they are about. */
export function doctorText(report: DoctorReport): string {
  const { config, plugins, indicators, problems } = report;
  const homeless = problems.filter(({ plugin }) => ![...plugins, ...indicators].some(({ id }) => id === plugin));
  const lines = [
    `strat ${report.strat}, Node ${report.node}`,
    `config ${config.file ?? 'built-in defaults'}${config.findings.length === 0 ? '' : ': not usable, so nothing was started'}`,
    ...config.findings.map((finding) => `  ! ${finding}`),
    ...[...Map.groupBy(plugins, ({ kind }) => kind)].flatMap(([kind, members]) => [
      kind,
      ...members.flatMap((plugin) => pluginLines(plugin, problems)),
    ]),
    ...(indicators.length === 0 ? [] : ['indicator', ...indicators.flatMap((indicator) => indicatorLines(indicator, problems))]),
    ...(homeless.length === 0 ? [] : ['not loaded', ...homeless.map(problemLine)]),
    report.ok
      ? 'No problems found.'
      : `${problems.length + config.findings.length} ${problems.length + config.findings.length === 1 ? 'problem' : 'problems'} found.`,
  ];
  return `${lines.join('\n')}\n`;
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
