/** Tries to write many rows into a store, and prints the error: `store-large-write.ts FOLDER`. */
import { isStratError } from '#core/errors/strat-error.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { SERIES, timeAt } from './store-batches.ts';

const ROWS = 60_000;
const store = openSeriesStore(process.argv[2] ?? '', { now: () => Date.now() });
// Digits that do not compress.
const column = (factor: number): Float64Array => Float64Array.from({ length: ROWS }, (_, row) => Math.abs(Math.sin(row * factor)) + 1);
const time = Float64Array.from({ length: ROWS }, (_, row) => timeAt(row));
const columns = { time, open: column(1.1), high: column(1.2), low: column(1.3), close: column(1.4) };
try {
  await store.merge(SERIES, { length: ROWS, columns }, { source: 'large' });
  process.stdout.write('{}');
} catch (error) {
  const said = isStratError(error) ? { code: error.code, data: error.data, message: error.message } : { code: String(error) };
  process.stdout.write(JSON.stringify(said));
}
store.close();
