import { expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { candleTable } from '#core/testkit/candles.ts';
import { type ComputedSeries, computeSeries } from './compute-series.ts';
import { panesOf } from './panes.ts';
import { seriesPicture } from './series-picture.ts';

const columns = candleTable(Array.from({ length: 40 }, (_, i) => `${100 + i} ${104 + i} ${98 + i} ${102 + (i % 7)} ${i}`).join('\n'));
const bars = { timeframe: parseTimeframe('1h')!, columns, market: 'BTC/USDT' };

async function computed(expressions: readonly string[], file?: string): Promise<ComputedSeries> {
  const result = await computeSeries(expressions, bars, file === undefined ? {} : { file });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const paneText = ({ kind, results }: ReturnType<typeof panesOf>[number]): string =>
  `${kind}: ${results.map(({ label }) => label).join(' ')}`;

test('prices are drawn together, distances, numbers, conditions and states apart', async () => {
  const expressions = ['rsi(3)', 'sma(3)', 'close > open', 'macd(close, 2, 4, 2)', 'atr(3)', 'high', 'dmi(3)', '[rsi(3), 0.01 * rsi(3)]'];
  expect(panesOf(await computed(expressions), columns, 0, 40).map(paneText)).toEqual([
    'price: sma(3) high',
    'lines: rsi(3)',
    'strip: close > open',
    'lines: macd(close, 2, 4, 2).line macd(close, 2, 4, 2).signal macd(close, 2, 4, 2).hist',
    'lines: atr(3)',
    'lines: dmi(3).plus dmi(3).minus dmi(3).adx',
    'lines: [rsi(3), 0.01 * rsi(3)].1',
    'lines: [rsi(3), 0.01 * rsi(3)].2',
  ]);
});

test('a picture is one document with all that is drawn, and no text of an expression acts in it', async () => {
  const regime =
    'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nregime mood start calm { calm -> wild when close > open  wild -> calm when close < open }\n';
  const all = await computed(['sma(3) as "<script>x</script>"', 'rsi(3)', 'close < open', 'mood', 'close[200]'], regime);
  const picture = seriesPicture(all, columns, [0, 40], 'BTC/USDT & 1h');
  expect(picture).toMatch(/^<svg\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"\s+class="chart"\s+width="1000"\s+height="\d+"/);
  expect(picture.match(/<svg/g)!.length).toBe(picture.match(/<\/svg\s*>/g)!.length);
  expect(picture).toContain('&lt;script&gt;x&lt;/script&gt;');
  expect(picture).not.toContain('<script');
  expect(picture).toContain('BTC/USDT &amp; 1h');
  for (const text of ['rsi(3)', 'calm', 'wild', 'na throughout', 'class="candle up"']) expect(picture).toContain(text);
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});

test('one bar, and bars without any value, can be drawn', async () => {
  const all = await computed(['close[200]', 'close', 'close > open[100]']);
  for (const [from, to] of [
    [39, 40],
    [0, 2],
  ] as const)
    expect(seriesPicture(all, columns, [from, to], 'x')).not.toMatch(/NaN|undefined|Infinity/);
});
