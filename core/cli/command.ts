/** Where a command reads and writes; tests hand in their own. */
export interface CommandIo {
  /** Results: one JSON document with `--json`, else text for people. */
  readonly out: (text: string) => void;
  /** Messages that are not the result. */
  readonly err: (text: string) => void;
  /** Width of the terminal in columns; 80 elsewhere. Whether to fit a text to it is for the command to say. */
  readonly width: number;
  /** stdout is a terminal that shows colours (NO_COLOR respected). */
  readonly color: boolean;
  /** stdout is a terminal. */
  readonly isTerminal: boolean;
  /** stderr is a terminal: a line there may be written over. */
  readonly showsProgress: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One option of a command, as help shows it and the parser reads it. */
export interface CommandOption {
  /** Long name without dashes: `data`. */
  readonly name: string;
  /** Name of its value in help (`PATH`); none = a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly isMany?: boolean;
  readonly help: string;
  /** Heading that help shows it under; none = `Options`. */
  readonly group?: string;
}

/** What the command line gave: options by name, and what stood alone. */
export interface CommandInput {
  readonly args: readonly string[];
  readonly flag: (name: string) => boolean;
  /** The last value given, or undefined. */
  readonly value: (name: string) => string | undefined;
  readonly values: (name: string) => readonly string[];
}

/**
 * 0 ok, 1 the user's input is wrong, 2 wrong usage, 3 a fault of ours or of the outside (architecture.md section 6); 130 stopped by Ctrl-C,
 * which is what a shell reports of a process that SIGINT ended.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** A command by its name. It loads when it is used: a check should not wait for the report's code. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export interface Command {
  /** As typed behind `strat`, that of a subcommand with the word before it: `data list`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Synopsis behind `strat`: `check FILE...`. */
  readonly usage: string;
  /** Text of `--help` below the synopsis; line breaks are set by the width of the terminal. */
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** Lines of examples for `--help`. */
  readonly examples: readonly string[];
  /** Commands of their own behind its name, by their last word. */
  readonly subcommands?: readonly CommandEntry[];
  readonly run: (input: CommandInput, io: CommandIo) => Promise<ExitCode>;
}
