import { createInterface, type Interface } from 'node:readline';
import type { Command, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { jsonText } from '../render/json-text.ts';
import { historyPath, readHistory, writeHistory } from '../repl/history-file.ts';
import { lineKind } from '../repl/line-kind.ts';
import { type ReplAnswer, ReplSession } from '../repl/repl-session.ts';
import { nameFile, SOURCE_OPTIONS, sourceRequest } from '../series/source-options.ts';

const PROMPT = 'strat> ';
const MORE = '  ...> ';

export const replCommand: Command = {
  name: 'repl',
  summary: 'try the language out, line by line, on candles',
  usage: 'repl [--data PATH] [--file FILE] [OPTIONS]',
  description:
    'Reads a line, answers, and reads the next. An expression is answered with its value at the last bar and how it came there; lines with let, param, def, use, chart, session and regime are kept, and what they define can be used below. :help tells what else there is.\n\nTab completes names, the arrow keys bring back earlier lines, those of earlier sessions too, Ctrl-C clears the line and Ctrl-D ends. Lines may come from a pipe; then the exit code is 1 when one of them was wrong.',
  options: [...SOURCE_OPTIONS, { name: 'json', help: 'of lines from a pipe: print one JSON array, what each was answered with' }],
  examples: [
    'strat repl',
    'strat repl --data binance_BTC-USDT_1h.csv.gz',
    'echo "rsi(14) on 4h" | strat repl --data binance_BTC-USDT_1h.csv.gz',
  ],
  async run(input, io) {
    if (input.args.length > 0) throw usage('The REPL takes no arguments: --data PATH for candles, --file FILE for names', replCommand);
    const session = new ReplSession(replCommand, sourceRequest(replCommand, input, io), nameFile(input), io);
    // Before the first line is asked for: candles that cannot be read are told at once.
    const about = await session.about();
    if (about.isWrong) {
      io.err(about.text);
      return 1;
    }
    const isTalk = process.stdin.isTTY === true && io.isTerminal;
    if (input.flag('json')) return readAsDocument(session, io);
    return isTalk ? talk(session, about.text, io) : readAll(session, (answer) => (answer.isWrong ? io.err : io.out)(answer.text));
  },
};

/** Lines from a pipe or a file. @param tell what each was answered with */
async function readAll(session: ReplSession, tell: (answer: ReplAnswer, line: string) => void): Promise<ExitCode> {
  let worst: ExitCode = 0;
  let text = '';
  const answer = async (): Promise<boolean> => {
    const line = text;
    text = '';
    const given = await session.answer(line);
    if (given.isWrong) worst = 1;
    if (line.trim() !== '') tell(given, line);
    return given.isEnd === true;
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    text = text === '' ? line : `${text}\n${line}`;
    if (line.trim() !== '' && lineKind(text) === 'unfinished') continue;
    if (await answer()) return worst;
  }
  await answer();
  return worst;
}

async function readAsDocument(session: ReplSession, io: CommandIo): Promise<ExitCode> {
  const answers: { readonly line: string; readonly isWrong: boolean; readonly text: string }[] = [];
  const code = await readAll(session, ({ isWrong, text }, line) => void answers.push({ line, isWrong, text: text.trimEnd() }));
  io.out(jsonText(answers));
  return code;
}

/** A person at a terminal. */
async function talk(session: ReplSession, about: string, io: CommandIo): Promise<ExitCode> {
  const path = historyPath(io.env);
  io.out(`${about}An expression is answered with its value; :help tells what else there is.\n`);
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: PROMPT,
    history: readHistory(path),
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string) => session.complete(line),
  });
  terminal.on('history', (lines: string[]) => writeHistory(path, lines));
  let text = '';
  terminal.on('SIGINT', () => {
    if (terminal.line === '' && text === '') io.out('\n(Ctrl-D or :quit ends)\n');
    else io.out('\n');
    text = '';
    terminal.setPrompt(PROMPT);
    clearLine(terminal);
    terminal.prompt();
  });
  terminal.prompt();
  for await (const line of terminal) {
    text = text === '' ? line : `${text}\n${line}`;
    if (line.trim() !== '' && lineKind(text) === 'unfinished') {
      terminal.setPrompt(MORE);
      terminal.prompt();
      continue;
    }
    const answer = await session.answer(text);
    text = '';
    io.out(answer.text);
    if (answer.isEnd === true) {
      terminal.close();
      return 0;
    }
    terminal.setPrompt(PROMPT);
    terminal.prompt();
  }
  io.out('\n');
  return 0;
}

/** Empties the line that is being typed. */
function clearLine(terminal: Interface): void {
  terminal.write(null, { ctrl: true, name: 'e' });
  terminal.write(null, { ctrl: true, name: 'u' });
}
