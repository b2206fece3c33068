import { describe, expect, it } from 'vitest';
import { candleCases, ONE_SIDED, TWO_SIDED } from './candle-cases.ts';
import { type Bars, seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { hasSharedData, sharedJson } from '../shared-data.ts';

interface CandlesFile {
  readonly data: Bars & Readonly<Record<'open' | 'high' | 'low', readonly number[]>>;
  readonly results: Readonly<
    Record<string, { readonly lookback: number; readonly hits: readonly (readonly [bar: number, value: number])[] }>
  >;
}

const FILES = ['binance_BTC-USDT_1h', 'fx-btpy_EUR-USD_1h', 'us_SPY-USD_1d', 'ta_regtest_252'];
const candles = (file: string): CandlesFile => sharedJson(`indicators/talib/${file}.candlesticks.json.gz`) as CandlesFile;

describe.skipIf(!hasSharedData)('candlestick patterns', () => {
  it.each(FILES)('hold on the bars that TA-Lib names, and on no other, on %s', (file) => {
    const { data, results } = candles(file);
    const cases = Object.entries(results).flatMap(([pattern, result]) => candleCases(pattern).map((one) => ({ ...one, ...result })));
    const found = seriesValues(
      cases.map(({ call }) => `if ${call} then 1 else 0`),
      data,
    );
    const wrong = cases.flatMap(({ call, values, lookback, hits }, place) => {
      const wanted = new Set(hits.flatMap(([bar, value]) => (values.includes(value) ? [bar] : [])));
      const bars = Array.from(found[place]!.keys()).filter((bar) => bar >= lookback && (found[place]![bar] === 1) !== wanted.has(bar));
      return bars.length === 0 ? [] : [`${call} on bars ${bars.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  // The files have few of these, and some only one way.
  it('say the opposite of candles turned upside down', () => {
    const patterns = 'CDLCOUNTERATTACK CDLTRISTAR CDLRISEFALL3METHODS CDL3LINESTRIKE CDLTASUKIGAP CDLHIKKAKEMOD'.split(' ');
    let found = 0;
    for (const { data, results } of FILES.map(candles)) {
      const { open, high, low, close } = data;
      const turned = (x: readonly number[]): number[] => x.map((value) => 3 * high[0]! - value);
      const upsideDown = { open: turned(open), high: turned(low), low: turned(high), close: turned(close) };
      for (const pattern of patterns) {
        const [up, down] = seriesValues(
          [`if ${TWO_SIDED[pattern]}().up then 1 else 0`, `if ${TWO_SIDED[pattern]}().down then 1 else 0`],
          upsideDown,
        );
        for (const [bar, value] of results[pattern]!.hits) expect([pattern, bar, (value > 0 ? down : up)![bar]]).toEqual([pattern, bar, 1]);
        found += results[pattern]!.hits.length;
      }
    }
    expect(found).toBeGreaterThan(10);
  });

  it('are each found somewhere in those files', () => {
    const hits = FILES.flatMap((file) => Object.entries(candles(file).results).filter((entry) => entry[1].hits.length > 0));
    const seen = new Set(hits.map(([pattern]) => pattern));
    expect([...Object.keys(ONE_SIDED), ...Object.keys(TWO_SIDED)].filter((pattern) => !seen.has(pattern))).toEqual([]);
  });
});
