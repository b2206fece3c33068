/** `error`: the file is refused. `warning`: it is used as it is, and the user is told. */
export type FindingSeverity = 'error' | 'warning';

/** What the checks of candle files can find; docs/data.md has a row for each. */
export type FindingCode =
  | 'column-count'
  | 'bad-number'
  | 'not-finite'
  | 'bad-price'
  | 'bad-volume'
  | 'out-of-range'
  | 'high-too-low'
  | 'low-too-high'
  | 'bad-time'
  | 'time-unit'
  | 'time-back'
  | 'newest-first'
  | 'duplicate-time'
  | 'future-time'
  | 'timeframe-mismatch'
  | 'time-zone'
  | 'no-volume'
  | 'empty-volume'
  | 'zero-volume'
  | 'off-grid'
  | 'gaps'
  | 'sparse'
  | 'shifted-week'
  | 'partial-last'
  | 'read-as';

/** Something that a check found in a candle file. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  /** Line of the file (1 = header) where it is, or is first; null when it concerns the whole file. */
  readonly line: number | null;
  /** How often: 1 for an error of one line, the number of places for a warning. */
  readonly count: number;
  /** What was found. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** So many errors are shown of a file that is refused; all are counted. */
const MAX_SHOWN_ERRORS = 20;

/** Collects findings, keeping memory bounded however bad the file is. */
export class FindingLog {
  errorCount = 0;
  readonly #mostErrors: number;
  readonly #errors: Finding[] = [];
  readonly #warnings: Finding[] = [];

  /** `mostErrors`: so many are kept. */
  constructor(mostErrors = MAX_SHOWN_ERRORS) {
    this.#mostErrors = mostErrors;
  }

  error(code: FindingCode, line: number | null, message: string, hint: string): void {
    this.errorCount++;
    if (this.#errors.length < this.#mostErrors) this.#errors.push({ code, severity: 'error', line, count: 1, message, hint });
  }

  warn(code: FindingCode, line: number | null, count: number, message: string, hint: string): void {
    this.#warnings.push({ code, severity: 'warning', line, count, message, hint });
  }

  /** Forgets all errors of a kind in favour of one that explains them all. */
  replaceErrors(code: FindingCode, count: number, by: Finding): void {
    this.errorCount += 1 - count;
    const others = this.#errors.filter((finding) => finding.code !== code);
    this.#errors.splice(0, Infinity, by, ...others);
  }

  /** Errors first, in the order of the file. */
  list(): readonly Finding[] {
    return [...this.#errors, ...this.#warnings];
  }
}

/** A file's name for messages, without anything a terminal would obey. */
export const displayPath = (path: string): string => path.replace(/\p{C}/gu, '?');

/** Text from a file for people: one line of printable ASCII, at most 40 characters, in quotes. Terminal sequences cannot pass. */
export function shown(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${clean.length > 40 ? `${clean.slice(0, 37)}...` : clean}"`;
}

/** `file:line: message. hint.` */
export function formatFinding(file: string, finding: Finding): string {
  return `${file}${finding.line === null ? '' : `:${finding.line}`}: ${finding.message}. ${finding.hint}`;
}
