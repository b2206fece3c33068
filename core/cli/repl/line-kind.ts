import { STATEMENT_WORDS } from '#dsl/grammar/words.ts';

/** Statements that give names, which the REPL keeps. */
export const KEPT_WORDS: ReadonlySet<string> = new Set(['let', 'param', 'def', 'export', 'use', 'chart', 'session', 'regime']);

const TRADING_WORDS: ReadonlySet<string> = new Set(STATEMENT_WORDS);

/** What a line asks for. `unfinished`: more of it has to come. */
export type LineKind = 'empty' | 'command' | 'statement' | 'trading' | 'expression' | 'unfinished';

export function lineKind(text: string): LineKind {
  const line = text.trim();
  if (line.startsWith(':')) return 'command';
  const bare = withoutTexts(line).trim();
  if (bare === '') return 'empty';
  if (openBrackets(bare) > 0) return 'unfinished';
  const word = /^[a-z]+(?![\w(.])/.exec(bare)?.[0] ?? '';
  if (KEPT_WORDS.has(word)) return 'statement';
  return TRADING_WORDS.has(word) ? 'trading' : 'expression';
}

/** Brackets that are still open. */
function openBrackets(text: string): number {
  let open = 0;
  for (const char of text) {
    if ('([{'.includes(char)) open += 1;
    else if (')]}'.includes(char)) open -= 1;
  }
  return open;
}

/** Without texts and comments, in which brackets mean nothing. */
function withoutTexts(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|#[^\n]*/g, (part) => (part.startsWith('#') ? '' : '""'));
}
