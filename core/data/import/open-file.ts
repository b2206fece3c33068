import { createZstdDecompress } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import { readFirstBytes } from '../data-bytes.ts';
import { type ByteSource, fileStream, gunzipped, type OnBytes, watched } from './byte-source.ts';
import { openArrow } from './arrow-table.ts';
import { openCsv } from './csv-table.ts';
import { openJson } from './json-table.ts';
import { isBlank } from './json-scan.ts';
import type { OpenedTable, SaidOfTable } from './opened-table.ts';
import { openParquet } from './parquet-table.ts';
import { refusal } from './refusal.ts';
import { eachZipMember } from './zip-members.ts';

const MAX_FILE_BYTES = 64 * 1024 ** 3;

type Packing = 'gzip' | 'zstd' | 'zip' | 'parquet' | 'arrow' | 'arrow-stream' | 'text';

/** What files begin with. */
const MAGIC: readonly (readonly [string, Packing])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['50415231', 'parquet'],
  ['4152524f5731', 'arrow'],
  ['ffffffff', 'arrow-stream'],
];

/** What is known and not read, with what to do instead. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['46454131', 'it is Feather of version 1, which nobody writes any more', 'Write it again: pyarrow.feather.write_feather(table, path)'],
  ['894844460d0a', 'it is HDF5', 'Convert it: freqtrade convert-data --format-from hdf5 --format-to feather'],
  ['425a68', 'it is packed with bzip2', 'Unpack it'],
  ['fd377a585a', 'it is packed with xz', 'Unpack it'],
  ['377abcaf271c', 'it is a 7z archive', 'Unpack it'],
  ['526172211a', 'it is a rar archive', 'Unpack it'],
  ['d0cf11e0', 'it is an old Excel workbook', 'Save the sheet as CSV'],
  ['50415245', 'it is an encrypted Parquet file', 'Write it again without a key'],
];

/** A table in a file, and the name of the file that holds it: of members of archives their own. */
export interface FileTable {
  readonly table: OpenedTable;
  readonly name: string;
}

/**
 * Opens the tables of a file, one after the other: an archive has one a member, all others one. What a file is, its first bytes say, not its name.
 * @param said of a table by its name
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY; those of `work`
 */
export async function eachTable(
  path: string,
  file: string,
  said: (name: string) => SaidOfTable,
  columns: readonly string[] | null,
  onBytes: OnBytes,
  work: (found: FileTable) => Promise<void>,
): Promise<void> {
  const first = readFirstBytes(path, file, MAX_FILE_BYTES, 16);
  if (first.length === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it is empty' });
  const hex = first.toString('hex');
  const refused = REFUSED.find(([magic]) => hex.startsWith(magic));
  if (refused !== undefined) throw refusal(file, refused[1], refused[2]);
  const packing = MAGIC.find(([magic]) => hex.startsWith(magic))?.[1] ?? 'text';
  if (packing === 'zip') {
    await eachZipMember(path, file, async (member) => {
      if (member.name === '[Content_Types].xml') throw refusal(file, 'it is an Excel workbook', 'Save the sheet as CSV');
      if (!/\.(?:csv|txt|json|ndjson|jsonl|prn)$/i.test(member.name))
        throw refusal(`${file}/${member.name}`, 'members of archives are read when they are texts', 'Unpack it by hand');
      await closing(await openText(await member.open(), said(member.name), columns), member.name, work);
    });
    onBytes(Infinity);
    return;
  }
  const own = said(path);
  const open = async (): Promise<OpenedTable> => {
    if (packing === 'parquet') return openParquet(path, file, own);
    if (packing === 'arrow' || packing === 'arrow-stream') return openArrow(path, file, packing === 'arrow', own, onBytes);
    return openText(textSource(path, file, packing, onBytes), own, columns);
  };
  await closing(await open(), path, work);
}

async function closing(table: OpenedTable, name: string, work: (found: FileTable) => Promise<void>): Promise<void> {
  try {
    await work({ table, name });
  } finally {
    await table.close();
  }
}

function textSource(path: string, file: string, packing: Packing, onBytes: OnBytes): ByteSource {
  const stream = fileStream(path, onBytes);
  if (packing === 'gzip') return gunzipped(file, stream);
  if (packing === 'zstd') {
    let read = 0;
    stream.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    const unpack = createZstdDecompress();
    return {
      file,
      chunks: watched(
        file,
        stream.pipe(unpack),
        () => read,
        (error) => refusal(file, 'its Zstandard data are damaged or cut off', 'Pack it again', 1, error),
      ),
    };
  }
  return {
    file,
    chunks: watched(
      file,
      stream,
      () => Infinity,
      (error) => error as Error,
    ),
  };
}

/** A text is JSON when it begins like it. */
async function openText(source: ByteSource, said: SaidOfTable, columns: readonly string[] | null): Promise<OpenedTable> {
  const chunks = source.chunks[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) throw new StratError('DATA_EMPTY', { file: source.file, reason: 'it is empty' });
  const bytes = first.value;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  const again: ByteSource = { file: source.file, chunks: behind(bytes, chunks) };
  const start = bytes.toString('latin1', at, at + 15).toLowerCase();
  try {
    if (start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<?xml'))
      throw refusal(source.file, 'it is a web page or XML, not market data', 'Download the file itself');
    return await (start.startsWith('{') || start.startsWith('[') ? openJson(again, said) : openCsv(again, said, columns));
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}

async function* behind(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
