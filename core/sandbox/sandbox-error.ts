import { StratError } from '#core/errors/strat-error.ts';

export interface IsolateLimits {
  /** Heap of the isolate in MB, at least 8. isolated-vm: a guideline, hostile text reaches two to three times it before it ends. */
  readonly memoryMb: number;
  /** Wall time of one call, in ms. */
  readonly timeoutMs: number;
}

/** Text from inside a sandbox made fit for a log: one line, printable, at most 200 characters. */
export function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

export function isStratError(thrown: unknown): thrown is StratError {
  return thrown instanceof StratError;
}

/** What isolated-vm threw, as an error for users; the texts are those of isolated-vm 7. */
export function sandboxError(thrown: unknown, limits: IsolateLimits): StratError {
  if (isStratError(thrown)) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const options = { cause: thrown };
  if (text === 'Script execution timed out.') return new StratError('SANDBOX_TIMEOUT', { timeoutMs: limits.timeoutMs }, options);
  if (text.includes('due to memory limit') || text === 'Array buffer allocation failed' || text === 'Invalid typed array length') {
    return new StratError('SANDBOX_MEMORY', { memoryMb: limits.memoryMb }, options);
  }
  return new StratError('SANDBOX_CRASHED', { reason: printable(text) || 'no reason given' }, options);
}
