import { redactText } from './redact-text.ts';

const MAX_CAUSES = 10;

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : `an unknown failure (${typeof error})`;
}

/**
 * What a user reads of an error: its message, then a line `because: ...` for each cause that adds something, without any
 * stack and without secrets. Never throws.
 */
export function explainError(error: unknown): string {
  const lines = [messageOf(error)];
  const seen = new Set<unknown>([error]);
  let current: unknown = error instanceof Error ? error.cause : undefined;
  while (current !== undefined && current !== null && !seen.has(current) && seen.size <= MAX_CAUSES) {
    seen.add(current);
    const message = messageOf(current);
    if (!lines.some((line) => line.includes(message))) lines.push(message);
    current = current instanceof Error ? current.cause : undefined;
  }
  return redactText(lines.map((line, index) => (index === 0 ? line : `  because: ${line}`)).join('\n'));
}
