import { isStratError } from '#core/errors/strat-error.ts';
import { createCompiler } from '#dsl/compile.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { explainedExpressions } from '#dsl/tools/explain/rule-conditions.ts';
import { format } from '#dsl/tools/format/format.ts';
import type { ToolAnswer, ToolRequest } from '#core/ports/language-tools.ts';
import type { MarketData } from '../market-data.ts';
import { KNOWN_CALENDARS } from '../known-calendars.ts';
import { DEFAULT_LIMITS, runStrategies } from '../backtest.ts';
import { diffRuns } from '../diff/diff-runs.ts';
import { explain } from '../explain/explain.ts';
import type { DiffedRun } from '../diff/run-positions.ts';
import type { StrategyOnMarkets } from '../portfolio/strategy-on-markets.ts';
import { type PreparedStrategy, type PrepareRequest, prepareStrategy } from '../prepare-strategy.ts';
import { computePrepared, prepareSeriesOnDisk } from '../series/compute-series.ts';
import { evalDocument, shownBars } from '../series/eval-document.ts';

/** A strategy of the bot as its tools see it: what it is made of, and the bars that it has seen. */
export interface ToolStrategy {
  readonly file: string;
  readonly text: string;
  /** What it is prepared for. */
  readonly request: PrepareRequest;
  /** In the order in which it trades them. */
  readonly markets: readonly MarketData[];
}

/** Runs a tool of the language. What a user got wrong is an answer, not an error. */
export async function answerTool(request: ToolRequest, strategy: ToolStrategy | null): Promise<ToolAnswer> {
  try {
    switch (request.tool) {
      case 'check':
        return checked(request.source);
      case 'format':
        return formatted(request.source);
      case 'eval':
        return await evaluated(request, strategy!);
      case 'diff':
        return await compared(request.source, strategy!);
      case 'explain':
        return await explained(request, strategy!);
    }
  } catch (error) {
    if (!isStratError(error)) throw error;
    return wrong(error.message, '');
  }
}

const wrong = (text: string, hint: string): ToolAnswer => ({ ok: false, code: 'WRONG', text, hint });

async function evaluated(
  { expressions, market, last }: Extract<ToolRequest, { readonly tool: 'eval' }>,
  { file, text, request, markets }: ToolStrategy,
): Promise<ToolAnswer> {
  const data = markets.find((one) => one.market === market) ?? markets[0]!;
  if (data.columns.time.length === 0) return NO_BARS;
  const { path = file, set = new Map<string, string>() } = request;
  const series = prepareSeriesOnDisk(createCompiler(), {
    expressions,
    file: text,
    path,
    set,
    market: data.market,
    timeframe: data.timeframe.name,
  });
  if (!series.ok) {
    const texts = expressions.map((one, place) => ({
      name: `expression ${place + 1}`,
      text: one,
      findings: series.error.expressions[place]!,
    }));
    return wrong(firstError(texts) ?? 'the file of the strategy has mistakes', 'See docs/language.md');
  }
  const computed = await computePrepared(series.value, data);
  return { ok: true, document: evalDocument(file, data, series.value, computed, data.warnings, shownBars(data, { last, at: null })) };
}

/** Why the strategy did on a bar what it did. */
async function explained(
  { at, market }: Extract<ToolRequest, { readonly tool: 'explain' }>,
  { file, text, request, markets }: ToolStrategy,
): Promise<ToolAnswer> {
  if (markets.some(({ columns }) => columns.time.length === 0)) return NO_BARS;
  const prepared = prepareStrategy(createCompiler(), text, file, { ...request, watchValues: explainedExpressions });
  if (!prepared.ok)
    return wrong(firstError([{ name: 'the strategy', text, findings: prepared.error }]) ?? 'it has mistakes', 'See docs/language.md');
  const strategies = [labelled(prepared.value, markets)];
  const only = market === null ? null : [market];
  return { ok: true, document: await explain({ strategies, at, only, rules: [], limits: DEFAULT_LIMITS }) };
}

/** What another text would have done in the place of the strategy. */
async function compared(source: string, { file, text, request, markets }: ToolStrategy): Promise<ToolAnswer> {
  if (markets.some(({ columns }) => columns.time.length === 0)) return NO_BARS;
  const compiler = createCompiler();
  const runs: DiffedRun[] = [];
  for (const [name, read] of [
    ['the strategy', text],
    ['the source', source],
  ] as const) {
    const prepared = prepareStrategy(compiler, read, file, request);
    if (!prepared.ok)
      return wrong(firstError([{ name, text: read, findings: prepared.error }]) ?? `${name} has mistakes`, 'See docs/language.md');
    const before = runs[0]?.prepared.program.markets.join(', ');
    const after = prepared.value.program.markets.join(', ');
    if (before !== undefined && before !== after)
      return wrong(`the source trades ${after}, the strategy ${before}`, 'Bars of other markets are not there');
    runs.push({ prepared: prepared.value, result: await runStrategies([labelled(prepared.value, markets)], LIMITS, {}) });
  }
  return { ok: true, document: diffRuns(runs[0]!, runs[1]!) };
}

function labelled(prepared: PreparedStrategy, markets: readonly MarketData[]): StrategyOnMarkets {
  return { label: prepared.source.name, prepared, markets };
}

/** No resampling: nobody reads it here. */
const LIMITS = { ...DEFAULT_LIMITS, seed: null };

interface ReadText {
  readonly name: string;
  readonly text: string;
  readonly findings: readonly Diagnostic[];
}

/** The first error of texts: `expression 2, 1:7: E0201 there is no name "slwo"`. */
function firstError(texts: readonly ReadText[]): string | null {
  for (const { name, text, findings } of texts) {
    const error = findings.find(({ severity }) => severity === 'error');
    if (error === undefined) continue;
    const { line, column } = new LineMap(text).position(error.span.start);
    return `${name}, ${line}:${column}: ${error.code} ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`;
  }
  return null;
}

const NO_BARS = wrong('the strategy has seen no bar yet', 'Ask again when it has');

/** A source that came by itself: it has no folder, so it imports nothing. */
function checked(source: string): ToolAnswer {
  const { diagnostics } = createCompiler().compile(source, { calendars: KNOWN_CALENDARS });
  return { ok: true, document: { schema: 'strat.check/1', findings: findingsOf(source, diagnostics) } };
}

function formatted(source: string): ToolAnswer {
  const result = format(source);
  const said = result.ok ? { text: result.text, findings: [] } : { text: null, findings: findingsOf(source, result.diagnostics) };
  return { ok: true, document: { schema: 'strat.format/1', ...said } };
}

function findingsOf(source: string, diagnostics: readonly Diagnostic[]): readonly object[] {
  const lines = new LineMap(source);
  return diagnostics.map((finding) => toJson('source', lines, finding));
}
