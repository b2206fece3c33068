import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSeriesStore } from './open-series-store.ts';

test.skipIf(process.platform !== 'linux')('who reads loads no DuckDB; who writes does', async () => {
  const root = mkdtempSync(join(tmpdir(), 'strat-lazy-'));
  const key = `{ venue: 'binance', market: 'BTC/USDT', kind: 'funding', timeframe: null }`;
  const store = openSeriesStore(root, { now: () => 0 });
  const rows = { length: 1, columns: { time: Float64Array.of(0), rate: Float64Array.of(1e-4) } };
  await store.merge({ venue: 'binance', market: 'BTC/USDT', kind: 'funding', timeframe: null }, rows, { source: 'test' });
  store.close();
  const run = (work: string): string =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { readFileSync } from 'node:fs';
        import { openSeriesStore } from ${JSON.stringify(new URL('./open-series-store.ts', import.meta.url).href)};
        const store = openSeriesStore(${JSON.stringify(root)}, { now: () => 0 });
        ${work}
        process.stdout.write(String(readFileSync('/proc/self/maps', 'latin1').includes('duckdb')));`,
      ],
      { encoding: 'utf8' },
    );
  expect(run(`await store.read(${key}); store.list();`)).toBe('false');
  expect(
    run(`await store.merge(${key}, { length: 1, columns: { time: Float64Array.of(1), rate: Float64Array.of(2) } }, { source: 'x' });`),
  ).toBe('true');
  rmSync(root, { recursive: true });
});
