import { STRAT_VERSION } from '#core/runtime/version.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import type { CommandEntry, CommandIo, ExitCode } from './command.ts';
import { parseCommandLine, usage } from './command-line.ts';
import { errorText } from './error-text.ts';
import { jsonText } from './render/json-text.ts';
import { exitCodeOf } from './exit-code.ts';
import { commandHelp, overview } from './help.ts';
import { terminalIo } from './terminal-io.ts';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'find the mistakes in strategy files',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'fmt',
    summary: 'put strategy files into the one style',
    load: async () => (await import('./commands/fmt.ts')).fmtCommand,
  },
  {
    name: 'eval',
    summary: 'compute an expression at every bar: a table, a chart, a picture',
    load: async () => (await import('./commands/eval.ts')).evalCommand,
  },
  {
    name: 'lsp',
    summary: 'serve editors: mistakes while you type, hover, completion, rename',
    load: async () => (await import('./commands/lsp.ts')).lspCommand,
  },
  {
    name: 'repl',
    summary: 'try the language out, line by line, on candles',
    load: async () => (await import('./commands/repl.ts')).replCommand,
  },
  {
    name: 'import',
    summary: 'translate a Pine strategy, and tell what could not be',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  {
    name: 'backtest',
    summary: 'run a strategy over candles of the past',
    load: async () => (await import('./commands/backtest.ts')).backtestCommand,
  },
  {
    name: 'sweep',
    summary: 'run a strategy with many values of its params, and rank them',
    load: async () => (await import('./commands/sweep.ts')).sweepCommand,
  },
  {
    name: 'data',
    summary: 'the store of candles, trades and rates: what is there, its versions, export, checks',
    load: async () => (await import('./commands/data.ts')).dataCommand,
  },
  {
    name: 'scan',
    summary: 'filter and rank the markets of the store, as they were known at a moment',
    load: async () => (await import('./commands/scan.ts')).scanCommand,
  },
  {
    name: 'explain',
    summary: 'say why a bar traded, or why it did not',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'test',
    summary: 'run the tests of strategies: given bars, the fills they must give, and what must never happen',
    load: async () => (await import('./commands/test.ts')).testCommand,
  },
  {
    name: 'diff',
    summary: 'compare two strategies: rules that mean something else, trades that come and go, and why the profits differ',
    load: async () => (await import('./commands/diff.ts')).diffCommand,
  },
  {
    name: 'verify',
    summary: 'run a backtest again from its receipt and compare every number',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'report',
    summary: 'compare two results: figures side by side, trades that come and go',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'run',
    summary: 'run the bot: paper trading on live bars of a venue, or a generated or replayed market',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    name: 'playground',
    summary: 'try out strategies in the browser, without a bot',
    load: async () => (await import('./commands/playground.ts')).playgroundCommand,
  },
  {
    name: 'status',
    summary: 'show the running bot, its strategies and its problems',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'pause',
    summary: 'let a running strategy enter nothing more',
    load: async () => (await import('./commands/pause.ts')).pauseCommand,
  },
  {
    name: 'resume',
    summary: 'let a paused strategy trade again',
    load: async () => (await import('./commands/resume.ts')).resumeCommand,
  },
  {
    name: 'flatten',
    summary: 'close the position of a running strategy, and pause it',
    load: async () => (await import('./commands/flatten.ts')).flattenCommand,
  },
  {
    name: 'kill',
    summary: 'the kill switch: close positions, then stop the strategies',
    load: async () => (await import('./commands/kill.ts')).killCommand,
  },
  {
    name: 'doctor',
    summary: 'find out what is wrong with the config, its strategies and its plugins',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'plugin',
    summary: 'list plugins, pin indicators in strat.lock, check a folder',
    load: async () => (await import('./commands/plugin.ts')).pluginCommand,
  },
];

const HELP_WORDS: ReadonlySet<string> = new Set(['--help', '-h']);
const VERSION_WORDS: ReadonlySet<string> = new Set(['--version', '-v', '-V']);

/** Runs one command line (without `node strat`); returns the exit code. Never throws. */
export async function main(argv: readonly string[], io: CommandIo = terminalIo()): Promise<ExitCode> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    io.err(`${errorText(error)}\n`);
    // Who asked for a document gets one, whatever happened.
    if (argv.includes('--json')) outIfPossible(io, jsonText({ error: { code: codeOf(error), message: errorText(error) } }));
    if (io.env['STRAT_DEBUG'] !== undefined && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
    return exitCodeOf(error);
  }
}

const codeOf = (error: unknown): string => (isStratError(error) ? error.code : 'INTERNAL');

/** What was wrong may be the output itself, which has been said. */
function outIfPossible(io: CommandIo, text: string): void {
  try {
    io.out(text);
  } catch {
    // The exit code still tells.
  }
}

async function dispatch(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [first, ...rest] = argv;
  const [second] = rest;
  if (first === undefined) {
    io.err(overview(COMMANDS, STRAT_VERSION, io.width));
    return 2;
  }
  if (HELP_WORDS.has(first) || (first === 'help' && (second === undefined || HELP_WORDS.has(second)))) {
    io.out(overview(COMMANDS, STRAT_VERSION, io.width));
    return 0;
  }
  if (VERSION_WORDS.has(first)) {
    io.out(`${STRAT_VERSION}\n`);
    return 0;
  }
  const isHelp = first === 'help';
  const words = isHelp ? rest : argv;
  let command = await entryOf(words[0] ?? '').load();
  let args = words.slice(1);
  const inner = command.subcommands?.find(({ name }) => name === args[0]);
  if (inner !== undefined) {
    command = await inner.load();
    args = args.slice(1);
  }
  const end = args.indexOf('--');
  if (isHelp || args.slice(0, end < 0 ? args.length : end).some((word) => HELP_WORDS.has(word))) {
    io.out(commandHelp(command, io.width));
    return 0;
  }
  return command.run(parseCommandLine(command, args), io);
}

function entryOf(name: string): CommandEntry {
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry !== undefined) return entry;
  const isOption = name.startsWith('-');
  const hint = didYouMean(name, isOption ? ['--help', '--version'] : [...COMMANDS.map((command) => command.name), 'help']);
  throw usage(`strat has no ${isOption ? 'option' : 'command'} "${name}"${hint === undefined ? '' : `; ${hint}`}`, null);
}
