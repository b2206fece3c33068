/** Writes batches into a store until it is killed or done, and says the number of each that is in it: `store-writer.ts FOLDER FIRST COUNT STEP revising|equal`. */
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { batchRows, SERIES } from './store-batches.ts';

const [folder = '', first = '0', count = '1', step = '1', how = 'equal'] = process.argv.slice(2);
const store = openSeriesStore(folder, { now: () => Date.now(), graceMs: 50 });
for (let at = 0; at < Number(count); at++) {
  const batch = Number(first) + at * Number(step);
  await store.merge(SERIES, batchRows(batch, how === 'revising'), { source: `batch ${batch}` });
  process.send?.(batch);
}
store.close();
process.disconnect?.();
