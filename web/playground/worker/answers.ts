import { metricTexts } from '#core/runtime/playground/metric-texts.ts';
import { movedTexts, valueText } from '#core/runtime/playground/param-texts.ts';
import { playgroundSources } from '#core/runtime/playground/playground-sources.ts';
import { runPlayground } from '#core/runtime/playground/run-playground.ts';
import { KNOWN_CALENDARS } from '#core/runtime/known-calendars.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { format } from '#dsl/tools/format/format.ts';
import { type CheckedFile, checkFile } from '#dsl/tools/language-server/checked-file.ts';
import { completions } from '#dsl/tools/language-server/completion.ts';
import { hover } from '#dsl/tools/language-server/hover.ts';
import type { FoundFinding, Question, Questions } from '../messages.ts';
import { looksOf } from './looks.ts';
import { SHIPPED } from './shipped.ts';

type Answers = { readonly [Q in Question]: (ask: Questions[Q]['ask']) => Questions[Q]['answer'] };

const compiler = createCompiler();

/** The name of the text in messages. */
const FILE = 'playground.strat';

function check(text: string): CheckedFile {
  const { modules, models } = playgroundSources(SHIPPED);
  return checkFile(compiler, text, { modules: modules.source, models: models.source, calendars: KNOWN_CALENDARS });
}

function found(text: string, diagnostics: readonly Diagnostic[]): readonly FoundFinding[] {
  const lines = new LineMap(text);
  return diagnostics.map((finding) => ({ ...toJson(FILE, lines, finding), from: finding.span.start, to: finding.span.end }));
}

/** What the worker can be asked. @throws StratError in words for people */
export const ANSWERS: Answers = {
  inspect({ text }) {
    const { program, diagnostics, tokens, comments } = check(text);
    return {
      looks: looksOf(tokens, comments),
      findings: found(text, diagnostics),
      params:
        program?.params.map((param) => ({ ...param, choiceTexts: (param.choices ?? []).map((choice) => valueText(param, choice)) })) ??
        null,
      timeframe: program?.timeframe ?? null,
    };
  },
  complete: ({ text, at }) => completions(check(text), at),
  hover: ({ text, at }) => hover(check(text), at),
  format({ text }) {
    const formatted = format(text);
    return { text: formatted.ok ? formatted.text : null };
  },
  run({ request, moved }) {
    const started = performance.now();
    // What no param was moved of is compiled once.
    const params = moved.length === 0 ? [] : (check(request.text).program?.params ?? []);
    const set = movedTexts(params, moved);
    const result = runPlayground(compiler, { ...request, file: FILE, set }, SHIPPED);
    const tookMs = (): number => performance.now() - started;
    if (!result.ok) return { run: null, findings: found(request.text, result.error), metrics: [], values: {}, tookMs: tookMs() };
    const run = result.value;
    const values = Object.fromEntries(run.params.map((param) => [param.name, valueText(param, param.value)]));
    return { run, findings: [], metrics: metricTexts(run.document), values, tookMs: tookMs() };
  },
};
