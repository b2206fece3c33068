import { readFileSync } from 'node:fs';
import { CompletionRequest } from 'vscode-languageserver/node';
import { createCompiler } from '#dsl/compile.ts';
import { checkFile } from '#dsl/tools/language-server/checked-file.ts';
import { completions } from '#dsl/tools/language-server/completion.ts';
import { hover } from '#dsl/tools/language-server/hover.ts';
import { LspClient } from '../../tests/integration/lsp-client.ts';

const LINES = 200;

/** A program of 200 lines that has no error: a shipped strategy with further names of its kind, all of them read. */
export function longProgram(file: string): string {
  const source = readFileSync(file, 'utf8').trimEnd();
  const room = LINES - source.split('\n').length;
  const lines = Array.from({ length: room }, (_, at) =>
    at % 2 === 0
      ? `let line_${at} = ema(close, ${5 + at}) - sma(hlc3, ${20 + at})`
      : `plot line_${at - 1} + atr(${10 + at}) * 2 as "line ${at}"`,
  );
  return `${source}\n${lines.join('\n')}\n`;
}

/** Times of what an editor waits for, ms by name. Aim: under 50 ms each for diagnostics and completion. */
export async function editorTimes(file: string, rounds: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const source = longProgram(file);
  const compiler = createCompiler();
  const times = new Map<string, number[]>();
  const note = <T>(name: string, work: () => T): T => {
    const started = performance.now();
    const result = work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - started]);
    return result;
  };
  for (let round = 0; round < 2 * rounds; round++) {
    if (round === rounds) times.clear();
    const checked = note('editor: diagnostics of 200 lines', () => checkFile(compiler, `${source}# ${round}\n`));
    const wrong = checked.diagnostics.filter(({ severity }) => severity === 'error');
    if (wrong.length > 0) throw new Error(`the program of the benchmark is wrong: ${wrong[0]!.message}`);
    const at = source.indexOf('ema(close, 15)') + 4;
    note('editor: completion, checked before', () => completions(checked, at));
    note('editor: hover, checked before', () => hover(checked, at));
  }
  times.set('editor: completion behind an edit, over stdio', await stdioTimes(source, rounds));
  return times;
}

/** An edit, and the completion of the new text: the server checks it in between. */
async function stdioTimes(source: string, rounds: number): Promise<number[]> {
  const client = new LspClient();
  await client.start(null);
  const uri = await client.open('untitled:long', source);
  const at = source.indexOf('ema(close, 15)') + 4;
  const times: number[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    const started = performance.now();
    await client.edit(uri, source.length, source.length + (round % 2), round % 2 === 0 ? '#' : '');
    await client.connection.sendRequest(CompletionRequest.type, client.at(uri, at));
    times.push(performance.now() - started);
  }
  await client.stop();
  return times.slice(rounds);
}
