import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { fileReason, unwritable } from '#core/files/file-error.ts';
import type { ScanDocument } from './scan-document.ts';

/** A scan that was kept. */
export interface Snapshot {
  readonly name: string;
  /** 1, 2, ... in the order in which those of the name were kept. */
  readonly number: number;
  /** When it was kept, ISO 8601. */
  readonly saved: string;
  readonly scan: ScanDocument;
}

const SCHEMA = 'strat.scan-snapshot/1';
const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i;
const FILE = /^(\d{1,9})\.json$/;

/** Whether snapshots can be called so: a folder has the name. */
export const isSnapshotName = (name: string): boolean => NAME.test(name) && !name.includes('..');

/** Snapshots of scans in a folder, one file each: `NAME/1.json`. A file is there as a whole or not at all, and never changes. */
export class SnapshotFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Keeps a scan under the next number of a name. @throws StratError FILE_UNWRITABLE */
  save(name: string, scan: ScanDocument, savedMs: number): Snapshot {
    const folder = join(this.path, name);
    try {
      mkdirSync(folder, { recursive: true });
      for (let number = (this.#numbers(name).at(-1) ?? 0) + 1; ; number++) {
        const snapshot = { name, number, saved: new Date(savedMs).toISOString(), scan };
        if (placed(folder, number, JSON.stringify({ schema: SCHEMA, ...snapshot }))) return snapshot;
      }
    } catch (error) {
      if (error instanceof StratError) throw error;
      throw unwritable(folder, error);
    }
  }

  /** Names, sorted. */
  names(): readonly string[] {
    return entriesOf(this.path)
      .filter((name) => isSnapshotName(name) && this.#numbers(name).length > 0)
      .toSorted();
  }

  /** All of a name, the oldest first. @throws StratError SCAN_SNAPSHOT */
  all(name: string): readonly Snapshot[] {
    return this.#numbers(name).map((number) => this.#read(name, number));
  }

  /** A snapshot. @param number null = the newest @throws StratError SCAN_SNAPSHOT */
  find(name: string, number: number | null): Snapshot {
    const numbers = this.#numbers(name);
    const found = number === null ? numbers.at(-1) : numbers.find((one) => one === number);
    if (found !== undefined) return this.#read(name, found);
    const names = this.names();
    if (numbers.length === 0) {
      const hint =
        names.length === 0
          ? '"strat scan --save NAME" keeps one'
          : `There are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
      throw new StratError('SCAN_SNAPSHOT', { name, reason: 'there is none of this name', hint });
    }
    const hint = `It has ${numbers.length === 1 ? numbers[0] : `${numbers[0]} to ${numbers.at(-1)}`}`;
    throw new StratError('SCAN_SNAPSHOT', { name, reason: `it has no number ${number}`, hint });
  }

  /** The one before a snapshot. @throws StratError SCAN_SNAPSHOT */
  before({ name, number }: Snapshot): Snapshot {
    const found = this.#numbers(name).findLast((one) => one < number);
    if (found !== undefined) return this.#read(name, found);
    throw new StratError('SCAN_SNAPSHOT', {
      name,
      reason: `there is none before number ${number}`,
      hint: '"strat scan --save" keeps another',
    });
  }

  #read(name: string, number: number): Snapshot {
    const file = join(this.path, name, `${number}.json`);
    let reason = 'it is no snapshot of this version';
    try {
      const value = JSON.parse(readFileSync(file, 'utf8')) as { readonly schema?: unknown } & Snapshot;
      if (value.schema === SCHEMA && Array.isArray(value.scan?.markets) && Array.isArray(value.scan.others))
        return { name, number, saved: value.saved, scan: value.scan };
    } catch (error) {
      reason = error instanceof SyntaxError ? 'it is not whole' : fileReason(error);
    }
    throw new StratError('SCAN_SNAPSHOT', { name: `${name}@${number}`, reason, hint: `Remove "${file}", or restore it` });
  }

  #numbers(name: string): readonly number[] {
    return entriesOf(join(this.path, name))
      .flatMap((file) => FILE.exec(file)?.[1] ?? [])
      .map(Number)
      .toSorted((a, b) => a - b);
  }
}

/** Writes beside and links: of two processes that want one number one has it, and nobody sees half a file. */
function placed(folder: string, number: number, text: string): boolean {
  const beside = join(folder, `.${process.pid}.tmp`);
  writeFileSync(beside, text);
  try {
    linkSync(beside, join(folder, `${number}.json`));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
