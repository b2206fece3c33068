import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { reportOf } from '#core/runtime/report/report-file.ts';
import { CORPUS } from '../language/corpus.ts';
import { hasSharedData, sharedPath } from '../reference/shared-data.ts';
import { marketData, prepared } from './paper-runs.ts';

const CANDLES = 'candles/binance_BTC-USDT_1h.csv.gz';

/** Of strategies that trade often, with plots. How long it takes to open is told by `npm run bench`. */
it.skipIf(!hasSharedData).each(['01_sma_cross', '03_bollinger_breakout'])(
  'the report of four years of hours is under 2 MB: %s',
  async (name) => {
    const strategy = prepared(readFileSync(join(CORPUS, `${name}.strat`), 'utf8'), name);
    const { document, outcome } = await backtest(strategy, marketData(strategy, sharedPath(CANDLES)), DEFAULT_LIMITS, {});
    expect(document.trades.length).toBeGreaterThan(600);
    expect(Buffer.byteLength(reportOf(document, outcome, strategy))).toBeLessThan(2_000_000);
  },
);
