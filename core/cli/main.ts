import { StratError } from '#core/errors/strat-error.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { Command, CommandIo, ExitCode } from './command.ts';
import { parseCommandLine, usage } from './command-line.ts';
import { exitCodeOf } from './exit-code.ts';
import { commandHelp, overview } from './help.ts';
import { terminalIo } from './terminal-io.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Commands load when they are used: a check should not wait for the report's code. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: readonly CommandEntry[] = [
  { name: 'check', summary: 'find the mistakes in strategy files', load: async () => (await import('./commands/check.ts')).checkCommand },
  { name: 'backtest', summary: 'run a strategy over candles of the past', load: async () => (await import('./commands/backtest.ts')).backtestCommand },
  { name: 'run', summary: 'run the bot: paper trading on a generated or replayed market', load: async () => (await import('./commands/run.ts')).runCommand },
];

/** Runs one command line (without `node strat`); returns the exit code. Never throws. */
export async function main(argv: readonly string[], io: CommandIo = terminalIo()): Promise<ExitCode> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    io.err(`${error instanceof StratError ? '' : 'A fault of strat itself. '}${explainError(error)}\n`);
    if (!(error instanceof StratError) && io.env['STRAT_DEBUG'] !== undefined && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
    return exitCodeOf(error);
  }
}

async function dispatch(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [first, ...rest] = argv;
  const [second] = rest;
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    io.out(overview(COMMANDS, STRAT_VERSION));
    return first === undefined ? 2 : 0;
  }
  if (first === '--version' || first === '-v') {
    io.out(`${STRAT_VERSION}\n`);
    return 0;
  }
  const isHelp = first === 'help';
  const name = isHelp ? (second ?? '') : first;
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) {
    const hint = didYouMean(name, COMMANDS.map((command) => command.name));
    throw usage(`strat has no command "${name}"${hint === undefined ? '' : `; ${hint}`}`, null);
  }
  const command = await entry.load();
  if (isHelp || rest.includes('--help') || rest.includes('-h')) {
    io.out(commandHelp(command));
    return 0;
  }
  return await command.run(parseCommandLine(command, rest), io);
}
