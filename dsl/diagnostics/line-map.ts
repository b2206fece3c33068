/** A place for people: line and column from 1. Columns count UTF-16 code units, as editors' protocols do; a tab is one column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Turns UTF-16 offsets of a source into lines and columns. A line ends with LF, CR LF or a lone CR. */
export class LineMap {
  readonly source: string;
  readonly #starts: readonly number[];

  constructor(source: string) {
    this.source = source;
    const starts = [0];
    for (let i = 0; i < source.length; i++) {
      const code = source.charCodeAt(i);
      if (code === 10 || (code === 13 && source.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = starts;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Place of an offset; offsets outside of the source are moved to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.source.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  /** Text of a line (from 1) without its end; empty for a line that does not exist. */
  lineText(line: number): string {
    const start = this.#starts[line - 1];
    if (start === undefined) return '';
    const text = this.source.slice(start, this.#starts[line] ?? this.source.length);
    return text.replace(/[\r\n]+$/, '');
  }
}
