import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Columns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { computeSeries } from '#core/runtime/series/compute-series.ts';
import { ROOT } from './fences.ts';

const HOUR_MS = 3_600_000;
const TRADES = 200;
const BARS = 10_200;
const WINDOW = 10_000;

/** Candles of a price that walks, traded half a spread above or below it, as chance has it. */
function bouncing(share: number): Columns {
  const random = Xoshiro128.fromSeed(11);
  const column = (): Float64Array => new Float64Array(BARS);
  const columns = { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column().fill(1) };
  let price = Math.log(100);
  for (let bar = 0; bar < BARS; bar += 1) {
    const prices = Array.from({ length: TRADES }, () => {
      price += (random.nextUnit() - 0.5) * 0.002;
      return Math.exp(price + (random.nextUnit() < 0.5 ? -share : share) / 2);
    });
    columns.time[bar] = bar * HOUR_MS;
    columns.open[bar] = prices[0]!;
    columns.high[bar] = Math.max(...prices);
    columns.low[bar] = Math.min(...prices);
    columns.close[bar] = prices.at(-1)!;
  }
  return columns;
}

/** The expression as docs/scan.md has it, over more bars: its error falls with their number. */
function documented(): string {
  const line = readFileSync(`${ROOT}docs/scan.md`, 'utf8')
    .split('\n')
    .find((row) => row.startsWith('| spread, estimated of candles |'))!;
  const expression = /`(.*)`/.exec(line)![1]!;
  expect(expression).toContain(', 60)');
  return expression.replace(', 60)', `, ${WINDOW})`);
}

test.each([0.004, 0.01])('a spread of %d is found in candles by the expression of docs/scan.md', async (share) => {
  const columns = bouncing(share);
  const computed = await computeSeries(documented(), { timeframe: parseTimeframe('1h')!, columns, market: 'BTC/USDT' });
  if (!computed.ok) throw new Error(JSON.stringify(computed.error));
  const estimate = computed.value.expressions[0]!.results[0]!.values.at(-1)!;
  expect(Math.abs(estimate - share) / share).toBeLessThan(0.15);
});
