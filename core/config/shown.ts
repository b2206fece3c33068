import { isSecretName, REDACTED } from '#core/errors/redact-text.ts';
import type { Step, Tree } from './tree.ts';

const MAX_SHOWN = 60;

/** A text in quotes, cut, with every character that could move a cursor or hide another one written out. */
export function quoted(text: string, limit = MAX_SHOWN): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return JSON.stringify(cut).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** What was found, in a word or two: `5`, `"a text"`, `a list`; never a secret. */
export function shown(node: Tree | undefined, steps: readonly Step[], isSecret: boolean): string {
  if (node === undefined) return 'nothing';
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (isSecret || steps.some((step) => typeof step === 'string' && isSecretName(step))) return REDACTED;
  return typeof node.value === 'string' ? quoted(node.value) : String(node.value);
}
