import type { ConfigChange } from '#core/config/diff-config.ts';
import type { ConfigFinding } from '#core/config/finding.ts';

/** `strat.yaml:4:9: message. hint` */
export function findingText(path: string | null, { line, column, message, hint }: ConfigFinding): string {
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  return `${path ?? 'config'}${place}: ${message}${hint === null ? '' : `. ${hint}`}`;
}

/** `http.port: 8321 -> 8080` */
export function changeText({ path, kind, before, after }: ConfigChange): string {
  return kind === 'changed' ? `${path}: ${before ?? ''} -> ${after ?? ''}` : `${path} ${kind}`;
}
