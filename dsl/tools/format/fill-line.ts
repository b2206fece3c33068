/** A word of a line, with what stands between it and the one before. */
export interface LineWord {
  readonly text: string;
  /** The line may be broken before it; the lower the better. null = not here. */
  readonly breakLevel: number | null;
  readonly isSpaced: boolean;
}

/** Lines are broken where they would be longer. */
export const MAX_WIDTH = 120;
const STEP = 2;
/** A break that leaves less than this share of a line is the last choice. */
const MIN_FILL = 0.4;

/** The words of a line as one line, or as several where they do not fit; all but the first are indented by a step more. */
export function fillLine(words: readonly LineWord[], indent: number, isContinued: boolean): string[] {
  const lines: string[] = [];
  let from = 0;
  let margin = isContinued ? indent + STEP : indent;
  while (from < words.length) {
    const to = lineEnd(words, from, MAX_WIDTH - margin);
    lines.push(' '.repeat(margin) + textOf(words, from, to));
    from = to;
    margin = indent + STEP;
  }
  return lines;
}

export function textOf(words: readonly LineWord[], from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += (at > from && words[at]!.isSpaced ? ' ' : '') + words[at]!.text;
  return text;
}

/** The word that the next line begins with. */
function lineEnd(words: readonly LineWord[], from: number, room: number): number {
  let width = 0;
  let best: { readonly at: number; readonly rank: number } | null = null;
  for (let at = from; at < words.length; at++) {
    const { text, isSpaced, breakLevel } = words[at]!;
    if (at > from && breakLevel !== null) {
      // Beyond the room only where there was no place before.
      if (width > room && best !== null) return best.at;
      const rank = breakLevel + (width < room * MIN_FILL ? 1000 : 0);
      if (best === null || rank <= best.rank) best = { at, rank };
    }
    width += (at > from && isSpaced ? 1 : 0) + text.length;
  }
  return width <= room || best === null ? words.length : best.at;
}
