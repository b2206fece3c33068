import { type FileHandle, open } from 'node:fs/promises';
import { ArrowHead } from './arrow-head.ts';
import { refusal } from './refusal.ts';

/** A message of an Arrow file: a schema, a dictionary, or a batch of rows, with its head. */
interface ArrowMessage {
  readonly type: 'schema' | 'dictionary' | 'rows' | 'other';
  readonly bytes: Uint8Array;
}

const TYPES = new Map<number, ArrowMessage['type']>([
  [1, 'schema'],
  [2, 'dictionary'],
  [3, 'rows'],
]);
const MAGIC_BYTES = 8;
/** Heads name columns and buffers: more is no head of a table that anyone wrote. */
const MAX_HEAD = 16 * 1024 * 1024;
/** pyarrow writes 65,536 rows a batch; a file in one piece of thirty million candles is below. */
const MAX_BODY = 2 ** 31 - 1;

/**
 * The messages of an Arrow IPC file (Feather, version 2) or stream one after the other, so that memory holds one batch. The table of contents at the end of
 * a file is not needed for that. https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 * @throws StratError DATA_FORMAT for what is damaged or cut off
 */
export async function* arrowMessages(
  path: string,
  file: string,
  isFile: boolean,
  onBytes: (bytes: number) => void,
): AsyncGenerator<ArrowMessage> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    let at = isFile ? MAGIC_BYTES : 0;
    const cut = (): Error => refusal(file, 'as an Arrow file it is damaged or cut off', 'Write or download it again');
    for (;;) {
      if (at + 8 > size) {
        if (isFile) throw cut();
        return;
      }
      const prefix = await bytesAt(handle, at, 8);
      if (prefix.readInt32LE(0) !== -1) throw cut();
      const headLength = prefix.readInt32LE(4);
      if (headLength === 0) return;
      if (headLength < 0 || headLength > MAX_HEAD || at + 8 + headLength > size) throw cut();
      const head = await bytesAt(handle, at + 8, headLength);
      const { type, bodyLength } = headOf(head, cut);
      const length = 8 + headLength + bodyLength;
      if (bodyLength > MAX_BODY)
        throw refusal(file, 'a batch of its rows is larger than 2 GiB', 'Write it again in batches of 65,536 rows');
      if (at + length > size) throw cut();
      yield { type: TYPES.get(type) ?? 'other', bytes: await bytesAt(handle, at, length) };
      onBytes(length);
      at += length;
    }
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await handle.read(bytes, 0, length, position);
  return bytes;
}

function headOf(head: Buffer, cut: () => Error): ArrowHead {
  try {
    return new ArrowHead(head);
  } catch (error) {
    throw error instanceof RangeError ? cut() : error;
  }
}
