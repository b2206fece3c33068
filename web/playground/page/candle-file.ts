import { piped } from './share-link.ts';

/** A file of candles that the user gave; it stays in this page. */
export interface DroppedFile {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** As the worker has it (core/runtime/playground/playground-request.ts). */
const MOST_BYTES = 32 * 1024 * 1024;

/** Reads a .csv or .csv.gz. @returns in words why not */
export async function readDropped(file: File): Promise<DroppedFile | string> {
  const tooLarge = `${file.name} is over ${MOST_BYTES / 2 ** 20} MB: run it on the command line, strat backtest --data ${file.name}`;
  if (file.size > MOST_BYTES) return tooLarge;
  try {
    const raw = new Uint8Array(await file.arrayBuffer());
    const isPacked = raw[0] === 0x1f && raw[1] === 0x8b;
    return { name: file.name, bytes: isPacked ? await piped(raw, new DecompressionStream('gzip'), MOST_BYTES) : raw };
  } catch (error) {
    return error instanceof RangeError ? tooLarge : `${file.name} cannot be read: it is no file, or its gzip data are damaged`;
  }
}
