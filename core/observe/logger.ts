import { type DestinationStream, destination, type Logger as PinoLogger, type LoggerOptions, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { redactText } from '#core/errors/redact-text.ts';
import { redactFields } from './redact.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type LogFields = Readonly<Record<string, unknown>>;
/** The message is a constant that can be searched for; what varies goes into fields. An error goes into the field `err`. */
interface LogCall {
  (message: string): void;
  (fields: LogFields, message: string): void;
}

export interface Logger {
  readonly trace: LogCall;
  readonly debug: LogCall;
  readonly info: LogCall;
  readonly warn: LogCall;
  readonly error: LogCall;
  readonly fatal: LogCall;
  /** A logger that adds these fields to each of its lines. */
  child(fields: LogFields): Logger;
}

export interface LoggerSettings {
  /** Least severity that is written; default info. */
  readonly level?: LogLevel;
  /** Lines for people instead of JSON; default: when the log goes to a terminal. */
  readonly pretty?: boolean;
  /** A file to append to, or a sink for lines; default is stderr. Never stdout: that is for results. */
  readonly destination?: string | { write(line: string): void };
}

const STDERR = 2;

function openSink(target: LoggerSettings['destination']): DestinationStream {
  if (typeof target === 'object') return target;
  // Synchronous: a line that was logged is there when the process dies in the next statement.
  return destination({ dest: target ?? STDERR, sync: true, mkdir: true, append: true });
}

function prettySink(sink: DestinationStream, colour: boolean): DestinationStream {
  const prettify = prettyFactory({ colorize: colour, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' });
  return { write: (line) => sink.write(prettify(line)) };
}

/** Fields named `err` and Error arguments reach `formatters.log` as they are; `redactFields` makes plain data of them. */
const OPTIONS: LoggerOptions = {
  base: { pid: process.pid },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  serializers: { err: (value: unknown) => value },
  formatters: {
    level: (label) => ({ level: label }),
    log: redactFields,
  },
  hooks: {
    logMethod(args, method) {
      const clean = args.map((arg: unknown) => (typeof arg === 'string' ? redactText(arg) : arg));
      const [first, ...rest] = clean;
      if (first instanceof Error && rest.length === 0) clean.push(redactText(first.message));
      Reflect.apply(method, this, clean);
    },
  },
};

/** Pino's formatter does not see the fields of a child, so the child is made here. */
function wrap(logger: PinoLogger): Logger {
  return {
    trace: logger.trace.bind(logger),
    debug: logger.debug.bind(logger),
    info: logger.info.bind(logger),
    warn: logger.warn.bind(logger),
    error: logger.error.bind(logger),
    fatal: logger.fatal.bind(logger),
    child: (fields) => wrap(logger.child(redactFields(fields))),
  };
}

/**
 * JSON lines (one object a line: level, time in ISO 8601 UTC, pid, the fields, msg) to stderr or a file, or lines for
 * people on a terminal. Secrets are taken out by field name at any depth and by form inside texts. No worker thread, so
 * nothing is lost or left hanging at exit.
 */
export function createLogger(settings: LoggerSettings = {}): Logger {
  const terminal = settings.destination === undefined && process.stderr.isTTY;
  const sink = openSink(settings.destination);
  const colour = terminal && (process.env['NO_COLOR'] ?? '') === '';
  const stream = (settings.pretty ?? terminal) ? prettySink(sink, colour) : sink;
  return wrap(pino({ ...OPTIONS, level: settings.level ?? 'info' }, stream));
}
