import { type ErrorCode, isStratError } from '#core/errors/strat-error.ts';
import type { ExitCode } from './command.ts';

/** Errors that are a fault of ours or of the outside; the others are the user's input. */
const FAULTS: ReadonlySet<ErrorCode> = new Set([
  'INTERNAL',
  'SANDBOX_INPUT',
  'SANDBOX_CRASHED',
  'SANDBOX_STUCK',
  'SANDBOX_TIMEOUT',
  'SANDBOX_MEMORY',
  'RUNNER_FAILED',
  'HTTP_PORT_BUSY',
  'HTTP_LISTEN',
  'STORE_BUSY',
  'STORE_FULL',
  'STORE_DAMAGED',
  'BOT_NOT_RUNNING',
  'BOT_UNREACHABLE',
  'BOT_ANSWER',
]);

export function exitCodeOf(error: unknown): ExitCode {
  if (!isStratError(error)) return 3;
  if (error.code === 'USAGE') return 2;
  if (error.code === 'SANDBOX_CANCELLED' || error.code === 'SCAN_CANCELLED') return 130;
  return FAULTS.has(error.code) ? 3 : 1;
}
