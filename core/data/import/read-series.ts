import type { SeriesRows } from '../store/series-rows.ts';
import { eachSeries, type ImportSeries, type SeriesNeeds } from './import-file.ts';
import type { ImportRequest } from './import-request.ts';

/** A series of a file with all of its rows in memory, from old to new. */
export interface WholeSeries {
  readonly series: ImportSeries;
  readonly rows: SeriesRows;
}

/** Shows how far reading is, and stops it. */
export interface ReadWatch {
  /** Told the bytes of the file so far. */
  readonly onBytes?: (bytes: number) => void;
  /** @throws its reason where it was told to stop */
  readonly signal?: AbortSignal;
}

/** Reads all series of a file whole. @param column memory for a column @throws StratError as `eachSeries`, the reason of the signal */
export async function readSeries(
  path: string,
  request: ImportRequest,
  needs: SeriesNeeds,
  column: (length: number) => Float64Array = (length) => new Float64Array(length),
  { onBytes, signal }: ReadWatch = {},
): Promise<readonly WholeSeries[]> {
  const whole: WholeSeries[] = [];
  const take = async (series: ImportSeries): Promise<void> => {
    const pieces: SeriesRows[] = [];
    for await (const { length, columns } of series.pieces()) {
      signal?.throwIfAborted();
      // A piece is good until the next one is asked for.
      pieces.push({ length, columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice()])) });
    }
    const [first, second] = pieces;
    // Of a file that begins with the newest row the newest piece came first.
    if (second !== undefined && second.columns['time']![0]! < first!.columns['time']![0]!) pieces.reverse();
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const columns = Object.keys(first?.columns ?? {}).map((name) => {
      const values = column(length);
      let at = 0;
      for (const piece of pieces) {
        values.set(piece.columns[name]!, at);
        at += piece.length;
      }
      return [name, values] as const;
    });
    whole.push({ series, rows: { length, columns: Object.fromEntries(columns) } });
  };
  await eachSeries(path, request, needs, take, onBytes);
  return whole;
}
