import type { Market } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { Compiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { format } from '#dsl/tools/format/format.ts';
import type { ImportTarget } from './bound-call.ts';
import { parsePine } from './parse-pine.ts';
import type { PineError } from './pine-nodes.ts';
import { onlySide } from './orders.ts';
import { type Remark, Remarks } from './report.ts';
import { SaidBuilder } from './said-builder.ts';
import { ScriptTooLarge } from './said-store.ts';
import { sameUnit } from './said.ts';
import type { Likeness } from './script-names.ts';
import { ScriptRunner } from './script-runner.ts';
import { writeProgram } from './write-program.ts';

export interface ImportOptions {
  /** Pine runs on the chart that is open; a strategy names its market and its bars. */
  readonly market: Market;
  readonly timeframe: Timeframe;
}

/** What became of a script; the document of `strat import pine --json`. */
export interface PineImport {
  readonly schema: 'strat.import/1';
  readonly from: 'pine';
  /** Of the script's `//@version=`; null = not said. */
  readonly version: number | null;
  readonly title: string | null;
  /** The program in the one style; null: nothing could be translated. */
  readonly program: string | null;
  /** Whether the program compiles as it is. */
  readonly compiles: boolean;
  /** Mistakes in the text of the script. */
  readonly errors: readonly PineError[];
  readonly remarks: readonly Remark[];
}

/** Translates a Pine strategy. Never throws on what a script can hold. */
export function importPine(source: string, options: ImportOptions, compiler: Compiler): PineImport {
  const script = parsePine(source);
  let remarks = new Remarks();
  const result = (program: string | null, compiles: boolean, title: string | null): PineImport => ({
    schema: 'strat.import/1',
    from: 'pine',
    version: script.version,
    title,
    program,
    compiles,
    errors: script.errors,
    remarks: remarks.all(),
  });
  if (script.errors.length > 0) return result(null, false, null);
  const target = targetOf(options);
  try {
    let runner = new ScriptRunner(script, new SaidBuilder(remarks, null), remarks, target);
    for (let run = 0; run < MAX_RUNS; run++) {
      const likeness = runner.names.likenesses;
      const side = onlySide(runner.orders);
      const isSame = side === runner.say.onlySide;
      remarks = new Remarks();
      runner = new ScriptRunner(script, new SaidBuilder(remarks, side), remarks, target, likeness);
      if (isSame && isAlike(likeness, runner.names.likenesses)) break;
    }
    const { header } = runner;
    if (header === null) {
      const what = runner.isIndicator ? 'it is an indicator: it trades nothing' : 'there is no strategy(...) that says what it is';
      remarks.dropped({ line: 1, column: 1 }, runner.isIndicator ? 'indicator(...)' : 'the script', `${what}; strat imports strategies`);
      return result(null, false, null);
    }
    const text = writeProgram(runner, header, target, remarks);
    if (text === null) {
      remarks.dropped(header, 'strategy(...)', 'none of its entries could be translated, or it has none');
      return result(null, false, header.title);
    }
    const formatted = format(text);
    const program = formatted.ok ? formatted.text : text;
    const isRight = tellErrors(program, compiler, remarks);
    return result(program, isRight, header.title);
  } catch (error) {
    if (!(error instanceof ScriptTooLarge)) throw error;
    remarks.dropped({ line: 1, column: 1 }, 'the script', 'it is larger than what strat translates: 100,000 parts, 4,000 of one value');
    return result(null, false, null);
  }
}

/** Runs until the units of variables that read each other are known: one more for each that waits for another. */
const MAX_RUNS = 4;

const isAlike = (a: readonly Likeness[], b: readonly Likeness[]): boolean =>
  a.length === b.length &&
  a.every((one, at) => one.kind === b[at]!.kind && sameUnit(one.unit, b[at]!.unit) && one.mayBeNa === b[at]!.mayBeNa && !b[at]!.isFixed);

/** What the checker says against the program, as remarks that it needs a hand. @returns whether it compiles */
function tellErrors(program: string, compiler: Compiler, remarks: Remarks): boolean {
  const errors = compiler.compile(program).diagnostics.filter(({ severity }) => severity === 'error');
  const lines = new LineMap(program);
  for (const { code, span, message, hint } of errors.slice(0, 20)) {
    const { line } = lines.position(span.start);
    const where = lines.lineText(line).trim().slice(0, 80);
    remarks.hand({ line: 0, column: 0 }, where, `line ${line} of the program: ${code} ${message}${hint === undefined ? '' : `; ${hint}`}`);
  }
  return errors.length === 0;
}

/** A bare ticker, such as that of a stock, is paid in dollars. */
const targetOf = ({ market: { name, base, quote }, timeframe }: ImportOptions): ImportTarget => ({
  market: name,
  base,
  quote: quote ?? 'USD',
  timeframe,
});
