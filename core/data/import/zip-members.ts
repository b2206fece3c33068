import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { displayPath } from '../finding.ts';
import { type ByteSource, MAX_TEXT_BYTES, watched } from './byte-source.ts';
import { refusal } from './refusal.ts';
import { StratError } from '#core/errors/strat-error.ts';

/** More is no archive of market data: LEAN's largest has one a day, or one a contract. */
const MOST_MEMBERS = 10_000;

/** A file inside of an archive. */
export interface ZipMember {
  /** The last part of its name; a path inside of an archive is never one on the disk. */
  readonly name: string;
  readonly open: () => Promise<ByteSource>;
}

/**
 * Hands the files in an archive to `work`, one after the other; folders and what systems leave in archives are passed over. Nothing is written to the disk.
 * @throws StratError DATA_FORMAT for what is no sound zip, has a member with a dangerous name, is encrypted or packed beyond belief; those of `work`
 */
export async function eachZipMember(path: string, file: string, work: (member: ZipMember, count: number) => Promise<void>): Promise<void> {
  const damaged = (error: unknown): Error => {
    if (error instanceof StratError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return refusal(file, `as a zip archive it is damaged: ${displayPath(reason).slice(0, 120)}`, 'Download or pack it again', 1, error);
  };
  let archive: ZipFile;
  try {
    archive = await openPromise(path, { autoClose: false });
  } catch (error) {
    throw damaged(error);
  }
  try {
    if (archive.entryCount > MOST_MEMBERS)
      throw refusal(file, `it has ${archive.entryCount} members`, `Archives have at most ${MOST_MEMBERS}`);
    const members: Entry[] = [];
    try {
      for await (const entry of archive.eachEntry()) if (isData(entry.fileName)) members.push(entry);
    } catch (error) {
      throw damaged(error);
    }
    if (members.length === 0) throw new StratError('DATA_EMPTY', { file, reason: 'the archive has no files' });
    for (const entry of members) await work(memberOf(archive, entry, file, damaged), members.length);
  } finally {
    archive.close();
  }
}

const isData = (name: string): boolean => !name.endsWith('/') && !name.startsWith('__MACOSX/') && !name.endsWith('.DS_Store');

function memberOf(archive: ZipFile, entry: Entry, file: string, damaged: (error: unknown) => Error): ZipMember {
  const name = displayPath(entry.fileName).split('/').at(-1)!;
  const shown = `${file}/${name}`;
  return {
    name,
    open: async () => {
      if (entry.isEncrypted()) throw refusal(shown, 'it is encrypted', 'Unpack it by hand');
      if (entry.uncompressedSize > MAX_TEXT_BYTES)
        throw new StratError('DATA_TOO_LARGE', { file: shown, limitMb: MAX_TEXT_BYTES / 1024 ** 2 });
      let stream: Readable;
      try {
        stream = await archive.openReadStreamPromise(entry);
      } catch (error) {
        throw damaged(error);
      }
      return { file: shown, chunks: watched(shown, stream, () => entry.compressedSize, damaged) };
    },
  };
}
