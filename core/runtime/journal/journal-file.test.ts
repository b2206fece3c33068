import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import { openJournal } from './journal-file.ts';
import type { JournalLine } from './journal-line.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strat-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (): string => join(folder, 'a', 'journal.jsonl');
const now = (): number => 1_700_000_000_000;

function write(count: number): void {
  const { journal } = openJournal(fileOf(), now);
  for (let n = 0; n < count; n++) journal.append([{ type: 'bar', data: { n } }]);
  journal.close();
}

function linesOf(): readonly JournalLine[] {
  const { journal, content } = openJournal(fileOf(), now);
  journal.close();
  return content.lines;
}

function errorOf(action: () => unknown): StratError {
  try {
    action();
  } catch (error) {
    if (error instanceof StratError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** A line written by hand, after the format in docs/paper.md. */
function lineOf(v: number, seq: number, type = 'bar'): string {
  const body = `{"v":${v},"seq":${seq},"t":1,"type":"${type}","data":{}`;
  return `${body},"crc":${crc32(body)}}\n`;
}

describe('a journal file', () => {
  it('is created with its folder and holds what was appended, numbered without holes', () => {
    write(3);
    write(0);
    const { journal } = openJournal(fileOf(), now);
    journal.append([
      { type: 'log', data: { rows: [] } },
      { type: 'stop', data: {} },
    ]);
    journal.close();
    expect(linesOf().map(({ seq, type, t }) => [seq, type, t])).toEqual([
      [0, 'bar', now()],
      [1, 'bar', now()],
      [2, 'bar', now()],
      [3, 'log', now()],
      [4, 'stop', now()],
    ]);
  });

  it('reads a line written by hand as its format says', () => {
    write(0);
    writeFileSync(fileOf(), lineOf(3, 0) + lineOf(3, 1, 'stop'));
    expect(linesOf()).toHaveLength(2);
  });

  it('loses nothing but the last line wherever that is cut, and goes on with its number', () => {
    write(3);
    const whole = readFileSync(fileOf());
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let length = lastLine; length < whole.length; length++) {
      writeFileSync(fileOf(), whole.subarray(0, length));
      const { journal, content } = openJournal(fileOf(), now);
      expect(content.lines).toHaveLength(2);
      expect(content.tornBytes).toBe(length - lastLine);
      journal.append([{ type: 'stop', data: {} }]);
      journal.close();
      expect(linesOf().map(({ seq }) => seq)).toEqual([0, 1, 2]);
    }
  });

  it('cuts off what a power failure left behind as zeros', () => {
    write(2);
    appendFileSync(fileOf(), Buffer.alloc(5000));
    expect(linesOf()).toHaveLength(2);
    expect(linesOf()).toHaveLength(2);
  });

  it('is refused with the line when a byte in the middle is another, and is left as it is', () => {
    write(5);
    const bytes = readFileSync(fileOf());
    const secondLine = bytes.indexOf(0x0a) + 1;
    bytes[secondLine + 20]! ^= 1;
    writeFileSync(fileOf(), bytes);
    const error = errorOf(linesOf);
    expect(error.code).toBe('JOURNAL_DAMAGED');
    expect(error.message).toContain('line 2');
    expect(error.message).toContain('--fresh');
    expect(readFileSync(fileOf())).toEqual(bytes);
  });

  it.each([
    ['a line is missing', (lines: string[]) => lines.toSpliced(1, 1), 2],
    ['a line is there twice', (lines: string[]) => lines.toSpliced(1, 0, lines[1]!), 3],
    ['two lines changed places', (lines: string[]) => lines.toSpliced(1, 2, lines[2]!, lines[1]!), 2],
    ['a line is empty', (lines: string[]) => lines.toSpliced(2, 0, '\n'), 3],
    ['a line is text', (lines: string[]) => lines.toSpliced(3, 0, 'hello\n'), 4],
  ])('is refused when %s', (_, change, line) => {
    write(4);
    const lines = readFileSync(fileOf(), 'utf8').split(/(?<=\n)/);
    writeFileSync(fileOf(), change(lines).join(''));
    const error = errorOf(linesOf);
    expect([error.code, error.data]).toMatchObject(['JOURNAL_DAMAGED', { line }]);
  });

  it('of another version is refused as such, not as damage', () => {
    write(1);
    appendFileSync(fileOf(), lineOf(1, 1));
    expect(errorOf(linesOf)).toMatchObject({ code: 'JOURNAL_VERSION', data: { found: '1' } });
  });

  it('replaced by a snapshot goes on with its numbers, now and after it was opened again', async () => {
    write(3);
    const { journal } = openJournal(fileOf(), now);
    journal.replace({ type: 'snapshot', data: { n: 7 } });
    expect(journal.bytes()).toBe(readFileSync(fileOf()).length);
    journal.append([{ type: 'bar', data: {} }]);
    await journal.sync();
    journal.close();
    write(1);
    expect(linesOf().map(({ seq, type }) => [seq, type])).toEqual([
      [3, 'snapshot'],
      [4, 'bar'],
      [5, 'bar'],
    ]);
    expect(linesOf()[0]?.data).toEqual({ n: 7 });
    expect(readdirSync(dirname(fileOf()))).toEqual(['journal.jsonl']);
  });

  it('takes no notice of a snapshot that was never finished, and refuses one whose number does not follow', () => {
    write(2);
    writeFileSync(`${fileOf()}.new`, lineOf(3, 2, 'snapshot'));
    expect(linesOf()).toHaveLength(2);
    expect(readdirSync(dirname(fileOf()))).toEqual(['journal.jsonl']);
    appendFileSync(fileOf(), lineOf(3, 9, 'snapshot'));
    expect(errorOf(linesOf)).toMatchObject({ code: 'JOURNAL_DAMAGED', data: { line: 3 } });
  });

  it('that does not begin with its first record is refused, unless that is a snapshot', () => {
    write(0);
    writeFileSync(fileOf(), lineOf(3, 5));
    expect(errorOf(linesOf)).toMatchObject({ code: 'JOURNAL_DAMAGED', data: { line: 1 } });
    writeFileSync(fileOf(), lineOf(3, 5, 'snapshot'));
    expect(linesOf()).toHaveLength(1);
  });

  it('that cannot be created names the file', () => {
    writeFileSync(join(folder, 'a'), '');
    expect(errorOf(linesOf)).toMatchObject({ code: 'FILE_UNWRITABLE', data: { file: fileOf() } });
  });
});
