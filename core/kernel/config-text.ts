import type { ConfigChange } from '#core/config/diff-config.ts';

/** `http.port: 8321 -> 8080` */
export function changeText({ path, kind, before, after }: ConfigChange): string {
  return kind === 'changed' ? `${path}: ${before ?? ''} -> ${after ?? ''}` : `${path} ${kind}`;
}
