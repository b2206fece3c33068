import { refusal } from './refusal.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const COMMA = 44;
const MAX_ROW_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;

export const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** The rows in a JSON text are found by their brackets, so that a piece of the text can be parsed at a time. */
export class RowScanner {
  /** The list of rows was closed. */
  isClosed = false;
  readonly #file: string;
  /** Rows stand one behind the other, without a list around them. */
  readonly #isLines: boolean;
  #depth = 0;
  #inText = false;
  #isEscaped = false;

  constructor(file: string, isLines: boolean) {
    this.#file = file;
    this.#isLines = isLines;
  }

  /**
   * Parses the rows that end within `bytes`.
   * @returns them, and where the rest begins, to be given again with more behind it
   * @throws StratError DATA_FORMAT
   */
  take(bytes: Buffer): { readonly rows: readonly unknown[]; readonly rest: number } {
    let start = -1;
    let first = -1;
    let end = 0;
    const texts: string[] = [];
    for (let i = 0; i < bytes.length && !this.isClosed; i++) {
      const byte = bytes[i]!;
      if (this.#inText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#inText = false;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (this.#depth++ === 0) start = i;
        if (first < 0) first = i;
        if (this.#depth > MAX_DEPTH) throw this.#damaged('it is nested too deeply');
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#depth === 0) {
          if (byte !== CLOSE_LIST || this.#isLines) throw this.#damaged('a bracket is closed that was not opened');
          this.isClosed = true;
          end = i + 1;
        } else if (--this.#depth === 0) {
          if (this.#isLines) texts.push(bytes.toString('utf8', start, i + 1));
          end = i + 1;
          start = -1;
        }
      } else if (this.#depth > 0) {
        if (byte === QUOTE) this.#inText = true;
      } else if (!isBlank(byte) && !(byte === COMMA && !this.#isLines)) throw this.#damaged('what stands between its rows is none');
    }
    if (bytes.length - end > MAX_ROW_BYTES && !this.isClosed) throw this.#damaged('a row is longer than a megabyte');
    // What is not parsed yet is scanned anew with more behind it.
    if (this.#depth > 0) {
      this.#depth = 0;
      this.#inText = false;
      this.#isEscaped = false;
    }
    if (first < 0 || first >= end) return { rows: [], rest: end };
    const text = this.#isLines ? texts.join(',') : bytes.toString('utf8', first, this.isClosed ? end - 1 : end);
    try {
      return { rows: JSON.parse(`[${text}]`) as unknown[], rest: end };
    } catch (error) {
      throw this.#damaged(error instanceof Error ? error.message.slice(0, 80) : 'it cannot be parsed');
    }
  }

  #damaged(reason: string): Error {
    return refusal(this.#file, `its JSON is damaged: ${reason.replace(/[^\x20-\x7e]/g, '?')}`, 'Download or export it again');
  }
}

/** Where the list of rows is in a text that has it inside of objects. */
export interface RowList {
  /** Behind the bracket that opens it. */
  readonly from: number;
  /** Scalars of the objects around it, by their names; the name of the list's last parent that is no plain word. */
  readonly facts: ReadonlyMap<string, string>;
  /** It is not a list of rows, but of the values of one column. */
  readonly isColumns: boolean;
}

/** Finds the first list that holds lists or objects, or numbers, within the beginning of a JSON text. Null: there is none there. */
export function findRowList(text: string): RowList | null {
  const closers: string[] = [];
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (inText) {
      if (char === '\\') i++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{') closers.push('}');
    else if (char === '}') closers.pop();
    else if (char === '[') {
      const next = /\S/.exec(text.slice(i + 1, i + 200))?.[0];
      if (next === '{' || next === '[' || (next !== undefined && next !== ']')) {
        const facts = factsOf(`${text.slice(0, i)}[]${closers.toReversed().join('')}`, closers.length);
        return { from: i + 1, facts, isColumns: next !== '{' && next !== '[' };
      }
      closers.push(']');
    } else if (char === ']') closers.pop();
    if (closers.length > MAX_DEPTH) return null;
  }
  return null;
}

function factsOf(text: string, depth: number): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  const visit = (value: unknown, level: number): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || level > depth) return;
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' || typeof inner === 'number') facts.set(name.toLowerCase(), String(inner));
      // {"bars": {"AAPL": [...]}}: the name of the list is that of the market.
      else if (Array.isArray(inner) && level > 0 && /^[A-Z0-9./_-]{2,20}$/.test(name)) facts.set('symbol', name);
      else visit(inner, level + 1);
    }
  };
  try {
    visit(JSON.parse(text), 0);
  } catch {
    // Facts are a help; what is wrong with the text is found when its rows are read.
  }
  return facts;
}
