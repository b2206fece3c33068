import { join } from 'node:path';
import { prepareStrategy, type PreparedStrategy } from '../../core/runtime/prepare-strategy.ts';
import { createCompiler } from '../../dsl/compile.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { frame } from '../../dsl/diagnostics/frame.ts';
import { LineMap } from '../../dsl/diagnostics/line-map.ts';
import type { ErrorExample } from './error-examples.ts';
import { ExampleFolder } from './example-folder.ts';
import { runOnGenerated } from './run-part.ts';
import { wholeStrategy } from './strategy-part.ts';

/** What strat says of a program: a code, and the lines that a terminal shows. */
export interface Answer {
  readonly code: string;
  readonly text: string;
}

/** What both programs of an example are answered with. */
export interface ExampleAnswers {
  readonly wrong: readonly Answer[];
  readonly right: readonly Answer[];
}

/** Of generated candles: they are no finding. */
const QUIET = new Set(['SYNTHETIC', 'FEW_TRADES', 'ONE_TRADE', 'TOO_GOOD', 'HIGH_SHARPE']);

/** Checks both programs of each example, and runs those whose code only a run tells. */
export async function answersOf<K extends string>(examples: Readonly<Record<K, ErrorExample>>): Promise<ReadonlyMap<K, ExampleAnswers>> {
  const compiler = createCompiler();
  const folder = new ExampleFolder(compiler);
  const path = join(folder.path, 'example.strat');
  const ask = async (part: string, isRun: boolean): Promise<readonly Answer[]> => {
    const text = wholeStrategy(part);
    const prepared = prepareStrategy(compiler, text, 'example.strat', { path, indicators: folder.shelf });
    const map = new LineMap(text);
    const shown = (finding: Diagnostic): Answer => ({ code: finding.code, text: frame(map, finding).trimEnd() });
    if (!prepared.ok) return prepared.error.map(shown);
    return [...prepared.value.warnings.map(shown), ...(isRun ? await warningsOf(prepared.value) : [])];
  };
  try {
    const answers = new Map<K, ExampleAnswers>();
    for (const [code, { wrong, right, files = {}, told }] of Object.entries(examples) as [K, ErrorExample][]) {
      for (const [file, text] of Object.entries(files)) folder.write(file, text);
      answers.set(code, { wrong: await ask(wrong, told === 'run'), right: await ask(right, told === 'run') });
    }
    return answers;
  } finally {
    folder.remove();
  }
}

async function warningsOf(prepared: PreparedStrategy): Promise<readonly Answer[]> {
  const { warnings } = (await runOnGenerated(prepared)).document;
  return warnings.filter(({ code }) => !QUIET.has(code)).map(({ code, message }) => ({ code, text: `${code} ${message}` }));
}
