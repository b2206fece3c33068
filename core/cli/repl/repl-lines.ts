import { KEPT_WORDS } from './line-kind.ts';

/** A statement that was typed and is kept: `let a = close`. */
export interface KeptLine {
  /** What it defines; null of a `use` line, and of what has no name. */
  readonly name: string | null;
  readonly text: string;
}

/** Name that a statement defines. */
export function nameOf(text: string): string | null {
  const match = /^(?:export\s+)?([a-z]+)\s+([a-z]\w*)/.exec(text.trim());
  const [, word, name] = match ?? [];
  return word === undefined || name === undefined || !KEPT_WORDS.has(word) || word === 'use' || word === 'chart' || word === 'require'
    ? null
    : name;
}

/**
 * The ways in which a new line can join the others: a name that is there already gets its new meaning where the old one stood, or at the end, where
 * it may use names that came later.
 */
export function joined(lines: readonly KeptLine[], text: string): readonly (readonly KeptLine[])[] {
  const line: KeptLine = { name: nameOf(text), text };
  const place = line.name === null ? -1 : lines.findIndex(({ name }) => name === line.name);
  if (place < 0) return [[...lines, line]];
  return [lines.with(place, line), [...lines.toSpliced(place, 1), line]];
}
