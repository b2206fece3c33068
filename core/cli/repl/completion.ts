import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Compiler } from '#dsl/compile.ts';
import { checkFile } from '#dsl/tools/language-server/checked-file.ts';
import { completions } from '#dsl/tools/language-server/completion.ts';
import { lineKind } from './line-kind.ts';
import { REPL_COMMANDS } from './repl-commands.ts';

/** Commands whose argument is a file, and those whose argument is an expression. */
const OF_FILES: ReadonlySet<string> = new Set([':data', ':load', ':save']);

/**
 * What may stand at the end of a line in the place of its last word, and that word: what readline asks for. The language server proposes.
 * @param above the lines that are kept, with those of the file
 */
export function completed(line: string, above: string, compiler: Compiler): [string[], string] {
  const [, command = '', rest] = /^\s*(:\w*)(?:\s+([^]*))?$/.exec(line) ?? [];
  if (command !== '' && rest === undefined)
    return startingWith(
      command,
      REPL_COMMANDS.map(([name]) => name),
    );
  if (OF_FILES.has(command)) {
    const path = /\S*$/.exec(rest ?? '')![0];
    return startingWith(path, filesAt(path));
  }
  const text = rest ?? line;
  const source = `${above}\n${lineKind(text) === 'statement' && command === '' ? '' : 'plot '}${text}`;
  const { replace, proposals } = completions(checkFile(compiler, source), source.length);
  return startingWith(
    source.slice(replace.start, replace.end),
    proposals.map(({ label }) => label),
  );
}

/** In the order of the proposals. */
function startingWith(word: string, all: readonly string[]): [string[], string] {
  return [[...new Set(all)].filter((name) => name.startsWith(word)), word];
}

function filesAt(path: string): readonly string[] {
  const folder = path.endsWith('/') ? path : dirname(path);
  const prefix = path.includes('/') ? folder : '';
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => join(prefix, entry.name) + (entry.isDirectory() ? '/' : ''))
      .toSorted();
  } catch {
    return [];
  }
}
