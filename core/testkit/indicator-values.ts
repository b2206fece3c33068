import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { loadIndicator, readIndicatorFolder } from '#core/indicators/indicator-folder.ts';
import { type Columns, columnList } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import type { IndicatorPlugin } from '#dsl/check/plugin-source.ts';
import { type Compilation, createCompiler } from '#dsl/compile.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { type WarmUpKind, warmUpBars } from '#dsl/graph/warm-up.ts';
import { indicatorName } from '#dsl/plugin/indicator-manifest.ts';
import type { Program } from '#dsl/program.ts';

const compiler = createCompiler();
const NO_PARAMS = new Float64Array(0);
const SETTINGS = new Float64Array(SETTING_FIELDS);

/**
 * The indicator plugin in a folder, checked and tried as when a bot loads it.
 * @throws Error that says what is wrong with it
 */
export function openIndicator(folder: string): IndicatorPlugin {
  const read = readIndicatorFolder(folder, folder);
  if (!read.ok) throw new Error(read.error.map(({ key, reason }) => `manifest.json: ${key}: ${reason}`).join('\n'));
  const loaded = loadIndicator({ id: `indicator/${basename(realpathSync(folder))}`, isOwn: false, ...read.value }, compiler);
  if (!loaded.ok) throw new Error(loaded.error);
  return loaded.value.plugin;
}

/**
 * Values of expressions of the language with the indicator in them, `fisher(length: 10).value`, bar by bar, na as NaN: what a strategy gets.
 * @param folder of the plugin
 * @throws Error when the plugin is not valid, or an expression is not
 */
export function indicatorValues(folder: string, expressions: readonly string[], columns: Columns): readonly Float64Array[] {
  return programValues(indicatorProgram(openIndicator(folder), expressions), columns);
}

/** What a strategy that plots the expressions compiles to. */
export function compileIndicator(plugin: IndicatorPlugin, expressions: readonly string[]): Compilation {
  const { name } = plugin.manifest;
  const lines = [
    'strat 1',
    'strategy "values"',
    `use indicator ${indicatorWords(plugin).join(', ')} from "plugin:${name}"`,
    'trade BTC/USDT on 1h',
    'enter long when close > open',
    'size 1 BTC',
    'stop 5%',
    ...expressions.map((expression) => `plot ${expression}`),
  ];
  return compiler.compile(lines.join('\n'), {
    plugins: (asked) => (asked === name ? { ok: true, plugin } : { ok: false, code: 'E0703', reason: 'it is not the one that is tested' }),
  });
}

/** @throws Error when an expression is not valid, or needs more than the candles */
export function indicatorProgram(plugin: IndicatorPlugin, expressions: readonly string[]): Program {
  const { program, diagnostics } = compileIndicator(plugin, expressions);
  if (program === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  if (program.columns.length > 0) throw new Error('it needs more than the candles of one chart; a backtest gives that');
  return program;
}

/** What is called by a name: the indicator, or the functions that a module exports. */
export function indicatorWords(plugin: IndicatorPlugin): readonly string[] {
  if (plugin.form === 'script') return [indicatorName(plugin.manifest)];
  return Array.from(plugin.text.replaceAll(/#.*$/gm, '').matchAll(/\bexport\s+def\s+(\w+)/g), ([, word = '']) => word);
}

export function programValues(program: Program, columns: Columns): readonly Float64Array[] {
  const evaluator = new GraphEvaluator(program, NO_PARAMS, SETTINGS);
  const account = new Float64Array(ACCOUNT_FIELDS);
  const list = columnList(columns);
  const series = program.plots.map(() => new Float64Array(columns.time.length));
  for (let bar = 0; bar < columns.time.length; bar++) {
    evaluator.step(bar, list, account);
    for (const [place, { value }] of program.plots.entries()) series[place]![bar] = evaluator.values[value]!;
  }
  return series;
}

/** Bars before the first on which all of the values may be acted on. */
export function programLookback({ graph, plots }: Program, kind: WarmUpKind): number {
  return warmUpBars(
    graph,
    runConstants(graph, NO_PARAMS, SETTINGS),
    plots.map(({ value }) => value),
    kind,
  );
}
