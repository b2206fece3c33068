import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { importFiles } from '#core/data/import/import-files.ts';
import type { ImportRequest } from '#core/data/import/import-request.ts';
import { NOTHING_SAID } from '#core/data/import/import-request.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

/** The 25 MB file alone takes longer than all others together: it is read only when asked for. */
const IS_THOROUGH = process.env['STRAT_TEST_THOROUGH'] === '1';
const LARGEST = 'bitfinex_BTC-USD_1m';

const home = mkdtempSync(join(tmpdir(), 'strat-shared-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Rows of the table of ../shared/data/README.md, which others made with pandas: name, rows, missing bars, gaps, bars without volume. */
const TABLE = /^\| ([^ |]+_[^ |]+_\w+) \| (\d+) \| \S+ \S+ \.\. \S+ \S+ \| (-|(\d+) ?(?:\((\d+)\))?|0) \| (\d+) \|/;

describe.skipIf(!hasSharedData)('import of ../shared/data', () => {
  test('every candle file, with the rows, gaps and empty volumes of its table', { timeout: 300_000 }, async () => {
    const table = readFileSync(sharedPath('README.md'), 'utf8')
      .split('\n')
      .flatMap((line) => TABLE.exec(line) ?? [])
      .reduce<string[][]>((rows, cell, at) => (at % 7 === 0 ? [...rows, [cell]] : (rows.at(-1)!.push(cell ?? ''), rows)), []);
    expect(table.length).toBeGreaterThan(40);
    const files = readdirSync(sharedPath('candles'))
      .filter((name) => name.endsWith('.csv.gz') && (IS_THOROUGH || !name.startsWith(LARGEST)))
      .map((name) => sharedPath(`candles/${name}`));
    const store = openSeriesStore(join(home, 'data'), { now: () => 0 });
    const signal = new AbortController().signal;
    for await (const { file, series, error } of importFiles(files, {
      store,
      request: NOTHING_SAID,
      signal,
      onBytes: () => {},
      sizeOf: () => 1,
    })) {
      expect([file, error, series.length]).toEqual([file, null, 1]);
      const { key, counts, merge } = series[0]!;
      const name = file.split('/').at(-1)!.replace('.csv.gz', '');
      const [, , rows, missing, perhaps, gaps, zero] = table.find((cells) => cells[1] === name)!;
      const found = [counts.rows, missing === '-' ? '-' : counts.missing, missing === '-' ? '-' : counts.gaps, counts.zeroVolumes];
      expect([name, ...found]).toEqual([
        name,
        Number(rows),
        ...(missing === '-' ? ['-', '-'] : [Number(perhaps ?? 0), Number(gaps ?? 0)]),
        Number(zero),
      ]);
      expect([merge?.added, merge?.rows]).toEqual([counts.rows, counts.rows]);
      // What is in the store afterwards is what backtests read from the file.
      const stored = await store.read(key);
      const { columns } = readCandleFile(file);
      for (const [column, values] of Object.entries(columns))
        // What is not known counts as 0 in a backtest.
        expect([
          name,
          column,
          stored.columns[column]!.every((value, row) => (Number.isNaN(value) ? 0 : value) === (values as Float64Array)[row]),
        ]).toEqual([name, column, true]);
    }
    store.close();
  });

  test('trades, and the same file again, which changes nothing', { timeout: 120_000 }, async () => {
    const store = openSeriesStore(join(home, 'trades'), { now: () => 0 });
    const signal = new AbortController().signal;
    const files = [sharedPath('ticks/binance_XRP-ETH_20191011.aggtrades.csv.gz'), sharedPath('ticks/perp_XRP-USDT_funding-rate_8h.csv')];
    const again = async (): Promise<readonly unknown[]> => {
      const merges: unknown[] = [];
      const request: ImportRequest = {
        ...NOTHING_SAID,
        venue: 'binance',
        market: { name: 'XRP/ETH', base: 'XRP', quote: 'ETH', settle: null, expiry: null },
      };
      for await (const { error, series } of importFiles(files, { store, request, signal, onBytes: () => {}, sizeOf: () => 1 })) {
        expect(error).toBeNull();
        merges.push([series[0]!.key.kind, series[0]!.merge!.added, series[0]!.merge!.unchanged, series[0]!.merge!.isNew]);
      }
      return merges;
    };
    // Rows of the tables of ../shared/data/README.md.
    expect(await again()).toEqual([
      ['trades', 12_477, 0, true],
      ['funding', 91, 0, true],
    ]);
    expect(await again()).toEqual([
      ['trades', 0, 12_477, false],
      ['funding', 0, 91, false],
    ]);
    store.close();
  });
});
