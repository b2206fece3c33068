import { close, openSync, read } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Columns, COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';

const [readFrom, closeFile] = [promisify(read), promisify(close)];

/** The first so many bars of a folder of raw columns, in shared memory: on Node's threads, which begin at once, while the caller does something else. */
export async function readColumnFiles(folder: string, bars: number): Promise<Columns> {
  const columns = sharedColumns(bars);
  await Promise.all(
    COLUMN_NAMES.map(async (name) => {
      const { buffer, byteOffset, byteLength } = columns[name];
      const fd = openSync(join(folder, `${name[0]!}.f64`), 'r');
      const { bytesRead } = await readFrom(fd, new Uint8Array(buffer, byteOffset, byteLength), 0, byteLength, 0);
      await closeFile(fd);
      if (bytesRead !== byteLength) throw new Error(`${folder} has fewer than ${bars} bars`);
    }),
  );
  return columns;
}
