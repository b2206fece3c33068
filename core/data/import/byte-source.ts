import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import { refusal } from './refusal.ts';

/** Unpacked bytes of a file, or of a member of an archive, in pieces. */
export interface ByteSource {
  /** As told to people. */
  readonly file: string;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Where reading is, for progress: bytes of the file on the disk. */
export type OnBytes = (bytes: number) => void;

const CHUNK = 1024 * 1024;
/** From here on a text that was packed to less than a 250th is taken for a bomb: market data pack to a third or a tenth, the emptiest to a hundredth. */
const SUSPECT_BYTES = 64 * 1024 * 1024;
const MOST_RATIO = 250;
/** Unpacked: hundreds of millions of rows. */
export const MAX_TEXT_BYTES = 32 * 1024 ** 3;

/** The bytes of a file as they are on the disk, in pieces. */
export function fileStream(path: string, onBytes: OnBytes): Readable {
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  stream.on('data', (chunk) => onBytes(chunk.length));
  return stream;
}

/** @param packed gzip, of one member or several */
export function gunzipped(file: string, packed: Readable): ByteSource {
  let read = 0;
  packed.on('data', (chunk: Buffer) => (read += chunk.length));
  // Several pieces ahead, so that unpacking goes on in its thread while a piece is read in this one.
  const ahead = { chunkSize: CHUNK, highWaterMark: 4 * CHUNK };
  const gunzip = createGunzip(ahead);
  packed.on('error', (error) => gunzip.destroy(error));
  const refuse = (error: unknown): Error =>
    isZlib(error) ? refusal(file, 'its gzip data are damaged or cut off', 'Download or pack it again', 1, error) : (error as Error);
  return { file, chunks: watched(file, packed.pipe(gunzip), () => read, refuse) };
}

const isZlib = (error: unknown): boolean => error instanceof Error && 'code' in error && /^(?:Z_|ERR_)/.test(String(error.code));

/**
 * Pieces of a text, as long as it may be one.
 * @param packedBytes read so far @param refuse makes an error of the stream one for people
 */
export async function* watched(
  file: string,
  stream: Readable,
  packedBytes: () => number,
  refuse: (error: unknown) => Error,
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_TEXT_BYTES) throw new StratError('DATA_TOO_LARGE', { file, limitMb: MAX_TEXT_BYTES / 1024 ** 2 });
      if (size > SUSPECT_BYTES && size > MOST_RATIO * packedBytes())
        throw refusal(
          file,
          `it unpacks to more than ${MOST_RATIO} times its size, which market data never do`,
          'Unpack it by hand if you trust it',
        );
      yield chunk;
    }
  } catch (error) {
    throw error instanceof StratError ? error : refuse(error);
  } finally {
    stream.destroy();
  }
}
