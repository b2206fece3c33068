import { fileName } from '#core/model/file-name.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { type UniverseQuestion, universeQuestion } from '#core/runtime/scan/universe-question.ts';
import { createCompiler } from '#dsl/compile.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { assignmentsOption } from '../option-values.ts';
import { findingsText } from '../render/findings-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import type { NameFile } from '../series/series-source.ts';
import { withPlugins } from '../strategy-plugins.ts';

/** What the universe of a strategy asks, on the bars of its trade line. */
export interface StrategyQuestion extends UniverseQuestion {
  readonly timeframe: Timeframe;
}

/**
 * The question of a strategy's universe; null when the file has errors, which are printed.
 * @throws StratError USAGE where it has no universe, and as `prepareStrategy`
 */
export async function strategyQuestion(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  { path, text }: NameFile,
): Promise<StrategyQuestion | null> {
  const set = assignmentsOption(command, input, 'set');
  const compiler = createCompiler();
  const prepared = await withPlugins(compiler, io, (indicators) => prepareStrategy(compiler, text, path, { set, indicators }));
  if (!prepared.ok) {
    const lines = new LineMap(text);
    if (input.flag('json')) io.out(jsonText(prepared.error.map((finding) => toJson(path, lines, finding))));
    const width = io.isTerminal ? io.width : Infinity;
    io.err(findingsText({ file: path, lines, diagnostics: prepared.error }, width, painter(io.color && io.showsProgress)));
    return null;
  }
  const question = universeQuestion(prepared.value);
  if (question === null) throw usage(`"${fileName(path)}" has no universe: names of a strategy are used with --file`, command);
  return { ...question, timeframe: parseTimeframe(prepared.value.program.timeframe)! };
}
