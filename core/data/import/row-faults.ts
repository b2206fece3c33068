import { FindingLog, shown } from '../finding.ts';
import { invalidData } from '../invalid-data.ts';
import { timeFormatName, type TimeFormat } from './time-format.ts';

/** So many errors say enough: the rest of a long file is not read for more. */
const MOST_ERRORS = 20;

/** What is wrong with cells of a file, by its lines. After twenty errors reading ends. */
export class RowFaults {
  readonly log = new FindingLog();
  readonly file: string;
  readonly #lines = new Set<number>();

  constructor(file: string) {
    this.file = file;
  }

  /** A cell that holds something, and no number. @throws StratError DATA_INVALID */
  cell(line: number, name: string, text: string): void {
    const isNumber = /^[+-]?(?:inf(?:inity)?)$/i.test(text);
    this.log.error(
      isNumber ? 'not-finite' : 'bad-number',
      line,
      isNumber ? `${name} is ${shown(text)}, which is not finite` : `${name} is ${shown(text)}, which is no decimal number`,
      'Write it as in 1234.56, without separators of thousands',
    );
    this.#lines.add(line);
    this.check();
  }

  time(line: number, text: string, format: TimeFormat): void {
    this.log.error('bad-time', line, `the time ${shown(text)} is none`, `Write it like the first one, in ${timeFormatName(format)}`);
    this.#lines.add(line);
    this.check();
  }

  fieldCount(line: number, found: number, wanted: number): void {
    this.log.error('column-count', line, `the line has ${found} fields, the others ${wanted}`, 'Remove the line or complete it');
    this.check();
  }

  /** A row with a fault that was told is not looked at again. */
  has(line: number): boolean {
    return this.#lines.has(line);
  }

  /** Ends reading when enough is wrong. */
  check(): void {
    if (this.log.errorCount >= MOST_ERRORS) this.finish();
  }

  /** @throws StratError DATA_INVALID when anything was wrong */
  finish(): void {
    if (this.log.errorCount > 0) throw invalidData(this.file, this.log.errorCount, this.log.list());
  }
}

/** Cells that say that there is nothing. */
export const isNothing = (text: string): boolean => text === '' || /^(?:nan|null|none|na|n\/a|-)$/i.test(text);
